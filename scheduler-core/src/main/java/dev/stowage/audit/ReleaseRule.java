package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
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
    FleetSnapshot fleet = step.after();
    for (int chunk = 0; chunk < fleet.chunkCount(); chunk++) {
      if (!PublishedReplicas.isUnsettled(fleet, chunk)) {
        judgeWindows(step, replicas, chunk, findings);
        if (fleet.chunks().state[chunk] == ChunkColumns.VISIBLE) {
          judgeReleases(fleet, replicas, chunk, findings);
          judgeRecall(fleet, replicas, chunk, findings);
        }
      }
    }
    judgeDrops(step, findings);
  }

  private static void judgeReleases(
      FleetSnapshot fleet, PublishedReplicas replicas, int chunk, Findings findings) {
    int assigned = 0;
    int routed = 0;
    int anywhere = 0;
    int counted = 0;
    int[] start = fleet.chunks().replicaStart;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      boolean isAssigned = fleet.replicas().isAssigned(replica);
      boolean isRouted = replicas.wasRouted(replica);
      int holder = fleet.replicas().worker[replica];
      boolean isCounted = fleet.workers().isCounted(holder);
      boolean isWaitedFor = isRouted || fleet.workers().status[holder] != WorkerStatus.AWAY;
      assigned += isAssigned && isWaitedFor ? 1 : 0;
      routed += isRouted ? 1 : 0;
      anywhere += isAssigned && isRouted ? 1 : 0;
      counted += isAssigned && isRouted && isCounted ? 1 : 0;
    }
    int need = Math.min(Math.max(fleet.chunks().floor[chunk], assigned), routed);
    need = fleet.header().gated() ? need : 1;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      if (!replicas.isReleasedNow(replica)) {
        continue;
      }
      boolean isCounted = fleet.workers().isCounted(fleet.replicas().worker[replica]);
      int have = isCounted ? counted : anywhere;
      boolean isPast =
          fleet.header().quorumPercent() == FleetSnapshot.NONE
              || fleet.header().watermark() >= fleet.replicas().supersededAt[replica];
      if (have < need || !isPast) {
        findings.add(
            Invariant.TWO_PHASE_OUT,
            fleet.replicaName(replica),
            "released with "
                + have
                + " of "
                + need
                + " replacements routed"
                + (isPast ? "" : ", before the watermark reached the superseding assignment"));
      }
    }
  }

  private static void judgeRecall(
      FleetSnapshot fleet, PublishedReplicas replicas, int chunk, Findings findings) {
    int routed = 0;
    int drainingThere = -1;
    int[] start = fleet.chunks().replicaStart;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      routed += replicas.facts().isRouted(replica) ? 1 : 0;
      boolean isThere =
          replicas.facts().isPossessed(replica) && replicas.facts().isConfirmed(replica);
      if (fleet.replicas().isDraining(replica)
          && isThere
          && fleet.workers().isPresent(fleet.replicas().worker[replica])) {
        drainingThere = replica;
      }
    }
    int wanted = fleet.header().gated() ? fleet.chunks().floor[chunk] : 1;
    if (routed < wanted && drainingThere >= 0) {
      findings.add(
          Invariant.TWO_PHASE_OUT,
          fleet.replicaName(drainingThere),
          "drains while " + routed + " of " + wanted + " replicas are routed");
    }
  }

  // A recently lowered window still counts.
  private static long windowEnd(AuditStep step) {
    long begins = step.answer().commitTick();
    long window = step.after().header().drainWindowTicks();
    for (FleetRow.FormerWindow former : step.after().row().formerWindows()) {
      window = begins < former.untilTick() ? Math.max(window, former.windowTicks()) : window;
    }
    return begins > Long.MAX_VALUE - window ? Long.MAX_VALUE : begins + window;
  }

  private static void judgeWindows(
      AuditStep step, PublishedReplicas replicas, int chunk, Findings findings) {
    FleetSnapshot fleet = step.after();
    long end = windowEnd(step);
    int[] start = fleet.chunks().replicaStart;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      boolean begins =
          !fleet.replicas().named[replica]
              && (replicas.wasNamed(replica) || replicas.isReleasedNow(replica));
      if (begins && end > 0 && fleet.replicas().readableUntil[replica] < end) {
        findings.add(
            Invariant.TWO_PHASE_OUT,
            fleet.replicaName(replica),
            "readable until tick "
                + fleet.replicas().readableUntil[replica]
                + "; its drain window ends at tick "
                + end);
      }
    }
  }

  private static void judgeDrops(AuditStep step, Findings findings) {
    ChunkColumns old = step.before().chunks();
    ChunkColumns young = step.after().chunks();
    long end = windowEnd(step);
    for (int chunk = 0; chunk < old.count; chunk++) {
      int after = step.chunkAfter(chunk);
      boolean isDropped =
          after >= 0
              && old.state[chunk] == ChunkColumns.VISIBLE
              && young.state[after] == ChunkColumns.DROPPED;
      if (isDropped && young.windowEnd[after] < end) {
        findings.add(
            Invariant.TWO_PHASE_OUT,
            young.key[after].toString(),
            "dropped with a window until tick "
                + young.windowEnd[after]
                + "; the drain window ends at tick "
                + end);
      }
    }
  }
}
