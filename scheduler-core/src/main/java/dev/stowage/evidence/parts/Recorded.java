package dev.stowage.evidence.parts;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer.Replayable;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies and records the inputs of a part, which decides as a function of its settings and inputs
 * alone, with their outcomes. Belongs to the part's thread.
 */
public final class Recorded<I, O> implements Replayable {
  private final Records<I, O> records;
  private final PartRecorder<I, O> recorder;
  private final BiConsumer<I, Consumer<O>> part;
  private final Consumer<O> outcomes = this::take;
  private @Nullable O last;

  public Recorded(
      @Nullable EvidenceLog log, Records<I, O> records, BiConsumer<I, Consumer<O>> part) {
    this.records = records;
    this.recorder = new PartRecorder<>(log, records);
    this.part = part;
  }

  public void apply(I input) {
    last = null;
    recorder.told(input);
    part.accept(input, outcomes);
  }

  /** Returns the last outcome of an input; the part must add one. */
  public O answer(I input) {
    apply(input);
    O answer = Objects.requireNonNull(last, "an outcome");
    last = null;
    return answer;
  }

  private void take(O outcome) {
    recorder.add(outcome);
    last = outcome;
  }

  @Override
  public void replay(EvidenceRecord input) {
    apply(records.input(input));
  }
}
