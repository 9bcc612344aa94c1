package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.Set;

/** Step: no purge, suspicion or departure is early (lifecycle design, sections 1, 6 and 7). */
final class HorizonsAreKept implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    judgePurge(step, findings);
    boolean isCycle =
        step.kind() == AuditStep.Kind.SCHEDULE || step.kind() == AuditStep.Kind.PUBLISH;
    if (isCycle) {
      judgeSilence(step, findings);
    }
    Command<?> command = step.accepted();
    if (command instanceof Command.Ingest || command instanceof Command.RegisterSwap) {
      judgeWaiting(step, findings);
    }
  }

  private static void judgePurge(AuditStep step, Findings findings) {
    LifecycleView rows = step.before().rows;
    long horizon = step.before().config().retention().chunkTicks();
    for (int chunk : step.changed()) {
      if (!step.isGone(chunk)) {
        continue;
      }
      ChunkState state = rows.chunkState(chunk);
      boolean isEnded = state == ChunkState.TOMBSTONE || state == ChunkState.REJECTED;
      long age = step.answer().commitTick() - rows.endTick(chunk);
      if (!isEnded || step.kind() != AuditStep.Kind.PURGE || age < horizon) {
        findings.add(
            Invariant.BOUNDS_ARE_KEPT,
            rows.chunkKey(chunk).toString(),
            "purged while "
                + Facts.word(state)
                + " for "
                + age
                + " ticks; its retention is "
                + horizon
                + " ticks");
      }
    }
  }

  private static void judgeSilence(AuditStep step, Findings findings) {
    LifecycleConfig config = step.before().config();
    long tick = step.after().row.largestTick();
    Set<WorkerId> waiting = step.waiting();
    for (int worker : step.before().workers()) {
      if (!step.hasBothOfWorker(worker)) {
        continue;
      }
      WorkerFacts old = step.before().worker(worker);
      WorkerFacts young = step.after().worker(worker);
      if (old.status() == young.status()) {
        continue;
      }
      long listening = step.after().row.time().listeningTick();
      long seen = Math.max(young.row().lastSeenTick(), listening);
      long silence = tick - Math.max(seen, old.row().awayUntil());
      boolean isSuspect = young.status() == WorkerStatus.SUSPECT;
      boolean isDeparted = !young.isPresent();
      boolean isConfirmed = TimeIsTrusted.isConfirmed(step, worker);
      if ((isSuspect || isDeparted) && waiting.contains(young.id())) {
        findings.add(
            Invariant.BOUNDS_ARE_KEPT,
            young.id().value(),
            "became " + young.status() + " while a report of it waited");
      }
      // One that is absent when its announced absence is over is suspect at once.
      boolean isOver = old.status() == WorkerStatus.AWAY && tick >= old.row().awayUntil();
      if ((isSuspect && !isOver && silence < config.suspectAfterTicks())
          || (isDeparted && !isConfirmed && silence < config.departAfterTicks())) {
        findings.add(
            Invariant.BOUNDS_ARE_KEPT,
            young.id().value(),
            "became " + young.status() + " after " + silence + " ticks of silence");
      }
    }
  }

  private static void judgeWaiting(AuditStep step, Findings findings) {
    LifecycleConfig config = step.after().config();
    long chunks = waiting(step.after(), false);
    long bytes = waiting(step.after(), true);
    boolean isMore = chunks > waiting(step.before(), false);
    if (isMore && (chunks > config.maxWaitingChunks() || bytes > config.maxWaitingBytes())) {
      findings.add(
          Invariant.BOUNDS_ARE_KEPT,
          "admission",
          chunks
              + " chunks of "
              + bytes
              + " bytes wait for their first placement; max_waiting_chunks is "
              + config.maxWaitingChunks()
              + ", max_waiting_bytes "
              + config.maxWaitingBytes());
    }
  }

  private static long waiting(Facts fleet, boolean inBytes) {
    long sum = 0;
    for (int chunk : fleet.chunks()) {
      boolean waits =
          fleet.rows.chunkState(chunk) == ChunkState.ADMITTED
              && !fleet.rows.isMarked(chunk)
              && !fleet.rows.isEstablished(chunk);
      long more = inBytes ? fleet.rows.chunkSizeBytes(chunk) : 1;
      sum = waits ? (sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more) : sum;
    }
    return sum;
  }
}
