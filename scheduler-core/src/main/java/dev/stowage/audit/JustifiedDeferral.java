package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.columns.WideSum;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.rules.MaskRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    FleetSnapshot fleet = step.after();
    boolean[] ofSwap = newSides(fleet);
    Held held = held(judged);
    boolean[] avoided = avoided(step);
    Map<ChunkKey, Integer> byKey = new HashMap<>();
    for (int chunk = 0; chunk < fleet.chunkCount(); chunk++) {
      byKey.put(fleet.chunks().key[chunk], chunk);
    }
    for (ChunkKey key : step.answer().deferred()) {
      Integer chunk = byKey.get(key);
      if (chunk != null && !ofSwap[chunk] && !fleet.chunks().established[chunk]) {
        judge(sides(step, judged, chunk), held, avoided, findings);
      }
    }
  }

  // Workers by position after the cycle; -1 if absent here.
  private record Side(FleetSnapshot fleet, int chunk, int[] worker) {
    int floor() {
      return fleet.chunks().floor[chunk];
    }

    boolean hasRoom(int after, Held held) {
      int at = worker[after];
      WorkerColumns workers = fleet.workers();
      return at >= 0
          && workers.isPlaceable(at)
          && admits(fleet.chunks().eligibility[chunk], workers, at)
          && !isBanned(fleet, chunk, at)
          && !mayBeRefused(at)
          && held.copies[after] < workers.described[at].maxReplicas()
          && workers.described[at].capacityBytes() - held.bytes[after].saturated()
              >= fleet.chunks().sizeBytes[chunk];
    }

    private boolean mayBeRefused(int at) {
      PlacementConfig config = fleet.row().config().placement();
      return MaskRules.isAny(config)
          && MaskRules.mayRefuse(
              config,
              fleet.chunks().key[chunk].dataset(),
              new MaskRule.Holdings(fleet.workers().described[at], it -> has(at, it)));
    }

    private boolean has(int at, DatasetId dataset) {
      for (int replica = 0; replica < fleet.replicaCount(); replica++) {
        ChunkKey key = fleet.chunks().key[fleet.replicas().chunk[replica]];
        if (fleet.replicas().worker[replica] == at && key.dataset().equals(dataset)) {
          return true;
        }
      }
      return false;
    }

    boolean isOpen(int after, List<Integer> beside) {
      Worker[] described = fleet.workers().described;
      boolean isOpen = true;
      for (Map.Entry<Integer, Integer> each :
          fleet.row().config().placement().maxPerDomain().entrySet()) {
        String domain = described[worker[after]].domain(each.getKey());
        long in =
            beside.stream()
                .filter(it -> described[worker[it]].domain(each.getKey()).equals(domain))
                .count();
        isOpen &= in < each.getValue();
      }
      return isOpen;
    }
  }

  private static List<Side> sides(AuditStep step, AuditStep judged, int chunk) {
    FleetSnapshot fleet = judged.after();
    int[] same = new int[fleet.workerCount()];
    Arrays.setAll(same, worker -> worker);
    Side end = new Side(fleet, chunk, same);
    int planned = step.isOvertaken() ? judged.chunksBefore()[chunk] : -1;
    return planned < 0
        ? List.of(end)
        : List.of(end, new Side(judged.before(), planned, knownThen(step, judged)));
  }

  // Workers heard of since the plan are omitted: the plan may have taken them for silent.
  private static int[] knownThen(AuditStep step, AuditStep judged) {
    WorkerColumns then = judged.before().workers();
    WorkerColumns now = step.before().workers();
    int[] known = judged.workersBefore().clone();
    int[] later = step.workersBefore();
    for (int worker = 0; worker < known.length; worker++) {
      int at = known[worker];
      int next = later[worker];
      boolean isHeardOf =
          at >= 0
              && next >= 0
              && (then.lastReport[at] != now.lastReport[next]
                  || then.lastSeen[at] != now.lastSeen[next]
                  || then.incarnation[at] != now.incarnation[next]);
      known[worker] = isHeardOf ? -1 : at;
    }
    return known;
  }

  private static void judge(List<Side> sides, Held held, boolean[] avoided, Findings findings) {
    List<Integer> able = new ArrayList<>();
    for (int worker = 0; worker < avoided.length; worker++) {
      int each = worker;
      if (!avoided[worker]
          && sides.stream().allMatch(it -> it.hasRoom(each, held) && it.isOpen(each, able))) {
        able.add(worker);
      }
    }
    Side end = sides.get(0);
    if (sides.stream().allMatch(it -> able.size() >= it.floor())) {
      findings.add(
          Invariant.JUSTIFIED_DEFERRAL,
          end.fleet.chunks().key[end.chunk].toString(),
          "deferred although "
              + able.size()
              + " workers have room for its "
              + end.fleet.chunks().sizeBytes[end.chunk]
              + " bytes");
    }
  }

  private static boolean[] avoided(AuditStep step) {
    WorkerColumns workers = step.after().workers();
    boolean[] avoided = new boolean[workers.count];
    if (step.accepted() instanceof LeaderCommand.Schedule cycle) {
      for (WorkerId worker : cycle.advice().avoided()) {
        int position = position(workers, worker);
        if (position >= 0) {
          avoided[position] = true;
        }
      }
    }
    return avoided;
  }

  private static int position(WorkerColumns workers, WorkerId id) {
    for (int worker = 0; worker < workers.count; worker++) {
      if (id.equals(workers.id[worker])) {
        return worker;
      }
    }
    return -1;
  }

  private static boolean admits(Eligibility eligibility, WorkerColumns workers, int worker) {
    return workers.described[worker].version().compareTo(eligibility.minVersion()) >= 0
        && workers.described[worker].labels().containsAll(eligibility.requiredLabels());
  }

  private static boolean isBanned(FleetSnapshot fleet, int chunk, int worker) {
    ChunkKey key = fleet.chunks().key[chunk];
    for (PlacementWish ban : fleet.bans()) {
      if (ban.worker().equals(fleet.workers().id[worker])
          && ban.dataset().equals(key.dataset())
          && ban.chunkId().map(key.id()::equals).orElse(true)) {
        return true;
      }
    }
    return false;
  }

  private static boolean[] newSides(FleetSnapshot fleet) {
    boolean[] ofSwap = new boolean[fleet.chunkCount()];
    for (int[] side : fleet.swaps().newSide) {
      for (int chunk : side) {
        if (chunk >= 0) {
          ofSwap[chunk] = true;
        }
      }
    }
    return ofSwap;
  }

  private record Held(WideSum[] bytes, int[] copies) {}

  private static Held held(AuditStep step) {
    WideSum[] bytes = WideSum.copyOf(step.loads().bytes());
    int[] copies = step.loads().copies().clone();
    FleetSnapshot before = step.before();
    int[] after = step.replicasAfter();
    for (int replica = 0; replica < before.replicaCount(); replica++) {
      int worker = step.workerAfter(before.replicas().worker[replica]);
      if (after[replica] < 0 && worker >= 0) {
        bytes[worker].add(before.chunks().sizeBytes[before.replicas().chunk[replica]]);
        copies[worker]++;
      }
    }
    return new Held(bytes, copies);
  }
}
