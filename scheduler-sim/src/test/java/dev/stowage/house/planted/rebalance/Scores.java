package dev.stowage.house.planted.rebalance;

import dev.stowage.house.planted.model.Ground;

/** Planted for the test of the arrows: in order. */
public final class Scores {
  Ground ground = new Ground();
}
