package dev.stowage.evidence.parts;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.RecordType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of one engine into a log, or nowhere: the inert twin costs a comparison. One
 * buffer serves every record. Belongs to the engine's thread.
 */
public final class RecordWriter {
  /** Writes nothing. */
  private final @Nullable EvidenceLog log;

  private final CanonicalWriter out = new CanonicalWriter();

  private RecordWriter(@Nullable EvidenceLog log) {
    this.log = log;
  }

  /** Writes nothing. */
  public static RecordWriter none() {
    return new RecordWriter(null);
  }

  /** Writes into this log. */
  public static RecordWriter into(EvidenceLog log) {
    return new RecordWriter(Objects.requireNonNull(log, "log"));
  }

  /** Whether anything is written; if not, nothing need be encoded. */
  public boolean isOn() {
    return log != null;
  }

  /** Returns the index of the next record in the log; -1 without a log. */
  long nextIndex() {
    return log == null ? -1 : log.nextIndex();
  }

  /** Begins a record: the fields follow, then {@link #end}. */
  public CanonicalWriter begin() {
    return out.reset();
  }

  /** Appends what was written since {@link #begin}; nothing without a log. */
  public void end(RecordType type) {
    if (log != null) {
      log.append(type, out);
    }
  }
}
