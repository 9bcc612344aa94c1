package dev.stowage.sim.kit.world;

import dev.stowage.client.RouteBook;
import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.WorkerId;
import java.util.Map;
import java.util.WeakHashMap;

/** An oracle of documents: messages lead a recipient to what the full document says. */
final class TellingOracle {
  private static final String NAME = "world: a delta leads to what the full document says";

  private final WorldFindings findings;

  /** The sums of the routes in use. */
  private final Map<RouteBook, Long> sums = new WeakHashMap<>();

  TellingOracle(WorldFindings findings) {
    this.findings = findings;
  }

  /** Judges the deeds of a worker that obeys a slice: {@code isSo} is what {@link #obeys} says. */
  void obeyed(WorkerId worker, WorkerSlice slice, boolean isSo) {
    findings.checked(slice.size());
    if (!isSo) {
      findings.violated(NAME, worker + " holds or fetches other chunks than slice " + slice.id());
    }
  }

  /**
   * Reports whether a worker holds or fetches all that a slice names, and nothing else but what the
   * slice says to keep.
   */
  static boolean obeys(ClientWorker worker, WorkerSlice slice) {
    long kept = slice.keep().stream().filter(worker::holds).count();
    int held = worker.disk().count() + worker.goneCount();
    boolean isSame = held + worker.wanted().size() - kept == slice.size();
    for (int i = 0; isSame && i < slice.size(); i++) {
      isSame = worker.hasOrders(slice.number(i));
    }
    return isSame;
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
