package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;

/** State and step: portals are sent only to workers whose named disk confirmed. */
final class TwoPhaseIn implements StateCheck, StepCheck {
  @Override
  public void check(FleetSnapshot fleet, Findings findings) {
    ReplicaColumns replicas = fleet.replicas();
    for (int replica = 0; replica < replicas.count; replica++) {
      if (replicas.named[replica] && replicas.missingSince[replica] == FleetSnapshot.NONE) {
        judge(fleet, replica, findings);
      }
    }
  }

  private static void judge(FleetSnapshot fleet, int replica, Findings findings) {
    int worker = fleet.replicas().worker[replica];
    long since = fleet.replicas().since[replica];
    byte state = fleet.chunks().state[fleet.replicas().chunk[replica]];
    if (state != ChunkColumns.VISIBLE) {
      findings.add(
          Invariant.TWO_PHASE_IN,
          fleet.replicaName(replica),
          "named to portals while its chunk is " + ChunkColumns.stateName(state));
    }
    long proven = Math.max(fleet.workers().lastApplied[worker], fleet.header().watermark());
    if (proven < since && !fleet.workers().unproven[worker]) {
      findings.add(
          Invariant.TWO_PHASE_IN,
          fleet.replicaName(replica),
          "named to portals, assigned since " + since + ", but confirmed only up to " + proven);
    }
  }

  @Override
  public void check(AuditStep step, Findings findings) {
    if (step.kind() != AuditStep.Kind.PUBLISH) {
      return;
    }
    FleetSnapshot fleet = step.after();
    Facts facts = new Facts(fleet);
    ReplicaColumns replicas = fleet.replicas();
    for (int replica = 0; replica < replicas.count; replica++) {
      boolean routed = facts.isRouted(replica);
      boolean judged = !fleet.workers().inventoryPending[replicas.worker[replica]];
      if (judged && routed != replicas.named[replica]) {
        findings.add(
            Invariant.TWO_PHASE_IN,
            fleet.replicaName(replica),
            routed ? "routed, but not named to portals" : "named to portals, but not routed");
      }
    }
  }
}
