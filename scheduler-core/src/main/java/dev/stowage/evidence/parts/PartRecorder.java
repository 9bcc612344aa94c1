package dev.stowage.evidence.parts;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.canonical.CanonicalWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes inputs and outcomes of a part into a log, or nowhere; a question only before its first
 * outcome. One buffer for all; belongs to the part's thread.
 */
public final class PartRecorder<I, O> {
  private final @Nullable EvidenceLog log;
  private final Records<I, O> records;
  private final CanonicalWriter payload = new CanonicalWriter();
  private @Nullable I question;

  public PartRecorder(@Nullable EvidenceLog log, Records<I, O> records) {
    this.log = log;
    this.records = records;
  }

  public boolean isOn() {
    return log != null;
  }

  public void told(I input) {
    forget();
    if (log != null && records.isQuestion(input)) {
      question = input;
    } else {
      write(input);
    }
  }

  public void add(O outcome) {
    if (question != null) {
      write(question);
    }
    forget();
    write(outcome);
  }

  private void write(Object row) {
    if (log != null) {
      log.append(records.write(row, payload.reset()), payload);
    }
  }

  /** Returns the index of the next outcome in the log, or -1 without a log. */
  public long nextOutcome() {
    return log == null ? -1 : log.nextIndex() + (question == null ? 0 : 1);
  }

  /** Drops a question to which no outcome came. */
  public void forget() {
    question = null;
  }
}
