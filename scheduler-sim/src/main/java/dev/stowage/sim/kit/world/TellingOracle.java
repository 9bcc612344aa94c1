package dev.stowage.sim.kit.world;

import dev.stowage.client.RouteBook;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** An oracle of documents: messages lead a recipient to what the full document says. */
final class TellingOracle {
  private static final String NAME = "world: a delta leads to what the full document says";
  private static final String STALE = "world: routes are used for the portal window at most";
  private static final String INTERESTS = "world: a portal sees its datasets alone";

  private final WorldFindings findings;

  /** The sums of the routes in use, by dataset. */
  private final Map<RouteBook, Map<DatasetId, Sum>> sums = new WeakHashMap<>();

  /** The number of routes, and the sum of their spread hashes. */
  record Sum(long count, long hashes) {
    static final Sum NONE = new Sum(0, 0);

    Sum plus(Sum other) {
      return new Sum(count + other.count, hashes + other.hashes);
    }
  }

  TellingOracle(WorldFindings findings) {
    this.findings = findings;
    List.of(NAME, STALE, INTERESTS).forEach(each -> findings.checked(each, 0));
  }

  /** Judges the deeds of a worker that obeys a slice: {@code isSo} is what {@link #obeys} says. */
  void obeyed(WorkerId worker, WorkerSlice slice, boolean isSo) {
    findings.checked(NAME, slice.size());
    if (!isSo) {
      findings.violated(NAME, worker + " holds or lacks other chunks than slice " + slice.id());
    }
  }

  /**
   * Reports whether a worker holds or lacks all that a slice names, and holds and fetches nothing
   * else but what the slice says to keep.
   */
  static boolean obeys(ClientWorker worker, WorkerSlice slice) {
    long kept = slice.keep().stream().filter(worker::holds).count();
    int held = 0;
    int fetched = 0;
    for (int i = 0; i < slice.size(); i++) {
      held += worker.hasHad(slice.number(i)) ? 1 : 0;
      fetched += worker.isFetching(slice.number(i)) ? 1 : 0;
    }
    return held + kept == worker.disk().count() + worker.goneCount()
        && held + worker.client().status().missingChunks() == slice.size()
        && fetched == worker.fetchCount();
  }

  /** Judges all routes of a portal against the newest ones, if both are of one assignment. */
  void whole(String portal, RouteBook routes, RoutesDocument newest) {
    if (routes.id().equals(newest.id()) && routes.lineage().equals(newest.lineage())) {
      findings.checked(NAME, routes.size());
      if (!routes.routes().equals(newest.put())) {
        differs(portal, routes);
      }
    }
  }

  /** Judges as the other method does a portal of all datasets. */
  void routes(String portal, RouteBook before, RouteBook next, RouteBook newest) {
    routes(portal, before, next, newest, sumsOf(newest), Set.of());
  }

  /**
   * Judges the next routes of a portal against the newest ones, if both are of one assignment:
   * number of routes and sums agree, and it has none of a dataset that it does not follow.
   *
   * @param newestSums the sums of the newest routes
   * @param followed the datasets of the portal; empty for all
   */
  void routes(
      String portal,
      RouteBook before,
      RouteBook next,
      RouteBook newest,
      Map<DatasetId, Sum> newestSums,
      Set<DatasetId> followed) {
    Map<DatasetId, Sum> sums = follows(before, next);
    findings.checked(INTERESTS, followed.isEmpty() ? 0 : next.size());
    if (!followed.isEmpty() && !followed.containsAll(sums.keySet())) {
      findings.violated(INTERESTS, portal + " has routes of other datasets than " + followed);
    }
    if (next.id().equals(newest.id()) && next.lineage().equals(newest.lineage())) {
      findings.checked(NAME, next.size());
      Map<DatasetId, Sum> expected = new HashMap<>(newestSums);
      if (!followed.isEmpty()) {
        expected.keySet().retainAll(followed);
      }
      long count = expected.values().stream().mapToLong(Sum::count).sum();
      if (next.size() != count || !sums.equals(expected)) {
        differs(portal, next);
      }
    }
  }

  /**
   * Judges the use of routes that were replaced {@code ticks} ago by those that came after them.
   */
  void replaced(String portal, RouteBook used, long ticks, long windowTicks) {
    findings.checked(STALE, 1);
    if (ticks > windowTicks) {
      findings.violated(
          STALE,
          portal
              + " uses assignment "
              + used.id()
              + ", replaced "
              + ticks
              + " ticks ago; its window is "
              + windowTicks);
    }
  }

  /** Returns the sums of the routes in a book that was followed, by dataset. */
  Map<DatasetId, Sum> sumsOf(RouteBook routes) {
    return sums.getOrDefault(routes, Map.of());
  }

  /** Returns the sums of the routes after a change. */
  Map<DatasetId, Sum> follows(RouteBook before, RouteBook next) {
    Map<DatasetId, Sum> now = new HashMap<>(sumsOf(before));
    before.without(next).forEach(gone -> add(now, gone, -1));
    next.without(before).forEach(come -> add(now, come, 1));
    sums.put(next, now);
    return now;
  }

  private static void add(Map<DatasetId, Sum> to, Route route, int times) {
    Sum change = new Sum(times, times * mixed(route));
    to.merge(route.key().dataset(), change, Sum::plus);
    to.remove(route.key().dataset(), Sum.NONE);
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
