package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;

/** Whoever applies what it is told holds what the full document says. */
final class TellingOracle {
  private static final String NAME = "world: a delta leads to what the full document says";

  private final WorldFindings findings;

  TellingOracle(WorldFindings findings) {
    this.findings = findings;
  }

  /** A worker has applied what leads to this slice: both have the same number of entries and sum. */
  void slice(SimulatedWorker worker, WorkerSlice slice) {
    findings.checked(1);
    if (worker.told().size() != slice.size() || worker.toldSum() != slice.checksum()) {
      differs(worker, slice);
    }
  }

  /** What a worker was told last is, entry by entry, what it holds. */
  void whole(SimulatedWorker worker) {
    WorkerSlice newest = worker.newest();
    if (newest != null) {
      judge(worker, newest);
    }
  }

  private void judge(SimulatedWorker worker, WorkerSlice slice) {
    findings.checked(slice.size());
    boolean same = worker.told().size() == slice.size();
    for (int i = 0; same && i < slice.size(); i++) {
      SliceEntry held = worker.told().get(slice.number(i));
      same = held != null && slice.isEntry(i, held);
    }
    if (!same) {
      differs(worker, slice);
    }
  }

  private void differs(SimulatedWorker worker, WorkerSlice slice) {
    findings.violated(NAME, worker.id() + " holds something else than slice " + slice.id());
  }

  /** What deltas from one assignment to the next have led to is what the newest one says. */
  void whole(RouteTable kept, RouteTable newest) {
    findings.checked(newest.routes().size());
    if (!kept.routes().equals(newest.routes())) {
      findings.violated(NAME, "deltas lead to something else than " + newest.id());
    }
  }

  /**
   * A portal is about to route by this; the newest is only looked at if it has the same id. Of a
   * newest that says the same is then known what is known of this.
   */
  void routes(SimulatedPortal portal, RouteTable next, RouteTable newest) {
    if (next.id() == newest.id()) {
      findings.checked(next.routes().size());
      if (!next.routes().equals(newest.routes())) {
        findings.violated(NAME, portal.name() + " routes by something else than " + newest.id());
      } else if (next != newest) {
        newest.isLike(next);
      }
    }
  }
}
