package dev.stowage.engine;

import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.ChunkStore;
import org.slf4j.Logger;

/**
 * What a host gives a facade, as it was when the facade was built.
 *
 * @param store where the fleet is durable
 * @param config how the facade works
 * @param planner who plans
 * @param recorder who is given the evidence, beside the store and the bounded memory
 * @param listener who hears what happens
 * @param events where events of note are logged
 */
public record Seams(
    ChunkStore store,
    StowageConfig config,
    PlacementPlanner planner,
    EvidenceSink recorder,
    StowageListener listener,
    Logger events) {
  /** The same seams with another listener. */
  Seams heardBy(StowageListener other) {
    return new Seams(store, config, planner, recorder, other, events);
  }
}
