package dev.stowage.lifecycle.steps;

import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;

/** Judges which chunks of a loaded state a visibility cycle must look at, some at a time. */
public final class VisibilityScan {
  /** The chunks that one step judges. */
  private static final int STEP = 1 << 15;

  private final Tables tables;

  public VisibilityScan(Tables tables) {
    this.tables = tables;
  }

  /** Sets all touched chunks aside, to be judged. */
  public void setAside() {
    tables.work.unjudged.addAll(tables.work.touched.toArray());
    tables.work.touched.clear();
    // A chunk that is not at rest is touched, and then found to be dark if it is.
    tables.work.dark.clear();
  }

  /** Judges some of the chunks set aside; returns whether there are more. */
  public boolean judge() {
    IntSet unjudged = tables.work.unjudged;
    for (int count = 0; count < STEP && !unjudged.isEmpty(); count++) {
      int chunk = unjudged.removeLast();
      if (tables.chunks.exists(chunk) && !isAtRest(chunk)) {
        tables.work.touched.add(chunk);
      }
    }
    return !unjudged.isEmpty();
  }

  void takeUnjudged() {
    tables.work.touched.addAll(tables.work.unjudged.toArray());
    tables.work.unjudged.clear();
  }

  /** Reports whether a visibility cycle surely leaves the chunk as it is. */
  private boolean isAtRest(int chunk) {
    if (tables.chunks.hasStaleRoutes(chunk) || tables.swaps.pendingProducing(chunk) != 0) {
      return false;
    }
    return switch (tables.chunks.stateOf(chunk)) {
      case OFFERED, REJECTED, TOMBSTONE -> tables.chunks.firstReplica(chunk) == ReplicaTable.NONE;
      case ADMITTED -> !tables.chunks.isMarked(chunk) && !tables.rules.promotable(chunk);
      case VISIBLE -> !tables.chunks.isMarked(chunk) && isNamedAsItShouldBe(chunk);
      case DROPPED -> false;
    };
  }

  private boolean isNamedAsItShouldBe(int chunk) {
    ReplicaTable replicas = tables.replicas;
    boolean isDark = true;
    for (int slot = tables.chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = replicas.next(slot)) {
      boolean isRouted = tables.rules.routed(slot);
      isDark &= !isRouted;
      if (!replicas.isAssigned(slot)
          || isRouted != replicas.isNamed(slot)
          || (isRouted && replicas.readableUntil(slot) != 0)) {
        return false;
      }
    }
    return !isDark;
  }
}
