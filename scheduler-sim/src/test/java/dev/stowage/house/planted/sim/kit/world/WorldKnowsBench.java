package dev.stowage.house.planted.sim.kit.world;

import dev.stowage.house.planted.benchmarks.Bench;

/** Planted for the test of the arrows: the simulator knows a benchmark. */
public final class WorldKnowsBench {
  Bench bench = new Bench();
}
