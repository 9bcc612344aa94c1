package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Violation.Invariant;
import dev.stowage.lifecycle.LifecycleView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** State: stamps agree with each other, with the newest ids and with the rows that they name. */
final class StampsAreSane implements StateCheck {
  @Override
  public void check(Facts fleet, Findings findings) {
    int[] chunkOfWorker = new int[fleet.rows.workerLimit()];
    Arrays.fill(chunkOfWorker, Facts.NONE);
    for (int chunk : fleet.chunks()) {
      for (int slot : fleet.slots(chunk)) {
        int worker = fleet.rows.replicaWorker(slot);
        String wrong = wrongStamps(fleet, slot);
        wrong = wrong == null ? wrongRows(fleet, chunk) : wrong;
        if (wrong == null && chunkOfWorker[worker] == chunk) {
          wrong = "the replica is recorded twice";
        }
        chunkOfWorker[worker] = chunk;
        if (wrong != null) {
          findings.add(Invariant.STAMPS_ARE_SANE, fleet.name(slot), wrong);
        }
      }
    }
    long newest = fleet.row.workerAssignment();
    for (int worker : fleet.workers()) {
      judgeWorker(fleet.worker(worker), newest, findings);
    }
    if (fleet.row.watermark() > newest) {
      findings.add(
          Invariant.STAMPS_ARE_SANE,
          "watermark",
          fleet.row.watermark() + ", beyond the newest assignment " + newest);
    }
    checkChunks(fleet, findings);
  }

  private static @Nullable String wrongStamps(Facts fleet, int slot) {
    long since = fleet.rows.since(slot);
    long superseded = fleet.rows.supersededAt(slot);
    long released = fleet.rows.releasedAt(slot);
    long newestOfWorkers = fleet.row.workerAssignment();
    long newestOfPortals = fleet.row.portalAssignment();
    if (since < 0 || since > newestOfWorkers) {
      return "since " + since + " lies outside 0.." + newestOfWorkers;
    }
    if (superseded != 0 && superseded < since) {
      return "superseded at " + superseded + ", before since " + since;
    }
    if (superseded > newestOfWorkers) {
      return "superseded at " + superseded + ", beyond the newest assignment " + newestOfWorkers;
    }
    if (released != 0 && superseded == 0) {
      return "released at " + released + " while assigned";
    }
    if (released > newestOfPortals) {
      return "released at " + released + ", beyond the newest assignment " + newestOfPortals;
    }
    if (fleet.rows.isNamed(slot) && released != 0) {
      return "released at " + released + " and still named by the newest portal assignment";
    }
    return null;
  }

  private static @Nullable String wrongRows(Facts fleet, int chunk) {
    ChunkState state = fleet.rows.chunkState(chunk);
    if (state != ChunkState.ADMITTED
        && state != ChunkState.VISIBLE
        && state != ChunkState.DROPPED) {
      return "a replica of a chunk that is " + Facts.word(state);
    }
    return fleet.rows.isEstablished(chunk) ? null : "a replica of a chunk that is still new";
  }

  static void judgeWorker(WorkerFacts worker, long newest, Findings findings) {
    if (worker.lastApplied() > newest) {
      findings.add(
          Invariant.STAMPS_ARE_SANE,
          worker.id().value(),
          "applied " + worker.lastApplied() + ", beyond the newest assignment " + newest);
    }
  }

  private static void checkChunks(Facts fleet, Findings findings) {
    LifecycleView rows = fleet.rows;
    for (int chunk : fleet.chunks()) {
      ChunkState state = rows.chunkState(chunk);
      boolean isEstablished = rows.isEstablished(chunk);
      String wrong = null;
      if (state == ChunkState.VISIBLE && !isEstablished) {
        wrong = "visible, but no worker assignment ever named it";
      } else if ((state == ChunkState.OFFERED || state == ChunkState.REJECTED)
          && (isEstablished || rows.isMarked(chunk))) {
        wrong = "established or marked while " + Facts.word(state);
      } else if (state.isLive() && rows.isOncePossessed(chunk) && !isEstablished) {
        wrong = "possessed once, but no worker assignment ever named it";
      }
      if (wrong != null) {
        findings.add(Invariant.STAMPS_ARE_SANE, rows.chunkKey(chunk).toString(), wrong);
      }
    }
  }
}
