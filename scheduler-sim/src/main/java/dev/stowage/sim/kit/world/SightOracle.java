package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.model.BlockRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Never both sides of a swap, never neither, in what one portal sees: no two visible chunks of a
 * dataset overlap, and what a portal once saw it goes on seeing, by the same chunk or by others
 * that cover the same blocks. For worlds in which nothing is removed without a replacement.
 */
final class SightOracle {
  private static final String NAME = "world: a portal sees the old side or the new side";

  private final WorldFindings findings;

  SightOracle(WorldFindings findings) {
    this.findings = findings;
  }

  /** A portal goes from one table, or from none, to the next. */
  void moved(String portal, @Nullable RouteTable from, RouteTable to) {
    noOverlap(portal, to);
    if (from != null && from.id() != to.id()) {
      nothingLost(portal, from, to);
    }
  }

  private void noOverlap(String portal, RouteTable table) {
    List<Route> routes = table.routes();
    findings.checked(routes.size());
    for (int i = 1; i < routes.size(); i++) {
      Route one = routes.get(i - 1);
      Route other = routes.get(i);
      boolean same = one.key().dataset().equals(other.key().dataset());
      if (same && one.range().overlaps(other.range())) {
        findings.violated(NAME, portal + " sees both " + one.key() + " and " + other.key());
      }
    }
  }

  private void nothingLost(String portal, RouteTable from, RouteTable to) {
    findings.checked(from.routes().size());
    for (Route before : from.routes()) {
      if (!to.shows(before.number()) && !covers(to.routes(), before)) {
        findings.violated(
            NAME, portal + " no longer sees " + before.key() + ", nor what replaces it");
      }
    }
  }

  /** Whether the chunks of a table, which do not overlap, cover all blocks of {@code wanted}. */
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

  /** The last route of the dataset whose first block is not behind that of {@code wanted}, or 0. */
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
