package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
  private final WorldFindings findings;
  private final int floor;
  private final NumberTable<Integer> copies = new NumberTable<>();
  private final Vanished vanished = new Vanished();

  /** The judged tables that are still in use. */
  private final Map<RouteTable, Judged> judged = new WeakHashMap<>();

  /**
   * A judgement of a table.
   *
   * @param at the number of vanished chunks before it
   * @param missed the chunks with a route that led to nothing
   */
  private record Judged(long at, List<ChunkNumber> missed) {}

  /** With a floor of so many copies; none if it is 0. */
  public BytesOracle(WorldFindings findings, int floor) {
    this.findings = findings;
    this.floor = floor;
  }

  void came(ChunkNumber number) {
    count(number, 1);
  }

  void vanished(ChunkNumber number) {
    count(number, -1);
    vanished.add(number);
  }

  private int count(ChunkNumber number, int more) {
    Integer known = copies.get(number);
    int count = (known == null ? 0 : known) + more;
    copies.put(number, count);
    return count;
  }

  /**
   * Judges a table that one or several portals took at one moment. Earlier judgements stand except
   * where the table, or the contents of disks, changed since.
   *
   * @param table the new table
   * @param others the tables that it may follow from, such as the previous one of the portal
   * @param hasBytes tests whether a worker's disk holds a chunk; it must not turn false unless this
   *     oracle is told
   * @param mayMiss tests whether a worker may have lost a chunk without the routes knowing
   */
  void told(
      RouteTable table,
      List<RouteTable> others,
      BiPredicate<WorkerId, ChunkNumber> hasBytes,
      BiPredicate<WorkerId, ChunkNumber> mayMiss) {
    findings.checked(table.named());
    List<Route> doubtful = doubtful(table, table);
    for (int i = 0; i < others.size() && doubtful == null; i++) {
      doubtful = doubtful(table, others.get(i));
    }
    List<ChunkNumber> missed = new ArrayList<>();
    for (Route route : doubtful == null ? table.routes() : doubtful) {
      if (!isThere(route, hasBytes, mayMiss)) {
        missed.add(route.number());
      }
    }
    judged.put(table, new Judged(vanished.end(), missed));
  }

  /** Judges a table that is in use whole, whatever was judged before. */
  public void whole(
      RouteTable table,
      BiPredicate<WorkerId, ChunkNumber> hasBytes,
      BiPredicate<WorkerId, ChunkNumber> mayMiss) {
    findings.checked(table.named());
    table.routes().forEach(route -> isThere(route, hasBytes, mayMiss));
  }

  /**
   * Returns the routes of a table that may lead to nothing, given the judgement of another one, in
   * canonical order: new routes, routes that led to nothing then, and routes of chunks that
   * vanished from a disk since.
   *
   * @return null if that is not known
   */
  private @Nullable List<Route> doubtful(RouteTable table, RouteTable known) {
    Judged then = judged.get(known);
    RouteTable.Change change = table.since(known);
    if (then == null || change == null || !vanished.isKept(then.at())) {
      return null;
    }
    Map<ChunkNumber, Route> doubtful = new HashMap<>();
    change.come().forEach(route -> doubtful.put(route.number(), route));
    Consumer<ChunkNumber> doubt =
        number -> {
          Route route = table.route(number);
          if (route != null) {
            doubtful.put(number, route);
          }
        };
    then.missed().forEach(doubt);
    vanished.since(then.at()).forEach(doubt);
    List<Route> ordered = new ArrayList<>(doubtful.values());
    ordered.sort(RouteTable.ORDER);
    return ordered;
  }

  private boolean isThere(
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
            "two-phase, in",
            "portals are told of " + route.key() + " on " + worker + ", which has not got it");
      }
    }
    return isThere;
  }

  /**
   * Judges the deletion of a chunk that the slice of its worker no longer names.
   *
   * @param newest the newest routes
   * @param askers the portals that may still ask the worker for the chunk
   * @param exempt tests whether the protocol permits a miss: the plan took the replica as a last
   *     resort for a visible chunk's floor
   */
  public void deletes(
      WorkerId worker,
      SliceEntry entry,
      RouteTable newest,
      List<SimulatedPortal> askers,
      BooleanSupplier exempt) {
    ChunkNumber number = entry.number();
    findings.checked(1);
    if (!askers.isEmpty() && exempt.getAsBoolean()) {
      findings.measuredMiss();
    } else {
      for (SimulatedPortal portal : askers) {
        findings.violated(
            "two-phase, out",
            portal.name() + " may ask " + worker + " for " + entry.key() + ", which it deletes");
      }
    }
    vanished.add(number);
    int left = count(number, -1);
    if (floor > 0 && newest.shows(number) && left < floor) {
      findings.violated(
          "world: floors are kept",
          worker + " deletes " + entry.key() + " and leaves " + left + " of " + floor + " copies");
    }
  }
}
