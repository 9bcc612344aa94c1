package dev.stowage.audit;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Step: portal assignments are minted exactly on change (lifecycle design, section 1). */
final class PortalMintedOnChange implements StepCheck {
  @Override
  public void check(AuditStep step, Findings findings) {
    long old = step.before().header().newestPortalAssignment();
    long young = step.after().header().newestPortalAssignment();
    boolean isMinted = young != old;
    boolean isChanged =
        isAnotherChunkVisible(step) || isAnotherWorkerNamed(step) || isAnotherZoneTold(step);
    if (isMinted && step.kind() != AuditStep.Kind.PUBLISH) {
      find("minted by a command that is no visibility cycle", young, findings);
    } else if (isMinted && !isChanged) {
      find("minted although it equals the one before", young, findings);
    } else if (isChanged && !isMinted) {
      find("not minted although what is published changed", young + 1, findings);
    } else if (young > old + 1) {
      find("minted although the next id was " + (old + 1), young, findings);
    }
  }

  private static void find(String what, long id, Findings findings) {
    findings.add(Invariant.BOUNDS_ARE_KEPT, "portal assignment " + id, what);
  }

  private static boolean isAnotherChunkVisible(AuditStep step) {
    ChunkColumns old = step.before().chunks();
    ChunkColumns young = step.after().chunks();
    int seen = 0;
    for (int chunk = 0; chunk < old.count; chunk++) {
      boolean was = old.state[chunk] == ChunkColumns.VISIBLE;
      int now = step.chunkAfter(chunk);
      boolean is = now >= 0 && young.state[now] == ChunkColumns.VISIBLE;
      if (was != is) {
        return true;
      }
      seen += is ? 1 : 0;
    }
    for (int chunk = 0; chunk < young.count; chunk++) {
      seen -= young.state[chunk] == ChunkColumns.VISIBLE ? 1 : 0;
    }
    return seen != 0;
  }

  private static boolean isAnotherWorkerNamed(AuditStep step) {
    FleetSnapshot old = step.before();
    for (int chunk = 0; chunk < old.chunks().count; chunk++) {
      int now = step.chunkAfter(chunk);
      if (now < 0 ? !names(old, chunk).isEmpty() : !isNamedAlike(step, chunk, now)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAnotherZoneTold(AuditStep step) {
    WorkerColumns old = step.before().workers();
    WorkerColumns young = step.after().workers();
    BitSet rezoned = new BitSet();
    for (int worker = 0; worker < old.count; worker++) {
      int now = step.workerAfter(worker);
      if (now >= 0 && !old.zoneInRoutes[worker].equals(young.zoneInRoutes[now])) {
        rezoned.set(now);
      }
    }
    ReplicaColumns replicas = step.after().replicas();
    for (int replica = 0; !rezoned.isEmpty() && replica < replicas.count; replica++) {
      if (replicas.named[replica] && rezoned.get(replicas.worker[replica])) {
        return true;
      }
    }
    return false;
  }

  // Fast path: nearly all chunks name equal rows.
  private static boolean isNamedAlike(AuditStep step, int chunk, int now) {
    FleetSnapshot old = step.before();
    FleetSnapshot young = step.after();
    int first = old.chunks().replicaStart[chunk];
    int shift = young.chunks().replicaStart[now] - first;
    int end = old.chunks().replicaStart[chunk + 1];
    boolean isSame =
        end + shift == young.chunks().replicaStart[now + 1]
            && old.chunks().goneNames.get(chunk).equals(young.chunks().goneNames.get(now));
    for (int replica = first; replica < end && isSame; replica++) {
      isSame =
          old.replicas().named[replica] == young.replicas().named[replica + shift]
              && step.workerAfter(old.replicas().worker[replica])
                  == young.replicas().worker[replica + shift];
    }
    return isSame || names(old, chunk).equals(names(young, now));
  }

  private static List<WorkerId> names(FleetSnapshot fleet, int chunk) {
    List<WorkerId> names = new ArrayList<>(fleet.chunks().goneNames.get(chunk));
    ReplicaColumns replicas = fleet.replicas();
    int end = fleet.chunks().replicaStart[chunk + 1];
    for (int replica = fleet.chunks().replicaStart[chunk]; replica < end; replica++) {
      if (replicas.named[replica]) {
        names.add(fleet.workers().id[replicas.worker[replica]]);
      }
    }
    names.sort(null);
    return names;
  }
}
