package dev.stowage.sim.kit.world;

import dev.stowage.client.PortalClient;
import dev.stowage.client.PortalClient.Sight;
import dev.stowage.client.RouteBook;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Knows where bytes really are, and judges by that what portals are told and what workers delete:
 *
 * <ul>
 *   <li>a portal is only told of workers that really have the bytes;
 *   <li>no worker deletes what some portal may still ask it for;
 *   <li>no deletion leaves a chunk that portals see with fewer real copies than its floor.
 * </ul>
 *
 * <p>Bytes that vanished with a disk, and whose loss a portal has not heard of yet, are a miss that
 * is measured, as the lifecycle design, section 10, allows.
 */
public final class BytesOracle {
  static final String FLOORS = "world: floors are kept";

  private static final String IN = "two-phase, in";
  private static final String OUT = "two-phase, out";
  private static final Comparator<Route> ORDER =
      Comparator.comparing((Route route) -> route.key().dataset())
          .thenComparingLong(route -> route.range().first());

  private final WorldFindings findings;
  private int floor;
  private final NumberTable<Integer> copies;
  private final Vanished vanished;

  /** The judged books that are still in use. */
  private final Map<RouteBook, Judged> judged = new WeakHashMap<>();

  /**
   * A judgement of a book.
   *
   * @param at the number of vanished chunks before it
   * @param missed the chunks with a route that led to nothing
   */
  private record Judged(long at, List<ChunkKey> missed) {}

  /** With a floor of so many copies; none if it is 0. */
  public BytesOracle(WorldFindings findings, int floor) {
    this(findings, floor, new NumberTable<>(), new Vanished());
  }

  private BytesOracle(
      WorldFindings findings, int floor, NumberTable<Integer> copies, Vanished vanished) {
    this.findings = findings;
    List.of(IN, OUT).forEach(each -> findings.checked(each, 0));
    this.floor = floor;
    this.copies = copies;
    this.vanished = vanished;
  }

  /**
   * Returns an oracle that judges what one portal is told, by the same bytes, into its findings.
   */
  BytesOracle ofPortal(WorldFindings into) {
    return new BytesOracle(into, floor, copies, vanished);
  }

  /** Lets deletions leave as few copies as {@code copies}, from now on. */
  void lowerFloor(int copies) {
    floor = Math.min(floor, copies);
  }

  void came(ChunkNumber number) {
    count(number, 1);
  }

  void vanished(SliceEntry entry) {
    count(entry.number(), -1);
    vanished.add(entry.key());
  }

  private int count(ChunkNumber number, int more) {
    Integer known = copies.get(number);
    int count = (known == null ? 0 : known) + more;
    copies.put(number, count);
    return count;
  }

  /**
   * Judges routes that a portal took. Earlier judgements stand except where the routes, or the
   * contents of disks, changed since.
   *
   * @param routes the new routes
   * @param before the previous ones of the portal
   * @param hasBytes tests whether a worker's disk holds a chunk; it must not turn false unless this
   *     oracle is told
   * @param mayMiss tests whether a worker may have lost a chunk without the routes knowing
   */
  void told(
      RouteBook routes,
      RouteBook before,
      BiPredicate<WorkerId, ChunkNumber> hasBytes,
      BiPredicate<WorkerId, ChunkNumber> mayMiss) {
    findings.checked(IN, routes.size());
    List<ChunkKey> missed = new ArrayList<>();
    for (Route route : doubtful(routes, before)) {
      if (!checkThere(route, hasBytes, mayMiss)) {
        missed.add(route.key());
      }
    }
    judged.put(routes, new Judged(vanished.end(), missed));
  }

  /**
   * Judges all of these routes, whatever was judged before; returns the number of workers that they
   * name, in total.
   */
  public long whole(
      List<Route> routes,
      BiPredicate<WorkerId, ChunkNumber> hasBytes,
      BiPredicate<WorkerId, ChunkNumber> mayMiss) {
    long named = 0;
    for (Route route : routes) {
      checkThere(route, hasBytes, mayMiss);
      named += route.workers().size();
    }
    findings.checked(IN, named);
    return named;
  }

  /**
   * Returns the routes that may lead to nothing, given the judgement of earlier ones, in canonical
   * order: new routes, routes that led to nothing then, and routes of chunks that vanished from a
   * disk since.
   */
  private Collection<Route> doubtful(RouteBook routes, RouteBook known) {
    Judged then = judged.get(known);
    if (then == null || !vanished.isKept(then.at())) {
      return routes.routes();
    }
    Set<Route> old = new HashSet<>();
    Consumer<ChunkKey> doubt =
        key ->
            routes.of(key).filter(it -> known.of(key).equals(Optional.of(it))).ifPresent(old::add);
    then.missed().forEach(doubt);
    vanished.since(then.at()).forEach(doubt);
    List<Route> doubtful = routes.without(known);
    doubtful.addAll(old);
    doubtful.sort(ORDER);
    return doubtful;
  }

  private boolean checkThere(
      Route route,
      BiPredicate<WorkerId, ChunkNumber> hasBytes,
      BiPredicate<WorkerId, ChunkNumber> mayMiss) {
    boolean isThere = true;
    for (WorkerId worker : route.workers()) {
      if (hasBytes.test(worker, route.number())) {
        continue;
      }
      isThere = false;
      if (mayMiss.test(worker, route.number())) {
        findings.measuredMiss();
      } else {
        findings.violated(
            IN, "portals are told of " + route.key() + " on " + worker + ", which has not got it");
      }
    }
    return isThere;
  }

  /**
   * Judges the deletion of a chunk that the slice of its worker no longer names.
   *
   * @param newest the newest route of the chunk's key
   * @param askers the portals that may still ask the worker for the chunk
   * @param exempt tests whether the protocol permits a miss: the plan took the replica as a last
   *     resort for a visible chunk's floor
   */
  public void deletes(
      WorkerId worker,
      SliceEntry entry,
      Optional<Route> newest,
      List<PortalId> askers,
      BooleanSupplier exempt) {
    findings.checked(OUT, 1);
    if (!askers.isEmpty() && exempt.getAsBoolean()) {
      findings.measuredMiss();
    } else {
      for (PortalId portal : askers) {
        findings.violated(
            OUT, portal + " may ask " + worker + " for " + entry.key() + ", which it deletes");
      }
    }
    vanished.add(entry.key());
    int left = count(entry.number(), -1);
    boolean isShown = newest.filter(it -> it.number().equals(entry.number())).isPresent();
    if (floor > 0 && isShown) {
      findings.checked(FLOORS, 1);
    }
    if (floor > 0 && isShown && left < floor) {
      findings.violated(
          FLOORS,
          worker + " deletes " + entry.key() + " and leaves " + left + " of " + floor + " copies");
    }
  }

  /** Reports whether a route leads readers of these bytes to a worker. */
  public static boolean asks(Optional<Route> route, ChunkNumber number, WorkerId worker) {
    return route
        .filter(it -> it.number().equals(number) && it.workers().contains(worker))
        .isPresent();
  }

  /** Reports whether a portal may ask a worker for a chunk, at a time of the portal's clock. */
  public static boolean mayAsk(
      PortalClient portal, ChunkKey key, ChunkNumber number, WorkerId worker, long nowNanos) {
    return portal.of(key, nowNanos) instanceof Sight.Found found
        && asks(Optional.of(found.route()), number, worker);
  }
}
