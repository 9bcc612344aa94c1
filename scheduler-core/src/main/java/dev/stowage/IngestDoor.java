package dev.stowage;

import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.pressure.EnvelopeAdmission;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.LoadSource;
import dev.stowage.pressure.PeerHints;
import java.util.List;
import java.util.function.Supplier;

/**
 * Asks a governor before chunks come in through {@link Stowage#ingest} or {@link Stowage#offer}.
 * Keeps the grant of what was let in until it is durable or refused. Thread-safe.
 */
final class IngestDoor {
  /** Lets everything in. */
  static final IngestDoor OPEN = new IngestDoor(LoadGovernor.Config.DEFAULT, LoadSource.NONE);

  private final EnvelopeAdmission admission;
  private final boolean isGuarded;

  IngestDoor(LoadGovernor.Config config, LoadSource source) {
    admission = new EnvelopeAdmission(new LoadGovernor(config, source), new PeerHints());
    isGuarded = config.mode() == LoadGovernor.Mode.ENFORCE;
  }

  /** Executes a command that brings these chunks in, or answers backpressure for each of them. */
  Result.Batch pass(List<ProposedChunk> chunks, long nowNanos, Supplier<Result.Batch> command) {
    if (!isGuarded) {
      return command.get();
    }
    EnvelopeAdmission.Answer answer = ask(nowNanos);
    if (answer.grant().isEmpty()) {
      return new Result.Batch(refusals(chunks, answer), answer.retryAfterNanos());
    }
    try {
      return new Result.Batch(command.get().items(), answer.retryAfterNanos());
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
