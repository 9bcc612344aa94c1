package dev.stowage.sim.kit.walk;

import dev.stowage.model.ChunkNumber;
import dev.stowage.rebalance.MoveRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts how far the moves of a rebalancer come. Not thread-safe. */
final class MoveTally {
  private final Map<ChunkNumber, MoveRecord> known = new HashMap<>();
  private final Witnessed witnessed;

  MoveTally(Witnessed witnessed) {
    this.witnessed = witnessed;
  }

  /** What is remembered of moves after a step. */
  void observe(List<MoveRecord> moves) {
    for (MoveRecord move : moves) {
      MoveRecord former = known.put(move.chunk(), move);
      boolean isAnother =
          former == null
              || former.askedTick() != move.askedTick()
              || !former.to().equals(move.to());
      if (isAnother) {
        witnessed.met("move asked");
      }
      if (isAnother || former.phase() != move.phase()) {
        reached(move.phase());
      }
    }
  }

  private void reached(MoveRecord.Phase phase) {
    switch (phase) {
      case ASKED -> {}
      case COPYING -> witnessed.met("move begun");
      case DONE -> witnessed.met("move finished");
      case REFUSED -> witnessed.met("move refused");
      case ABORTED -> witnessed.met("move aborted");
    }
  }
}
