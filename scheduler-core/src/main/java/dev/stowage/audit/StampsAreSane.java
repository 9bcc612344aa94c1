package dev.stowage.audit;

import static dev.stowage.audit.FleetSnapshot.NONE;

import dev.stowage.answer.Violation.Invariant;
import dev.stowage.model.WorkerId;

/** State: stamps agree with each other, with the newest ids and with the rows that they name. */
final class StampsAreSane implements StateCheck {
  @Override
  public void check(FleetSnapshot fleet, Findings findings) {
    int[] chunkOfWorker = new int[fleet.workerCount()];
    java.util.Arrays.fill(chunkOfWorker, -1);
    ReplicaColumns replicas = fleet.replicas();
    for (int replica = 0; replica < replicas.count; replica++) {
      String wrong = wrongStamps(replicas, replica, fleet.header());
      if (wrong == null) {
        wrong = wrongRows(fleet, replica);
      }
      if (wrong == null && chunkOfWorker[replicas.worker[replica]] == replicas.chunk[replica]) {
        wrong = "the replica is recorded twice";
      }
      if (wrong != null) {
        findings.add(Invariant.STAMPS_ARE_SANE, fleet.replicaName(replica), wrong);
      }
      chunkOfWorker[replicas.worker[replica]] = replicas.chunk[replica];
    }
    checkWorkers(fleet, findings);
    checkChunks(fleet.chunks(), findings);
  }

  private static @org.jspecify.annotations.Nullable String wrongStamps(
      ReplicaColumns replicas, int replica, FleetSnapshot.Header header) {
    long since = replicas.since[replica];
    long superseded = replicas.supersededAt[replica];
    long released = replicas.releasedAt[replica];
    if (since < 0 || since > header.newestWorkerAssignment()) {
      return "since " + since + " lies outside 0.." + header.newestWorkerAssignment();
    }
    if (superseded != NONE && superseded < since) {
      return "superseded at " + superseded + ", before since " + since;
    }
    if (superseded > header.newestWorkerAssignment()) {
      return "superseded at "
          + superseded
          + ", beyond the newest assignment "
          + header.newestWorkerAssignment();
    }
    if (released != NONE && superseded == NONE) {
      return "released at " + released + " while assigned";
    }
    if (released > header.newestPortalAssignment()) {
      return "released at "
          + released
          + ", beyond the newest assignment "
          + header.newestPortalAssignment();
    }
    if (replicas.named[replica] && released != NONE) {
      return "released at " + released + " and still named by the newest portal assignment";
    }
    return null;
  }

  private static @org.jspecify.annotations.Nullable String wrongRows(
      FleetSnapshot fleet, int replica) {
    ChunkColumns chunks = fleet.chunks();
    int chunk = fleet.replicas().chunk[replica];
    byte state = chunks.state[chunk];
    if (state != ChunkColumns.ADMITTED
        && state != ChunkColumns.VISIBLE
        && state != ChunkColumns.DROPPED) {
      return "a replica of a chunk that is " + ChunkColumns.stateName(state);
    }
    return chunks.established[chunk] ? null : "a replica of a chunk that is still new";
  }

  private static void checkWorkers(FleetSnapshot fleet, Findings findings) {
    WorkerColumns workers = fleet.workers();
    long newest = fleet.header().newestWorkerAssignment();
    for (int worker = 0; worker < workers.count; worker++) {
      judgeWorker(workers.id[worker], workers.lastApplied[worker], newest, findings);
    }
    if (fleet.header().watermark() > newest) {
      findings.add(
          Invariant.STAMPS_ARE_SANE,
          "watermark",
          fleet.header().watermark() + ", beyond the newest assignment " + newest);
    }
  }

  static void judgeWorker(WorkerId worker, long lastApplied, long newest, Findings findings) {
    if (lastApplied > newest) {
      findings.add(
          Invariant.STAMPS_ARE_SANE,
          worker.value(),
          "applied " + lastApplied + ", beyond the newest assignment " + newest);
    }
  }

  private static void checkChunks(ChunkColumns chunks, Findings findings) {
    for (int chunk = 0; chunk < chunks.count; chunk++) {
      boolean mayBeMarked =
          chunks.state[chunk] == ChunkColumns.ADMITTED
              || chunks.state[chunk] == ChunkColumns.VISIBLE;
      String wrong = null;
      if (chunks.state[chunk] == ChunkColumns.VISIBLE && !chunks.established[chunk]) {
        wrong = "visible, but no worker assignment ever named it";
      } else if (chunks.state[chunk] <= ChunkColumns.REJECTED
          && (chunks.established[chunk] || chunks.marked[chunk])) {
        wrong = "established or marked while " + ChunkColumns.stateName(chunks.state[chunk]);
      } else if (chunks.state[chunk] == ChunkColumns.DROPPED && chunks.windowEnd[chunk] == NONE) {
        wrong = "dropped without an end of its window";
      } else if (mayBeMarked && chunks.everPossessed[chunk] && !chunks.established[chunk]) {
        wrong = "possessed once, but no worker assignment ever named it";
      }
      if (wrong != null) {
        findings.add(Invariant.STAMPS_ARE_SANE, chunks.key(chunk).toString(), wrong);
      }
    }
  }
}
