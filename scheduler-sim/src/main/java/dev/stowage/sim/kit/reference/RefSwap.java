package dev.stowage.sim.kit.reference;

import dev.stowage.lifecycle.SwapState;
import dev.stowage.model.ChunkKey;
import java.util.List;

/** A swap; immutable, so that copies of a fleet may share it. */
record RefSwap(
    long id, List<ChunkKey> oldSide, List<ChunkKey> newSide, SwapState state, long endTick) {
  boolean isPending() {
    return state == SwapState.PENDING;
  }

  RefSwap ended(SwapState how, long tick) {
    return new RefSwap(id, oldSide, newSide, how, tick);
  }
}
