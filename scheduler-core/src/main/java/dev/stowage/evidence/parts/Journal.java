package dev.stowage.evidence.parts;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.RecordType;
import org.jspecify.annotations.Nullable;

/** Writes inputs and outcomes, a question only before its first outcome. One thread only. */
public final class Journal<I, O> implements Outcomes<O> {
  private final RecordWriter log;
  private final Records<I, O> records;
  private @Nullable I question;
  private @Nullable RecordType asked;
  private long askedNumber;

  public Journal(RecordWriter log, Records<I, O> records) {
    this.log = log;
    this.records = records;
  }

  public boolean isOn() {
    return log.isOn();
  }

  public void told(I input) {
    forget();
    if (log.isOn()) {
      if (records.isQuestion(input)) {
        question = input;
      } else {
        records.write(input, log);
      }
    }
  }

  @Override
  public void add(O outcome) {
    if (log.isOn()) {
      ask();
      records.write(outcome, log);
    }
  }

  public void asked(RecordType type, long number) {
    question = null;
    asked = log.isOn() ? type : null;
    askedNumber = number;
  }

  public CanonicalWriter beginInput() {
    forget();
    return log.begin();
  }

  public CanonicalWriter beginOutcome() {
    ask();
    return log.begin();
  }

  /** Ends a record; its bytes must be those that its shape writes. */
  public void end(RecordType type) {
    log.end(type);
  }

  /** Returns the index of the next outcome in the log, or -1 without a log. */
  public long nextOutcome() {
    return log.isOn() ? log.nextIndex() + (question == null && asked == null ? 0 : 1) : -1;
  }

  private void ask() {
    if (asked != null) {
      log.begin().u8(1).u64(askedNumber);
      log.end(asked);
    } else if (question != null) {
      records.write(question, log);
    }
    forget();
  }

  /** Drops a question to which no outcome came. */
  public void forget() {
    question = null;
    asked = null;
  }
}
