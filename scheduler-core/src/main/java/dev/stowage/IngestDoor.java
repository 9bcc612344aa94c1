package dev.stowage;

import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.pressure.EnvelopeAdmission;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.LoadSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks a governor before chunks come in; keeps grants until they are done. Thread-safe. */
final class IngestDoor {
  static final IngestDoor OPEN =
      new IngestDoor(
          LoadGovernor.Config.DEFAULT,
          new EnvelopeAdmission(new LoadGovernor(LoadGovernor.Config.DEFAULT, LoadSource.NONE)));

  private final EnvelopeAdmission admission;
  private final boolean isGuarded;

  IngestDoor(LoadGovernor.Config config, EnvelopeAdmission admission) {
    this.admission = admission;
    isGuarded = config.mode() == LoadGovernor.Mode.ENFORCE;
  }

  boolean isGuarded() {
    return isGuarded;
  }

  Result.Batch pass(
      List<ProposedChunk> chunks,
      long nowNanos,
      Supplier<Result.Batch> command,
      Consumer<EnvelopeAdmission.Answer> heldUp) {
    EnvelopeAdmission.Answer answer = ask(nowNanos);
    if (answer.grant().isEmpty()) {
      heldUp.accept(answer);
      return new Result.Batch(refusals(chunks, answer), answer.retryAfterNanos());
    }
    try {
      Result.Batch done = command.get();
      if (answer.shedLoad()) {
        heldUp.accept(answer);
      }
      return new Result.Batch(done.items(), answer.retryAfterNanos());
    } finally {
      release(answer.grant().get());
    }
  }

  private synchronized EnvelopeAdmission.Answer ask(long nowNanos) {
    return admission.admit(nowNanos);
  }

  private synchronized void release(EnvelopeAdmission.ResourceEnvelope grant) {
    admission.release(grant);
  }

  private static List<Result.Item> refusals(
      List<ProposedChunk> chunks, EnvelopeAdmission.Answer answer) {
    String why =
        answer.decision().exceeded().isEmpty()
            ? "too many batches come in at once"
            : "the load is too high: " + answer.decision().exceeded();
    return chunks.stream()
        .map(chunk ->
            new Result.Item(chunk.key(), ResultCode.BACKPRESSURE, null, null, List.of(why)))
        .toList();
  }
}
