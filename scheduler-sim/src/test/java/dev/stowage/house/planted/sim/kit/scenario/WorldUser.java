package dev.stowage.house.planted.sim.kit.scenario;

import dev.stowage.house.planted.sim.kit.world.World;

/** Planted for the test of the arrows: one side of a cycle. */
public final class WorldUser {
  World world = new World();
}
