package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One portal assignment as portals use it, indexed by the bytes that it names. One that a change
 * led to knows the change, so that who has judged the table before it need not judge all again.
 */
public final class RouteTable {
  /** The canonical order of routes: dataset, first block, chunk id. */
  static final Comparator<Route> ORDER =
      Comparator.comparing((Route route) -> route.key().dataset())
          .thenComparingLong(route -> route.range().first())
          .thenComparing(Route::key);

  private static final int[] NOT_IN_PLACE = {};

  /**
   * The difference between two tables; other routes are in both.
   *
   * @param gone routes of the older table that are not in the newer one, in canonical order
   * @param come routes of the newer table that are not in the older one, in canonical order
   * @param seams the indexes in the newer table of routes that have another predecessor there
   */
  record Change(List<Route> gone, List<Route> come, List<Integer> seams) {
    static final Change NONE = new Change(List.of(), List.of(), List.of());
  }

  private final long id;
  private final List<Route> routes;
  private final RouteIndex index;
  private final long named;

  /** An identity of this table for its successors, which must not keep the table itself alive. */
  private final Object self = new Object();

  private @Nullable Object origin;
  private final Change change;
  private @Nullable PortalDelta lastDelta;
  private @Nullable RouteTable next;

  /** A table of routes in canonical order: dataset, first block, chunk id. */
  public RouteTable(long id, List<Route> routes) {
    this.id = id;
    this.routes = List.copyOf(routes);
    index = RouteIndex.of(this.routes);
    named = named(this.routes);
    origin = null;
    change = Change.NONE;
  }

  private RouteTable(long id, RouteTable from, List<Route> routes, Change change) {
    this.id = id;
    this.routes = routes;
    this.change = change;
    RouteIndex shared = from.index.changed(change.gone(), change.come());
    index = shared.isUnique() ? shared : RouteIndex.of(routes);
    named = from.named - named(change.gone()) + named(change.come());
    origin = from.self;
  }

  private static long named(List<Route> routes) {
    long named = 0;
    for (Route route : routes) {
      named += route.workers().size();
    }
    return named;
  }

  /** Returns the table after a delta: always one instance, and this one if nothing changes. */
  RouteTable changed(PortalDelta delta) {
    if (delta.to().value() == id && delta.removed().isEmpty() && delta.put().isEmpty()) {
      return this;
    }
    if (!delta.equals(lastDelta)) {
      lastDelta = delta;
      next = merged(delta);
    }
    return Objects.requireNonNull(next);
  }

  private RouteTable merged(PortalDelta delta) {
    int[] places = delta.removed().isEmpty() ? places(delta.put()) : NOT_IN_PLACE;
    return places.length == 0 ? rebuilt(delta) : replaced(delta, places);
  }

  /** Returns the indexes of the routes with the keys and blocks of {@code put}; all or none. */
  private int[] places(List<Route> put) {
    int[] places = new int[put.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = Collections.binarySearch(routes, put.get(i), ORDER);
      if (places[i] < 0) {
        return NOT_IN_PLACE;
      }
    }
    return places;
  }

  private RouteTable replaced(PortalDelta delta, int[] places) {
    Route[] after = routes.toArray(new Route[0]);
    List<Route> gone = new ArrayList<>();
    List<Integer> seams = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      int at = places[i];
      gone.add(after[at]);
      after[at] = delta.put().get(i);
      if (seams.isEmpty() || seams.get(seams.size() - 1) < at) {
        seams.add(at);
      }
      if (at + 1 < after.length) {
        seams.add(at + 1);
      }
    }
    Change made = new Change(List.copyOf(gone), delta.put(), List.copyOf(seams));
    return new RouteTable(delta.to().value(), this, List.of(after), made);
  }

  /** Returns this table with other chunks; both lists are in canonical order. */
  private RouteTable rebuilt(PortalDelta delta) {
    Set<ChunkKey> replaced = new HashSet<>(delta.removed());
    delta.put().forEach(route -> replaced.add(route.key()));
    List<Route> gone = new ArrayList<>();
    Merge merge = new Merge(routes.size() + delta.put().size());
    int put = 0;
    for (Route route : routes) {
      if (!replaced.isEmpty() && replaced.contains(route.key())) {
        gone.add(route);
        merge.isTorn = true;
        continue;
      }
      while (put < delta.put().size() && ORDER.compare(delta.put().get(put), route) < 0) {
        merge.come(delta.put().get(put++));
      }
      merge.stay(route);
    }
    delta.put().subList(put, delta.put().size()).forEach(merge::come);
    Change made = new Change(List.copyOf(gone), delta.put(), List.copyOf(merge.seams));
    return new RouteTable(delta.to().value(), this, List.copyOf(merge.after), made);
  }

  /** Collects routes in order, and records the seams between routes that were not adjacent. */
  private static final class Merge {
    private final List<Route> after;
    private final List<Integer> seams = new ArrayList<>();
    private boolean isTorn;

    Merge(int most) {
      after = new ArrayList<>(most);
    }

    void stay(Route route) {
      if (isTorn) {
        seams.add(after.size());
      }
      after.add(route);
      isTorn = false;
    }

    void come(Route route) {
      isTorn = true;
      stay(route);
      isTorn = true;
    }
  }

  /**
   * Returns the change from another table to this one, in one step or none; null if that is not
   * known, or if numbers do not tell routes apart.
   */
  @Nullable Change since(RouteTable older) {
    if (older == this && index.isUnique()) {
      return Change.NONE;
    }
    return older.self == origin && index.isUnique() && older.index.isUnique() ? change : null;
  }

  /**
   * Records that a complete comparison found this table equal to {@code other}, so judgements of
   * that one apply to this one.
   */
  void isLike(RouteTable other) {
    if (origin == null) {
      origin = other.self;
    }
  }

  long id() {
    return id;
  }

  /** Returns the visible chunks, in canonical order. */
  public List<Route> routes() {
    return routes;
  }

  /** Returns the number of workers that the routes name, in total. */
  public long named() {
    return named;
  }

  /** Returns the route of a chunk, if portals see it. */
  public Optional<Route> route(ChunkKey key) {
    return routes.stream().filter(route -> route.key().equals(key)).findFirst();
  }

  /** Returns the visible chunks of a dataset, in the order of their blocks. */
  public List<ChunkKey> visible(DatasetId dataset) {
    return routes.stream().map(Route::key).filter(it -> it.dataset().equals(dataset)).toList();
  }

  boolean shows(ChunkNumber number) {
    return index.get(number) != null;
  }

  /** Reports whether it sends readers of a chunk to a worker. */
  public boolean asks(ChunkNumber number, WorkerId worker) {
    Route route = index.get(number);
    return route != null && route.workers().contains(worker);
  }

  @Nullable Route route(ChunkNumber number) {
    return index.get(number);
  }
}
