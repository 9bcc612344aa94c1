package dev.stowage.house.planted.rebalance;

import dev.stowage.house.planted.transfer.Route;

/** Planted for the test of the arrows: only the engine may. */
public final class RebalanceKnowsTransfer {
  Route route = new Route();
}
