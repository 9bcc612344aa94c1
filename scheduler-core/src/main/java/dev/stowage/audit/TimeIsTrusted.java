package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.command.Command;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
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
      exactly("largest tick", step.after().row.largestTick(), now, findings);
      judgeFleet(step.after().row, now, findings);
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

  private static void judgeRows(Facts fleet, long now, Findings findings) {
    LifecycleView rows = fleet.rows;
    long window = fleet.config().drainWindowTicks();
    for (FleetRow.FormerWindow former : fleet.row.formerWindows()) {
      window = Math.max(window, former.windowTicks());
    }
    long end = plus(now, window);
    for (int chunk : fleet.chunks()) {
      for (int slot : fleet.slots(chunk)) {
        if (rows.readableUntil(slot) != 0) {
          String name = fleet.name(slot) + " is readable until";
          exactly(name, rows.readableUntil(slot), end, findings);
        }
        atMost(fleet.name(slot) + " is missing since", fleet.missingSince(slot), now, findings);
      }
      String name = rows.chunkKey(chunk) + " ends at";
      if (rows.chunkState(chunk) == ChunkState.DROPPED) {
        exactly(name, rows.endTick(chunk), end, findings);
      } else {
        atMost(name, rows.endTick(chunk), now, findings);
      }
    }
    for (int worker : fleet.workers()) {
      WorkerRow row = fleet.worker(worker).row();
      atMost(row.id() + " was last seen at", row.lastSeenTick(), now, findings);
      atMost(row.id() + " is absent since", row.absentSince(), now, findings);
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
        && step.before().worker(workerBefore).row().departure() == WorkerRow.Departure.CONFIRMED;
  }

  private static void judgeDepartures(AuditStep step, Findings findings) {
    LifecycleConfig config = step.before().config();
    BigInteger all = BigInteger.ZERO;
    BigInteger gone = BigInteger.ZERO;
    TreeSet<String> domains = new TreeSet<>();
    int counted = 0;
    int silent = 0;
    for (int worker : step.before().workers()) {
      WorkerRow old = step.before().worker(worker).row();
      boolean wasGone = old.status() == WorkerStatus.DEPARTED;
      boolean isGone = step.hasBothOfWorker(worker) && !step.after().worker(worker).isPresent();
      boolean isLate =
          wasGone
              && isGone
              && old.departure() == WorkerRow.Departure.BY_SILENCE
              && step.after().row.largestTick() - old.absentSince() <= config.departAfterTicks();
      BigInteger capacity = BigInteger.valueOf(old.description().capacityBytes());
      all = !wasGone || !isGone || isLate ? all.add(capacity) : all;
      if (isLate || (isGone && !wasGone)) {
        gone = gone.add(capacity);
        domains.add(old.description().domain());
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
