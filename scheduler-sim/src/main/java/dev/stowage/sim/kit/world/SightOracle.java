package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.BlockRange;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Never both sides of a swap, never neither, in what one portal sees: no two visible chunks of a
 * dataset overlap, and what a portal once saw it goes on seeing, by the same chunk or by others
 * that cover the same blocks, unless it may go.
 */
public final class SightOracle {
  private static final String BOTH = "swap atomicity";
  private static final String NEITHER = "visibility is monotone";

  private final WorldFindings findings;

  /** The tables in use without overlapping routes. */
  private final Set<RouteTable> clean = Collections.newSetFromMap(new WeakHashMap<>());

  /** An oracle that has judged nothing. */
  public SightOracle(WorldFindings findings) {
    this.findings = findings;
  }

  /**
   * Judges a portal's change of tables in a world that removes nothing without a replacement;
   * {@code from} may be null.
   */
  void moved(String portal, @Nullable RouteTable from, RouteTable to) {
    moved(portal, from, to, gone -> covers(to.routes(), gone));
  }

  /**
   * Judges a portal's change of tables; {@code from} may be null.
   *
   * @param mayGo tests whether the portal may lose sight of the chunk of a route
   */
  public void moved(
      String portal, @Nullable RouteTable from, RouteTable to, Predicate<Route> mayGo) {
    noOverlap(portal, from, to);
    if (from != null) {
      nothingLost(portal, from, to, mayGo);
    }
  }

  /** Judges whether two routes of a table overlap, without relying on earlier judgements. */
  void whole(String portal, RouteTable table) {
    findings.checked(table.routes().size());
    noOverlap(portal, table, IntStream.range(1, table.routes().size()));
  }

  private void noOverlap(String portal, @Nullable RouteTable from, RouteTable to) {
    findings.checked(to.routes().size());
    RouteTable known = clean.contains(to) ? to : from;
    RouteTable.Change change = known == null || !clean.contains(known) ? null : to.since(known);
    IntStream places =
        change == null
            ? IntStream.range(1, to.routes().size())
            : change.seams().stream().mapToInt(each -> each).filter(each -> each > 0);
    if (noOverlap(portal, to, places)) {
      clean.add(to);
    }
  }

  private boolean noOverlap(String portal, RouteTable table, IntStream places) {
    List<Route> routes = table.routes();
    boolean[] isClean = {true};
    places.forEach(i -> {
      Route one = routes.get(i - 1);
      Route other = routes.get(i);
      boolean same = one.key().dataset().equals(other.key().dataset());
      if (same && one.range().overlaps(other.range())) {
        isClean[0] = false;
        findings.violated(BOTH, portal + " sees both " + one.key() + " and " + other.key());
      }
    });
    return isClean[0];
  }

  /** Judges the lost routes; a route in both tables is not lost. */
  private void nothingLost(String portal, RouteTable from, RouteTable to, Predicate<Route> mayGo) {
    findings.checked(from.routes().size());
    RouteTable.Change change = to.since(from);
    for (Route before : change == null ? from.routes() : change.gone()) {
      if (!to.shows(before.number()) && !mayGo.test(before)) {
        findings.violated(
            NEITHER, portal + " no longer sees " + before.key() + ", nor what replaces it");
      }
    }
  }

  /** Reports whether the non-overlapping routes of a table cover all blocks of {@code wanted}. */
  private static boolean covers(List<Route> routes, Route wanted) {
    BlockRange range = wanted.range();
    long next = range.first();
    for (int i = lastAtOrBefore(routes, wanted); i < routes.size(); i++) {
      Route each = routes.get(i);
      if (!each.key().dataset().equals(wanted.key().dataset()) || !each.range().contains(next)) {
        return false;
      }
      if (each.range().last() >= range.last()) {
        return true;
      }
      next = each.range().last() + 1;
    }
    return false;
  }

  /**
   * Returns the index of the last route of the dataset whose first block is not behind that of
   * {@code wanted}, or 0.
   */
  private static int lastAtOrBefore(List<Route> routes, Route wanted) {
    int low = 0;
    int high = routes.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      Route each = routes.get(middle);
      int byDataset = each.key().dataset().compareTo(wanted.key().dataset());
      if (byDataset < 0 || (byDataset == 0 && each.range().first() <= wanted.range().first())) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
