package dev.stowage.house.planted.storage.postgres;

import dev.stowage.house.planted.model.Ground;

/** Planted for the test of the arrows: in order. */
public final class Rows {
  Ground ground = new Ground();
}
