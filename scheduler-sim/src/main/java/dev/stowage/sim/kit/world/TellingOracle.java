package dev.stowage.sim.kit.world;

import dev.stowage.client.RouteBook;
import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import java.util.Map;
import java.util.WeakHashMap;

/** An oracle of documents: messages lead a recipient to the full document. */
final class TellingOracle {
  private static final String NAME = "world: a delta leads to what the full document says";

  private final WorldFindings findings;

  /** The sums of the routes in use. */
  private final Map<RouteBook, Long> sums = new WeakHashMap<>();

  TellingOracle(WorldFindings findings) {
    this.findings = findings;
  }

  /** Judges a worker that has applied everything: number of entries and sum agree. */
  void slice(SimulatedWorker worker, WorkerSlice slice) {
    findings.checked(1);
    if (worker.book().namedCount() != slice.size() || worker.toldSum() != slice.checksum()) {
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
    boolean same = worker.book().namedCount() == slice.size();
    for (int i = 0; same && i < slice.size(); i++) {
      SliceEntry held = worker.book().named(slice.number(i));
      same = held != null && slice.isEntry(i, held);
    }
    if (!same) {
      differs(worker, slice);
    }
  }

  private void differs(SimulatedWorker worker, WorkerSlice slice) {
    findings.violated(NAME, worker.id() + " holds other entries than slice " + slice.id());
  }

  /** Judges all routes of a portal against the newest ones, if both are of one assignment. */
  void whole(String portal, RouteBook routes, PortalDelta newest) {
    if (routes.id().equals(newest.to()) && routes.lineage().equals(newest.lineage())) {
      findings.checked(routes.size());
      if (!routes.routes().equals(newest.put())) {
        differs(portal, routes);
      }
    }
  }

  /**
   * Judges the next routes of a portal against the newest ones, if both are of one assignment:
   * number of routes and sum agree.
   */
  void routes(String portal, RouteBook before, RouteBook next, RouteBook newest) {
    routes(portal, before, next, newest, sumOf(newest));
  }

  /** Judges as the other method does; {@code newestSum} is the sum of the newest routes. */
  void routes(String portal, RouteBook before, RouteBook next, RouteBook newest, long newestSum) {
    long sum = follows(before, next);
    if (next.id().equals(newest.id()) && next.lineage().equals(newest.lineage())) {
      findings.checked(next.size());
      if (next.size() != newest.size() || sum != newestSum) {
        differs(portal, next);
      }
    }
  }

  /** Returns the sum of the routes in a book that was followed. */
  long sumOf(RouteBook routes) {
    return sums.getOrDefault(routes, 0L);
  }

  /** Returns the sum of the routes after a change. */
  long follows(RouteBook before, RouteBook next) {
    long sum = sums.getOrDefault(before, 0L);
    for (Route gone : before.without(next)) {
      sum -= mixed(gone);
    }
    for (Route come : next.without(before)) {
      sum += mixed(come);
    }
    sums.put(next, sum);
    return sum;
  }

  /** Spreads a hash, so that a sum of some tells them apart. */
  private static long mixed(Route route) {
    long spread = route.hashCode() * 0x9e3779b97f4a7c15L;
    return (spread ^ spread >>> 32) * 0xbf58476d1ce4e5b9L;
  }

  private void differs(String portal, RouteBook routes) {
    findings.violated(
        NAME, portal + " uses other routes than those of portal assignment " + routes.id());
  }
}
