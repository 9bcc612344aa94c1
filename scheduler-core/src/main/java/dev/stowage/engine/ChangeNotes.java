package dev.stowage.engine;

import dev.stowage.command.Command;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Notes a superset of the changes since the last look. Guarded by the engine's lock. */
public final class ChangeNotes {
  private static final int MOST_REPORTS = 10_000;

  private final BitSet chunks = new BitSet();
  private final BitSet workers = new BitSet();
  private final List<Command<?>> reports = new ArrayList<>();
  private final boolean isWithReports;
  private boolean everything = true;

  public ChangeNotes() {
    this(false);
  }

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

  public void noteEverything() {
    everything = true;
    chunks.clear();
    workers.clear();
    reports.clear();
  }

  public boolean isEverything() {
    return everything;
  }

  public BitSet chunks() {
    return chunks;
  }

  public BitSet workers() {
    return workers;
  }

  public List<Command<?>> reports() {
    return reports;
  }

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
