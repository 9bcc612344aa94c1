package dev.stowage.lifecycle;

import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WorkerEntry;
import java.util.Locale;

/** The cause of a copy that is assigned and not possessed, read from the state of its chunk. */
public enum CopyCause {
  /** Its chunk was never possessed. */
  NEW,
  /** Its chunk has fewer copies than its floor. */
  FLOOR,
  /** A copy of its chunk is to go off a worker that is to leave. */
  LEAVE,
  /** Another copy of its chunk is to go: a move. */
  MOVE,
  /** Its chunk has enough copies, and none is to go. */
  GROWTH,
  /** The floor of its chunk was raised, and it has its former one. */
  RAISE;

  /** Returns the cause of copies of a chunk; {@code arrived} copies do not count as possessed. */
  @SuppressWarnings("exports") // for packages that are not exported either
  public static CopyCause of(Tables tables, int chunk, int arrived) {
    if (!tables.chunks.isOncePossessed(chunk)) {
      return NEW;
    }
    int possessed = tables.rules.possessedOnCounted(chunk) - arrived;
    if (possessed < tables.rules.floor(chunk)) {
      return possessed < tables.rules.formerFloor(chunk) ? FLOOR : RAISE;
    }
    CopyCause cause = GROWTH;
    for (int slot = tables.chunks.firstReplica(chunk);
        slot != ReplicaTable.NONE;
        slot = tables.replicas.next(slot)) {
      if (!tables.replicas.isAssigned(slot)) {
        WorkerEntry holder = tables.workers.entry(tables.replicas.worker(slot));
        if (holder.isToLeave()) {
          return LEAVE;
        }
        cause = MOVE;
      }
    }
    return cause;
  }

  /** Returns the name in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
