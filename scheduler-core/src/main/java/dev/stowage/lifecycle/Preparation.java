package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.placement.PlacementInput;

/**
 * What a host plans from, outside of any transaction; see {@link Lifecycle#prepare}. Immutable; the
 * state may go on meanwhile.
 */
public final class Preparation {
  private final PlanningInput.Prepared prepared;

  Preparation(PlanningInput.Prepared prepared) {
    this.prepared = prepared;
  }

  /** What the planner reads. */
  public PlacementInput input() {
    return prepared.input();
  }

  /** The chunk at a position of the input. */
  public ChunkKey chunk(int position) {
    return prepared.facts().key(prepared.chunkOf()[position]);
  }

  PlanningInput.Prepared prepared() {
    return prepared;
  }
}
