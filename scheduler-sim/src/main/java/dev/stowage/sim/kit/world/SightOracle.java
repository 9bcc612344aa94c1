package dev.stowage.sim.kit.world;

import dev.stowage.client.RouteBook;
import dev.stowage.lifecycle.documents.Route;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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

  /** An oracle that has judged nothing. */
  public SightOracle(WorldFindings findings) {
    this.findings = findings;
    findings.checked(BOTH, 0);
    findings.checked(NEITHER, 0);
  }

  /**
   * Judges a portal's change of routes in a world that removes nothing without a replacement;
   * {@code from} may be null.
   */
  void moved(String portal, @Nullable RouteBook from, RouteBook to) {
    moved(portal, from, to, gone -> covers(to, gone));
  }

  /**
   * Judges a portal's change of routes; {@code from} may be null.
   *
   * @param mayGo tests whether the portal may lose sight of the chunk of a route
   */
  public void moved(String portal, @Nullable RouteBook from, RouteBook to, Predicate<Route> mayGo) {
    findings.checked(BOTH, to.size());
    findsEach(portal, to, from == null ? to.routes() : to.without(from));
    if (from != null) {
      nothingLost(portal, from, to, mayGo);
    }
  }

  /** Judges all routes of a portal, without relying on earlier judgements. */
  void whole(String portal, RouteBook routes) {
    findings.checked(BOTH, routes.size());
    findsEach(portal, routes, routes.routes());
  }

  /** Judges whether two of the published routes overlap. */
  void published(List<Route> routes) {
    findings.checked(BOTH, routes.size());
    for (int i = 1; i < routes.size(); i++) {
      Route one = routes.get(i - 1);
      Route other = routes.get(i);
      boolean same = one.key().dataset().equals(other.key().dataset());
      if (same && one.range().overlaps(other.range())) {
        both("the newest assignment", one, other);
      }
    }
  }

  private void both(String portal, Route one, Route other) {
    findings.violated(BOTH, portal + " sees both " + one.key() + " and " + other.key());
  }

  /** Judges that a portal finds routes by their keys and blocks, and no other there. */
  private void findsEach(String portal, RouteBook routes, List<Route> each) {
    for (Route route : each) {
      for (Optional<Route> found :
          List.of(
              routes.of(route.key()),
              routes.at(route.key().dataset(), route.range().first()),
              routes.at(route.key().dataset(), route.range().last()))) {
        if (found.isEmpty()) {
          findings.violated(NEITHER, portal + " does not find " + route.key());
        } else if (!found.get().equals(route)) {
          both(portal, route, found.get());
        }
      }
    }
  }

  /** Judges the lost routes; a chunk in both books is not lost. */
  private void nothingLost(String portal, RouteBook from, RouteBook to, Predicate<Route> mayGo) {
    findings.checked(NEITHER, from.size());
    for (Route before : from.without(to)) {
      boolean isSeen =
          to.of(before.key()).filter(it -> it.number().equals(before.number())).isPresent();
      if (!isSeen && !mayGo.test(before)) {
        findings.violated(
            NEITHER, portal + " no longer sees " + before.key() + ", nor what replaces it");
      }
    }
  }

  /** Reports whether routes cover all blocks of {@code wanted}. */
  static boolean covers(RouteBook routes, Route wanted) {
    long next = wanted.range().first();
    Optional<Route> found = routes.at(wanted.key().dataset(), next);
    while (found.isPresent() && found.get().range().last() < wanted.range().last()) {
      next = found.get().range().last() + 1;
      found = routes.at(wanted.key().dataset(), next);
    }
    return found.isPresent();
  }
}
