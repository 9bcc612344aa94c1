package dev.stowage.evidence.parts;

import org.jspecify.annotations.Nullable;

/** Writes inputs and outcomes, a question only before its first outcome. One thread only. */
public final class Journal<I, O> implements Outcomes<O> {
  private final RecordWriter log;
  private final Records<I, O> records;
  private @Nullable I question;

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

  /** Returns the index of the next outcome in the log, or -1 without a log. */
  public long nextOutcome() {
    return log.isOn() ? log.nextIndex() + (question == null ? 0 : 1) : -1;
  }

  private void ask() {
    if (question != null) {
      records.write(question, log);
    }
    forget();
  }

  /** Drops a question to which no outcome came. */
  public void forget() {
    question = null;
  }
}
