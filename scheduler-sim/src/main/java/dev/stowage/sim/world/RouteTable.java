package dev.stowage.sim.world;

import dev.stowage.lifecycle.Route;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One portal assignment as portals use it, indexed by the bytes that it names. Immutable. */
final class RouteTable {
  private final long id;
  private final List<Route> routes;
  private final Map<ChunkNumber, Route> byNumber;

  /** A table of routes in canonical order: dataset, first block, chunk id. */
  RouteTable(long id, List<Route> routes) {
    this.id = id;
    this.routes = List.copyOf(routes);
    byNumber = new HashMap<>(routes.size() * 2);
    routes.forEach(route -> byNumber.put(route.number(), route));
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
