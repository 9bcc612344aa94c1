package dev.stowage.engine;

import dev.stowage.StowageConfig;
import dev.stowage.StowageListener;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.spi.FleetStore;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Everything that a host gives a facade. */
public record Dependencies(
    FleetStore store,
    StowageConfig config,
    PlacementPlanner planner,
    EvidenceSink recorder,
    StowageListener listener,
    Logger events,
    @Nullable Executor executor) {}
