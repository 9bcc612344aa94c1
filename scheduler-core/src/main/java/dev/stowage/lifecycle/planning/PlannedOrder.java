package dev.stowage.lifecycle.planning;

import dev.stowage.lifecycle.state.CanonicalOrder;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.placement.WarmPlanner.SlotOrder;

/** Compares chunks by facts of the time of planning, so that the tables may change meanwhile. */
final class PlannedOrder implements SlotOrder {
  ChunkFacts facts;

  PlannedOrder(ChunkFacts facts) {
    this.facts = facts;
  }

  @Override
  public int compare(int one, int other) {
    return CanonicalOrder.compare(facts, one, other);
  }
}
