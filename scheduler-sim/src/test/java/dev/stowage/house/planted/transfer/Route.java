package dev.stowage.house.planted.transfer;

import dev.stowage.house.planted.model.Ground;

/** Planted for the test of the arrows: in order. */
public final class Route {
  Ground ground = new Ground();
}
