package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;

/** An oracle of documents: messages lead a recipient to the full document. */
final class TellingOracle {
  private static final String NAME = "world: a delta leads to what the full document says";

  private final WorldFindings findings;

  TellingOracle(WorldFindings findings) {
    this.findings = findings;
  }

  /** Judges a worker that has applied everything: number of entries and sum agree. */
  void slice(SimulatedWorker worker, WorkerSlice slice) {
    findings.checked(1);
    if (worker.told().size() != slice.size() || worker.toldSum() != slice.checksum()) {
      differs(worker, slice);
    }
  }

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
    findings.violated(NAME, worker.id() + " holds other entries than slice " + slice.id());
  }

  void whole(RouteTable kept, RouteTable newest) {
    findings.checked(newest.routes().size());
    if (!kept.routes().equals(newest.routes())) {
      findings.violated(
          NAME, "deltas lead to other routes than those of portal assignment " + newest.id());
    }
  }

  /**
   * Judges the next routes of a portal against the newest ones, if both have the same id. Equal
   * tables share their judgements.
   */
  void routes(SimulatedPortal portal, RouteTable next, RouteTable newest) {
    if (next.id() == newest.id()) {
      findings.checked(next.routes().size());
      if (!next.routes().equals(newest.routes())) {
        findings.violated(
            NAME,
            portal.name() + " uses other routes than those of portal assignment " + newest.id());
      } else if (next != newest) {
        newest.isLike(next);
      }
    }
  }
}
