package dev.stowage.house.planted.sim.kit.world;

import dev.stowage.house.planted.storage.postgres.Rows;

/** Planted for the test of the arrows: in order. */
public final class World {
  Rows rows = new Rows();
}
