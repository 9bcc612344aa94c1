package dev.stowage.house.planted.placement;

import dev.stowage.house.planted.rebalance.Scores;

/** Planted for the test of the arrows: looks down the table. */
public final class PlacementKnowsRebalance {
  Scores scores = new Scores();
}
