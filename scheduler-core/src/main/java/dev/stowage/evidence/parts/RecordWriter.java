package dev.stowage.evidence.parts;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.canonical.CanonicalWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes an engine's records, or nothing. One buffer for all; belongs to the engine's thread. */
public final class RecordWriter {
  private final @Nullable EvidenceLog log;

  private final CanonicalWriter out = new CanonicalWriter();

  private RecordWriter(@Nullable EvidenceLog log) {
    this.log = log;
  }

  public static RecordWriter none() {
    return new RecordWriter(null);
  }

  public static RecordWriter into(EvidenceLog log) {
    return new RecordWriter(Objects.requireNonNull(log, "log"));
  }

  public boolean isOn() {
    return log != null;
  }

  long nextIndex() {
    return log == null ? -1 : log.nextIndex();
  }

  public CanonicalWriter begin() {
    return out.reset();
  }

  public void end(RecordType type) {
    if (log != null) {
      log.append(type, out);
    }
  }
}
