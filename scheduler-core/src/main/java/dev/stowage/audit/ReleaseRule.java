package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.WorkerStatus;

/**
 * Step of "two-phase, out": releases keep enough routed replacements, no dark chunk and a whole
 * window (lifecycle design, section 4, steps 3 to 5, and section 2).
 */
final class ReleaseRule implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() != AuditStep.Kind.PUBLISH) {
      return;
    }
    PublishedReplicas replicas = new PublishedReplicas(step);
    Facts fleet = step.after();
    for (int chunk : fleet.chunks()) {
      if (fleet.isVisible(chunk) && !fleet.hasInventory(chunk)) {
        judgeRecall(fleet, chunk, findings);
      }
    }
    for (int chunk : step.changed()) {
      if (fleet.rows.isChunk(chunk) && !fleet.hasInventory(chunk)) {
        judgeWindows(step, replicas, chunk, findings);
        if (fleet.isVisible(chunk)) {
          judgeReleases(replicas, chunk, findings);
        }
      }
    }
    judgeDrops(step, findings);
  }

  private static void judgeReleases(PublishedReplicas replicas, int chunk, Findings findings) {
    Facts fleet = replicas.after();
    int assigned = 0;
    int routed = 0;
    int anywhere = 0;
    int counted = 0;
    for (int slot : fleet.slots(chunk)) {
      boolean isAssigned = fleet.isAssigned(slot);
      boolean isRouted = replicas.wasRouted(slot);
      boolean isWaitedFor = isRouted || fleet.holder(slot).status() != WorkerStatus.AWAY;
      assigned += isAssigned && isWaitedFor ? 1 : 0;
      routed += isRouted ? 1 : 0;
      anywhere += isAssigned && isRouted ? 1 : 0;
      counted += isAssigned && isRouted && fleet.holder(slot).isCounted() ? 1 : 0;
    }
    int need = Math.min(Math.max(fleet.floor(chunk), assigned), routed);
    need = fleet.isGated() ? need : 1;
    for (int slot : fleet.slots(chunk)) {
      if (!replicas.isReleasedNow(slot)) {
        continue;
      }
      int have = fleet.holder(slot).isCounted() ? counted : anywhere;
      boolean isPast =
          fleet.isPerWorker() || fleet.row.watermark() >= fleet.rows.supersededAt(slot);
      if (have < need || !isPast) {
        findings.add(
            Invariant.TWO_PHASE_OUT,
            fleet.name(slot),
            "released with "
                + have
                + " of "
                + need
                + " replacements routed"
                + (isPast ? "" : ", before the watermark reached the superseding assignment"));
      }
    }
  }

  private static void judgeRecall(Facts fleet, int chunk, Findings findings) {
    int routed = 0;
    int drainingThere = Facts.NONE;
    for (int slot : fleet.slots(chunk)) {
      routed += fleet.isRouted(slot) ? 1 : 0;
      if (fleet.isDraining(slot)
          && fleet.isPossessed(slot)
          && fleet.isConfirmed(slot)
          && fleet.holder(slot).isPresent()) {
        drainingThere = slot;
      }
    }
    int wanted = fleet.isGated() ? fleet.floor(chunk) : 1;
    if (routed < wanted && drainingThere != Facts.NONE) {
      findings.add(
          Invariant.TWO_PHASE_OUT,
          fleet.name(drainingThere),
          "drains while " + routed + " of " + wanted + " replicas are routed");
    }
  }

  // A recently lowered window still counts.
  private static long windowEnd(AuditStep step) {
    long begins = step.answer().commitTick();
    long window = step.after().config().drainWindowTicks();
    for (FleetRow.FormerWindow former : step.after().row.formerWindows()) {
      window = begins < former.untilTick() ? Math.max(window, former.windowTicks()) : window;
    }
    return begins > Long.MAX_VALUE - window ? Long.MAX_VALUE : begins + window;
  }

  private static void judgeWindows(
      AuditStep step, PublishedReplicas replicas, int chunk, Findings findings) {
    Facts fleet = step.after();
    long end = windowEnd(step);
    for (int slot : fleet.slots(chunk)) {
      boolean begins =
          !fleet.rows.isNamed(slot) && (replicas.wasNamed(slot) || replicas.isReleasedNow(slot));
      if (begins && end > 0 && fleet.rows.readableUntil(slot) < end) {
        findings.add(
            Invariant.TWO_PHASE_OUT,
            fleet.name(slot),
            "readable until tick "
                + fleet.rows.readableUntil(slot)
                + "; its drain window ends at tick "
                + end);
      }
    }
  }

  private static void judgeDrops(AuditStep step, Findings findings) {
    LifecycleView rows = step.after().rows;
    long end = windowEnd(step);
    for (int chunk : step.changed()) {
      boolean isDropped =
          step.hasBoth(chunk)
              && step.before().isVisible(chunk)
              && rows.chunkState(chunk) == ChunkState.DROPPED;
      if (isDropped && rows.endTick(chunk) < end) {
        findings.add(
            Invariant.TWO_PHASE_OUT,
            rows.chunkKey(chunk).toString(),
            "dropped with a window until tick "
                + rows.endTick(chunk)
                + "; the drain window ends at tick "
                + end);
      }
    }
  }
}
