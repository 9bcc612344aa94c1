package dev.stowage.house.planted.benchmarks;

import dev.stowage.house.planted.sim.kit.world.World;

/** Planted for the test of the arrows: in order. */
public final class Bench {
  World world = new World();
}
