package dev.stowage.evidence.parts;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies the inputs of a part and writes what happens: each input, and behind it each outcome as
 * it comes. Without a log nothing is encoded. A replay is the same once more, with inputs that were
 * read. Belongs to the thread of its part.
 *
 * @param <I> the inputs
 * @param <O> the outcomes
 */
public final class Recorded<I, O> implements Replayable {
  private final Records<I, O> records;
  private final Journal<I, O> journal;
  private final Part<I, O> part;
  private final Outcomes<O> outcomes = this::take;
  private @Nullable O last;

  /** A shell around a part, whose records go into a log. */
  public Recorded(RecordWriter log, Records<I, O> records, Part<I, O> part) {
    this.records = records;
    this.journal = new Journal<>(log, records);
    this.part = part;
  }

  /** Applies an input. */
  public void apply(I input) {
    last = null;
    journal.told(input);
    part.apply(input, outcomes);
  }

  /** Applies an input and returns its last outcome; the part must have added one. */
  public O answer(I input) {
    apply(input);
    O answer = Objects.requireNonNull(last, "an outcome");
    last = null;
    return answer;
  }

  private void take(O outcome) {
    journal.add(outcome);
    last = outcome;
  }

  @Override
  public void replay(EvidenceRecord input) {
    apply(records.input(input));
  }
}
