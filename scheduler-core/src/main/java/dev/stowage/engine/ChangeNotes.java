package dev.stowage.engine;

import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.ReplicaRows;
import java.util.BitSet;

/**
 * Which chunks were changed since somebody looked; it may name too many, never too few. What was
 * undone stays noted. Belongs to the desk's lock.
 */
public final class ChangeNotes {
  private final BitSet chunks = new BitSet();
  private boolean everything = true;

  void note(ChangeSet changes) {
    if (everything) {
      return;
    }
    changes.chunks().forEach(this::note);
    changes.removedChunks().forEach(this::note);
    note(changes.replicas());
    note(changes.removedReplicas());
  }

  /** Anything may be another than it was. */
  public void noteEverything() {
    everything = true;
    chunks.clear();
  }

  public boolean isEverything() {
    return everything;
  }

  /** The chunks noted, where not everything is. */
  public BitSet chunks() {
    return chunks;
  }

  /** Everything was looked at. */
  public void clear() {
    everything = false;
    chunks.clear();
  }

  private void note(ChunkRow row) {
    chunks.set(row.position());
  }

  private void note(ReplicaRows rows) {
    for (int row = 0; row < rows.size(); row++) {
      chunks.set(rows.chunk(row));
    }
  }
}
