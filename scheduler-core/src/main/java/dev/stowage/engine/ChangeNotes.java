package dev.stowage.engine;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.ReplicaRows;
import dev.stowage.lifecycle.rows.WorkerRow;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which chunks and workers were changed since somebody looked, and what workers said that they
 * lack; it may name too many, never too few. What was undone stays noted. Belongs to the desk's
 * lock.
 */
public final class ChangeNotes {
  /** Of a reader that never comes, no more reports are kept. */
  private static final int MOST_REPORTS = 10_000;

  private final BitSet chunks = new BitSet();
  private final BitSet workers = new BitSet();
  private final List<Command<?>> reports = new ArrayList<>();
  private final boolean isWithReports;
  private boolean everything = true;

  /** Notes changes. */
  public ChangeNotes() {
    this(false);
  }

  /** Notes changes, and reports where they are asked for. */
  ChangeNotes(boolean isWithReports) {
    this.isWithReports = isWithReports;
  }

  void note(Command<?> command, ChangeSet changes) {
    if (everything) {
      return;
    }
    if (isWithReports && saysWhatIsMissing(command)) {
      if (reports.size() == MOST_REPORTS) {
        noteEverything();
        return;
      }
      reports.add(command);
    }
    changes.chunks().forEach(this::note);
    changes.removedChunks().forEach(this::note);
    note(changes.replicas());
    note(changes.removedReplicas());
    changes.workers().forEach(this::note);
    changes.removedWorkers().forEach(this::note);
  }

  /** Anything may be another than it was. */
  public void noteEverything() {
    everything = true;
    chunks.clear();
    workers.clear();
    reports.clear();
  }

  public boolean isEverything() {
    return everything;
  }

  /** The chunks noted, where not everything is. */
  public BitSet chunks() {
    return chunks;
  }

  /** Returns the positions of the workers noted, where not everything is. */
  public BitSet workers() {
    return workers;
  }

  /** Returns the reports that say which copies are missing, in their order; none if not asked. */
  public List<Command<?>> reports() {
    return reports;
  }

  /** Everything was looked at. */
  public void clear() {
    everything = false;
    chunks.clear();
    workers.clear();
    reports.clear();
  }

  private static boolean saysWhatIsMissing(Command<?> command) {
    return command instanceof Command.Lost
        || command instanceof Command.Inventory
        || command instanceof Command.InventoryPart
        || (command instanceof Command.Applied it && !it.missing().isEmpty());
  }

  private void note(ChunkRow row) {
    chunks.set(row.position());
  }

  private void note(WorkerRow row) {
    workers.set(row.position());
  }

  private void note(ReplicaRows rows) {
    for (int row = 0; row < rows.size(); row++) {
      chunks.set(rows.chunk(row));
    }
  }
}
