package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.rules.MaskRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Step: a new chunk is deferred only if its floor cannot be placed. Judged by room at the begin,
 * the end and, if news overtook the plan, in the planned state; space freed by the cycle, new sides
 * of swaps and cycles struck in part are exempt.
 */
final class JustifiedDeferral implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.answer().deferred().isEmpty() || step.answer().struck() > 0) {
      return;
    }
    AuditStep judged = step.sincePlan();
    Facts fleet = step.after();
    Set<ChunkKey> ofSwap = new HashSet<>();
    fleet.swaps().forEach(swap -> ofSwap.addAll(swap.newChunks()));
    WorkerLoads held = held(judged);
    for (ChunkKey key : step.answer().deferred()) {
      int chunk = fleet.position(key);
      if (chunk >= 0 && !ofSwap.contains(key) && !fleet.rows.isEstablished(chunk)) {
        judge(step, sides(step, judged, chunk), held, findings);
      }
    }
  }

  private record Side(Facts fleet, int chunk, IntPredicate isKnown) {
    boolean hasRoom(int worker, WorkerLoads held) {
      if (!isKnown.test(worker) || !fleet.worker(worker).isPlaceable()) {
        return false;
      }
      Worker described = fleet.worker(worker).row().description();
      return admits(described)
          && !isBanned(described)
          && !mayBeRefused(worker, described)
          && held.copies()[worker] < described.maxReplicas()
          && described.capacityBytes() - held.bytes()[worker].saturated()
              >= fleet.rows.chunkSizeBytes(chunk);
    }

    private boolean admits(Worker worker) {
      Eligibility eligibility = fleet.rows.eligibility(chunk);
      return worker.version().compareTo(eligibility.minVersion()) >= 0
          && worker.labels().containsAll(eligibility.requiredLabels());
    }

    private boolean isBanned(Worker worker) {
      ChunkKey key = fleet.rows.chunkKey(chunk);
      return fleet.row.wishes().stream()
          .anyMatch(wish ->
              wish.kind() == PlacementWish.Kind.BAN
                  && wish.worker().equals(worker.id())
                  && wish.dataset().equals(key.dataset())
                  && wish.chunkId().map(key.id()::equals).orElse(true));
    }

    private boolean mayBeRefused(int worker, Worker described) {
      PlacementConfig config = fleet.config().placement();
      return MaskRules.isAny(config)
          && MaskRules.mayRefuse(
              config,
              fleet.rows.chunkDataset(chunk),
              new MaskRule.Holdings(described, it -> has(worker, it)));
    }

    private boolean has(int worker, DatasetId dataset) {
      return Arrays.stream(fleet.chunks())
          .filter(other -> fleet.rows.chunkDataset(other).equals(dataset))
          .flatMap(other -> Arrays.stream(fleet.slots(other)))
          .anyMatch(slot -> fleet.rows.replicaWorker(slot) == worker);
    }

    boolean isOpen(int worker, List<Integer> beside) {
      boolean isOpen = true;
      for (Map.Entry<Integer, Integer> each :
          fleet.config().placement().maxPerDomain().entrySet()) {
        String domain = domain(worker, each.getKey());
        long in = beside.stream().filter(it -> domain(it, each.getKey()).equals(domain)).count();
        isOpen &= in < each.getValue();
      }
      return isOpen;
    }

    private String domain(int worker, int level) {
      return fleet.worker(worker).row().description().domain(level);
    }
  }

  // Workers heard of since the plan are omitted: the plan may have taken them for silent.
  private static List<Side> sides(AuditStep step, AuditStep judged, int chunk) {
    Side end = new Side(step.after(), chunk, worker -> true);
    Side planned =
        new Side(
            judged.before(),
            chunk,
            worker -> judged.hasBothOfWorker(worker) && !isHeardOf(step, judged.before(), worker));
    return judged != step && judged.hasBoth(chunk) ? List.of(end, planned) : List.of(end);
  }

  private static boolean isHeardOf(AuditStep step, Facts planned, int worker) {
    if (!step.hasBothOfWorker(worker)) {
      return false;
    }
    WorkerRow then = planned.worker(worker).row();
    WorkerRow now = step.before().worker(worker).row();
    return then.lastReport() != now.lastReport()
        || then.lastSeenTick() != now.lastSeenTick()
        || !then.incarnation().equals(now.incarnation());
  }

  private static void judge(AuditStep step, List<Side> sides, WorkerLoads held, Findings findings) {
    Facts fleet = step.after();
    List<WorkerId> avoided =
        step.accepted() instanceof LeaderCommand.Schedule cycle
            ? cycle.advice().avoided()
            : List.of();
    List<Integer> able = new ArrayList<>();
    for (int worker : fleet.workers()) {
      if (!avoided.contains(fleet.worker(worker).id())
          && sides.stream().allMatch(it -> it.hasRoom(worker, held) && it.isOpen(worker, able))) {
        able.add(worker);
      }
    }
    if (sides.stream().allMatch(it -> able.size() >= it.fleet.floor(it.chunk))) {
      int chunk = sides.get(0).chunk;
      findings.add(
          Invariant.JUSTIFIED_DEFERRAL,
          fleet.rows.chunkKey(chunk).toString(),
          "deferred although "
              + able.size()
              + " workers have room for its "
              + fleet.rows.chunkSizeBytes(chunk)
              + " bytes");
    }
  }

  private static WorkerLoads held(AuditStep step) {
    WorkerLoads held = WorkerLoads.of(step.after());
    LifecycleView before = step.before().rows;
    for (int chunk : step.changed()) {
      for (int slot : before.isChunk(chunk) ? step.before().slots(chunk) : new int[0]) {
        int worker = before.replicaWorker(slot);
        if (step.after(slot) == Facts.NONE && step.hasBothOfWorker(worker)) {
          held.add(worker, before.chunkSizeBytes(chunk));
        }
      }
    }
    return held;
  }
}
