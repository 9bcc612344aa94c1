package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One portal assignment as portals use it, indexed by the bytes that it names. */
final class RouteTable {
  private static final Comparator<Route> ORDER =
      Comparator.comparing((Route route) -> route.key().dataset())
          .thenComparingLong(route -> route.range().first())
          .thenComparing(Route::key);

  private final long id;
  private final List<Route> routes;
  private final Map<ChunkNumber, Route> byNumber;
  private @Nullable PortalDelta lastDelta;
  private @Nullable RouteTable next;

  /** A table of routes in canonical order: dataset, first block, chunk id. */
  RouteTable(long id, List<Route> routes) {
    this.id = id;
    this.routes = List.copyOf(routes);
    byNumber = new HashMap<>(routes.size() * 2);
    routes.forEach(route -> byNumber.put(route.number(), route));
  }

  /** The table that a change leads to; the one before it if it was asked for that already. */
  RouteTable changed(PortalDelta delta) {
    if (!delta.equals(lastDelta)) {
      lastDelta = delta;
      next = new RouteTable(delta.to().value(), merged(delta));
    }
    return Objects.requireNonNull(next);
  }

  /** Both lists are in canonical order. */
  private List<Route> merged(PortalDelta delta) {
    Set<ChunkKey> gone = new HashSet<>(delta.removed());
    delta.put().forEach(route -> gone.add(route.key()));
    List<Route> after = new ArrayList<>(routes.size() + delta.put().size());
    int put = 0;
    for (Route route : routes) {
      if (gone.contains(route.key())) {
        continue;
      }
      while (put < delta.put().size() && ORDER.compare(delta.put().get(put), route) < 0) {
        after.add(delta.put().get(put++));
      }
      after.add(route);
    }
    after.addAll(delta.put().subList(put, delta.put().size()));
    return after;
  }

  /** The number of the assignment. */
  long id() {
    return id;
  }

  /** The visible chunks, in canonical order. */
  List<Route> routes() {
    return routes;
  }

  boolean shows(ChunkNumber number) {
    return byNumber.containsKey(number);
  }

  boolean asks(ChunkNumber number, WorkerId worker) {
    Route route = byNumber.get(number);
    return route != null && route.workers().contains(worker);
  }
}
