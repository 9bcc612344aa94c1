package dev.stowage;

import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.LoadGovernor.LoadDecision;
import dev.stowage.pressure.LoadSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks a governor before chunks come in, and tells it when they are done. Thread-safe. */
final class IngestDoor {
  static final IngestDoor OPEN =
      new IngestDoor(new LoadGovernor(LoadGovernor.Config.DEFAULT, LoadSource.NONE));

  private final LoadGovernor governor;

  IngestDoor(LoadGovernor governor) {
    this.governor = governor;
  }

  boolean isGuarded() {
    return governor.isEnforcing();
  }

  Result.Batch pass(
      List<ProposedChunk> chunks,
      long nowNanos,
      Supplier<Result.Batch> command,
      Consumer<LoadDecision> heldUp) {
    LoadDecision decision = ask(nowNanos);
    if (!decision.isAdmitted()) {
      heldUp.accept(decision);
      return new Result.Batch(refusals(chunks, decision), decision.retryAfterNanos());
    }
    try {
      Result.Batch done = command.get();
      if (decision.retryAfterNanos() > 0) {
        heldUp.accept(decision);
      }
      return new Result.Batch(done.items(), decision.retryAfterNanos());
    } finally {
      release();
    }
  }

  private synchronized LoadDecision ask(long nowNanos) {
    return governor.admit(nowNanos);
  }

  private synchronized void release() {
    governor.release();
  }

  private static List<Result.Item> refusals(List<ProposedChunk> chunks, LoadDecision decision) {
    String why = decision.why();
    return chunks.stream()
        .map(chunk ->
            new Result.Item(chunk.key(), ResultCode.BACKPRESSURE, null, null, List.of(why)))
        .toList();
  }
}
