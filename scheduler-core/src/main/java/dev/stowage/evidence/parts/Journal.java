package dev.stowage.evidence.parts;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.RecordType;
import org.jspecify.annotations.Nullable;

/**
 * Writes inputs and the outcomes that follow them, or nothing without a log. A question is written
 * only before its first outcome. {@link Recorded} uses a journal; a part whose operations answer
 * more than is recorded uses one directly. Belongs to the thread of its part.
 *
 * @param <I> the inputs
 * @param <O> the outcomes
 */
public final class Journal<I, O> implements Outcomes<O> {
  private final RecordWriter log;
  private final Records<I, O> records;
  private @Nullable I question;
  private @Nullable RecordType asked;
  private long askedNumber;

  /** A journal in a log. */
  public Journal(RecordWriter log, Records<I, O> records) {
    this.log = log;
    this.records = records;
  }

  /** Reports whether anything is written; if not, no record need be made. */
  public boolean isOn() {
    return log.isOn();
  }

  /** Takes an input, which its caller applies. */
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

  /**
   * Takes a question that holds one number, for which no record need be made.
   *
   * @param type its type
   * @param number the number
   */
  public void asked(RecordType type, long number) {
    question = null;
    asked = log.isOn() ? type : null;
    askedNumber = number;
  }

  /** Begins an input whose bytes its caller writes; {@link #end} follows. */
  public CanonicalWriter beginInput() {
    forget();
    return log.begin();
  }

  /** Begins an outcome whose bytes its caller writes; {@link #end} follows. */
  public CanonicalWriter beginOutcome() {
    ask();
    return log.begin();
  }

  /** Ends a record whose bytes its caller wrote; they must be those that its shape writes. */
  public void end(RecordType type) {
    log.end(type);
  }

  /** Returns the index that the next outcome will have in the log; -1 without a log. */
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

  private void forget() {
    question = null;
    asked = null;
  }
}
