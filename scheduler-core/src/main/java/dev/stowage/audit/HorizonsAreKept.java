package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.config.LifecycleConfig;
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
    ChunkColumns chunks = step.before().chunks();
    long horizon = step.before().row().config().retention().chunkTicks();
    for (int chunk = 0; chunk < chunks.count; chunk++) {
      if (step.chunkAfter(chunk) >= 0) {
        continue;
      }
      boolean isEnded =
          chunks.state[chunk] == ChunkColumns.TOMBSTONE
              || chunks.state[chunk] == ChunkColumns.REJECTED;
      long age = step.answer().commitTick() - chunks.endTick[chunk];
      if (!isEnded || step.kind() != AuditStep.Kind.PURGE || age < horizon) {
        findings.add(
            Invariant.BOUNDS_ARE_KEPT,
            chunks.key[chunk].toString(),
            "purged while "
                + ChunkColumns.stateName(chunks.state[chunk])
                + " for "
                + age
                + " ticks; its retention is "
                + horizon
                + " ticks");
      }
    }
  }

  private static void judgeSilence(AuditStep step, Findings findings) {
    LifecycleConfig config = step.before().row().config();
    WorkerColumns old = step.before().workers();
    WorkerColumns young = step.after().workers();
    Set<WorkerId> waiting = step.waiting();
    for (int worker = 0; worker < old.count; worker++) {
      int after = step.workerAfter(worker);
      if (after < 0 || old.status[worker] == young.status[after]) {
        continue;
      }
      long listening = step.after().row().time().listeningTick();
      long since = Math.max(Math.max(young.lastSeen[after], listening), old.awayUntil[worker]);
      long silence = step.after().header().tick() - since;
      boolean isSuspect = young.status[after] == WorkerStatus.SUSPECT;
      boolean isDeparted = young.status[after] == WorkerStatus.DEPARTED;
      boolean isConfirmed = TimeIsTrusted.isConfirmed(step, worker);
      if ((isSuspect || isDeparted) && waiting.contains(young.id[after])) {
        findings.add(
            Invariant.BOUNDS_ARE_KEPT,
            young.id[after].value(),
            "became " + young.status[after] + " while a report of it waited");
      }
      // One that is absent when its announced absence is over is suspect at once.
      boolean isOver =
          old.status[worker] == WorkerStatus.AWAY
              && step.after().header().tick() >= old.awayUntil[worker];
      if ((isSuspect && !isOver && silence < config.suspectAfterTicks())
          || (isDeparted && !isConfirmed && silence < config.departAfterTicks())) {
        findings.add(
            Invariant.BOUNDS_ARE_KEPT,
            young.id[after].value(),
            "became " + young.status[after] + " after " + silence + " ticks of silence");
      }
    }
  }

  private static void judgeWaiting(AuditStep step, Findings findings) {
    LifecycleConfig config = step.after().row().config();
    long chunks = waiting(step.after().chunks(), false);
    long bytes = waiting(step.after().chunks(), true);
    boolean isMore = chunks > waiting(step.before().chunks(), false);
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

  private static long waiting(ChunkColumns chunks, boolean inBytes) {
    long sum = 0;
    for (int chunk = 0; chunk < chunks.count; chunk++) {
      boolean waits =
          chunks.state[chunk] == ChunkColumns.ADMITTED
              && !chunks.marked[chunk]
              && !chunks.established[chunk];
      long more = inBytes ? chunks.sizeBytes[chunk] : 1;
      sum = waits ? (sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more) : sum;
    }
    return sum;
  }
}
