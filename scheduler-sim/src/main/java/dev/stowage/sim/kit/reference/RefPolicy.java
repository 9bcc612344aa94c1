package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.Eligibility;
import dev.stowage.placement.WeightPolicy;
import java.util.OptionalInt;

/**
 * The floor, cap and eligibility of a chunk by its weight policy.
 *
 * @param floor the least replicas
 * @param cap the most replicas that weights can earn it
 * @param eligibility the requirements on its workers
 */
record RefPolicy(int floor, int cap, Eligibility eligibility) {
  static RefPolicy of(RefFleet fleet, RefChunk chunk) {
    return of(fleet, chunk, fleet.config);
  }

  static RefPolicy of(RefFleet fleet, RefChunk chunk, LifecycleConfig config) {
    long last = -1;
    for (RefChunk other : fleet.chunks.values()) {
      boolean counts = other.isLive() && other.key.dataset().equals(chunk.key.dataset());
      last = counts ? Math.max(last, other.range.last()) : last;
    }
    OptionalInt floor = OptionalInt.empty();
    OptionalInt max = OptionalInt.empty();
    Eligibility eligibility = chunk.proposal.eligibility();
    Eligibility ofSegment = Eligibility.ANY;
    long latest = -1;
    for (WeightPolicy.Segment segment : config.weights().segments(chunk.key.dataset())) {
      long start = segment.from() < 0 ? Math.max(0, last + 1 + segment.from()) : segment.from();
      if (start <= chunk.range.first() && start >= latest) {
        latest = start;
        floor = segment.floor();
        max = segment.max();
        ofSegment = segment.eligibility();
      }
    }
    return new RefPolicy(
        floor.orElse(config.minReplication()),
        max.orElse(config.maxReplication()),
        eligibility.and(ofSegment));
  }
}
