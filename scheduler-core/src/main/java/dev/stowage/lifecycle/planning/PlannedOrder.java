package dev.stowage.lifecycle.planning;

import dev.stowage.lifecycle.state.CanonicalOrder;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.placement.SlotOrder;

/**
 * The canonical order of the chunks that a planner was told of. It compares the facts as they were
 * when the planner was told, so that the tables may go on while it plans.
 */
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
