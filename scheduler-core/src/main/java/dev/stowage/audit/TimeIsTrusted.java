package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.WorkerStatus;
import java.math.BigInteger;
import java.util.List;
import java.util.TreeSet;

/** Step: hand-set times restart windows, departures are guarded (lifecycle design, section 8). */
final class TimeIsTrusted implements StepCheck {
  private static final long MILLION = 1_000_000;

  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.accepted() instanceof Command.ResetTime reset) {
      long now = reset.now().value();
      exactly("largest tick", step.after().header().tick(), now, findings);
      judgeFleet(step.after().row(), now, findings);
      judgeRows(step.after(), now, findings);
    }
    if (step.kind() == AuditStep.Kind.SCHEDULE || step.kind() == AuditStep.Kind.PUBLISH) {
      judgeDepartures(step, findings);
    }
  }

  private static void judgeFleet(FleetRow fleet, long now, Findings findings) {
    exactly("silence counts since", fleet.time().listeningTick(), now, findings);
    for (FleetRow.FormerWindow former : fleet.formerWindows()) {
      long end = plus(now, former.windowTicks());
      exactly("a lowered window counts until", former.untilTick(), end, findings);
    }
    List<FleetRow.LineageRow> lineages = fleet.lineages();
    for (FleetRow.LineageRow lineage : lineages) {
      atMost("lineage " + lineage.token() + " begins at", lineage.beganTick(), now, findings);
    }
    if (lineages.size() > 1) {
      long began = lineages.get(lineages.size() - 1).beganTick();
      exactly("the pause of the lineage begins at", began, now, findings);
    }
  }

  private static void judgeRows(FleetSnapshot fleet, long now, Findings findings) {
    long window = fleet.header().drainWindowTicks();
    for (FleetRow.FormerWindow former : fleet.row().formerWindows()) {
      window = Math.max(window, former.windowTicks());
    }
    long end = plus(now, window);
    ReplicaColumns replicas = fleet.replicas();
    for (int replica = 0; replica < replicas.count; replica++) {
      if (replicas.readableUntil[replica] != FleetSnapshot.NONE) {
        String name = fleet.replicaName(replica) + " is readable until";
        exactly(name, replicas.readableUntil[replica], end, findings);
      }
      String missing = fleet.replicaName(replica) + " is missing since";
      atMost(missing, replicas.missingSince[replica], now, findings);
    }
    ChunkColumns chunks = fleet.chunks();
    for (int chunk = 0; chunk < chunks.count; chunk++) {
      boolean isDropped = chunks.state[chunk] == ChunkColumns.DROPPED;
      String name = chunks.key[chunk] + " ends at";
      if (isDropped) {
        exactly(name, chunks.endTick[chunk], end, findings);
      } else {
        atMost(name, chunks.endTick[chunk], now, findings);
      }
    }
    WorkerColumns workers = fleet.workers();
    for (int worker = 0; worker < workers.count; worker++) {
      atMost(workers.id[worker] + " was last seen at", workers.lastSeen[worker], now, findings);
      atMost(workers.id[worker] + " is absent since", workers.absentSince[worker], now, findings);
    }
  }

  private static long plus(long tick, long ticks) {
    return tick > Long.MAX_VALUE - ticks ? Long.MAX_VALUE : tick + ticks;
  }

  private static void exactly(String what, long found, long wanted, Findings findings) {
    if (found != wanted) {
      findings.add(
          Invariant.BOUNDS_ARE_KEPT, what, found + " after resetTime, but should be " + wanted);
    }
  }

  private static void atMost(String what, long found, long now, Findings findings) {
    if (found > now) {
      findings.add(
          Invariant.BOUNDS_ARE_KEPT, what, found + ", later than the tick of resetTime, " + now);
    }
  }

  static boolean isConfirmed(AuditStep step, int workerBefore) {
    return step.kind() == AuditStep.Kind.SCHEDULE
        && step.before().workers().departure[workerBefore] == WorkerRow.Departure.CONFIRMED;
  }

  private static void judgeDepartures(AuditStep step, Findings findings) {
    LifecycleConfig config = step.before().row().config();
    WorkerColumns old = step.before().workers();
    WorkerColumns young = step.after().workers();
    BigInteger all = BigInteger.ZERO;
    BigInteger gone = BigInteger.ZERO;
    TreeSet<String> domains = new TreeSet<>();
    int counted = 0;
    int silent = 0;
    for (int worker = 0; worker < old.count; worker++) {
      int after = step.workerAfter(worker);
      boolean wasGone = old.status[worker] == WorkerStatus.DEPARTED;
      boolean isGone = after >= 0 && young.status[after] == WorkerStatus.DEPARTED;
      boolean isLate =
          wasGone
              && isGone
              && old.departure[worker] == WorkerRow.Departure.BY_SILENCE
              && step.after().header().tick() - old.absentSince[worker]
                  <= config.departAfterTicks();
      BigInteger capacity = BigInteger.valueOf(old.described[worker].capacityBytes());
      all = !wasGone || !isGone || isLate ? all.add(capacity) : all;
      if (isLate || (isGone && !wasGone)) {
        gone = gone.add(capacity);
        domains.add(old.described[worker].domain());
        counted++;
      }
      if (isGone && !wasGone) {
        silent += isConfirmed(step, worker) ? 0 : 1;
      }
    }
    BigInteger guard = BigInteger.valueOf(config.trust().departureGuardMillionths());
    boolean isMuch = gone.multiply(BigInteger.valueOf(MILLION)).compareTo(all.multiply(guard)) > 0;
    if (config.trust().isGuarded() && silent > 0 && counted > 1 && domains.size() > 1 && isMuch) {
      findings.add(
          Invariant.BOUNDS_ARE_KEPT,
          "departure guard",
          counted
              + " silent workers departed, with "
              + gone
              + " of "
              + all
              + " bytes of capacity; departure_guard_millionths is "
              + config.trust().departureGuardMillionths());
    }
  }
}
