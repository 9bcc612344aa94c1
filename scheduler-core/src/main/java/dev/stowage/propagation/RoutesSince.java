package dev.stowage.propagation;

import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.store.FleetView;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the newest view and their changes, computed once for all portals of a base and of
 * datasets.
 */
final class RoutesSince {
  /** An empty delta means that only all routes can be sent. */
  record Sized(Optional<RoutesDocument> delta, long bytes) {}

  private record Base(Lineage lineage, long id, Set<DatasetId> datasets) {}

  private final Map<Base, Sized> deltas = new HashMap<>();
  private @Nullable FleetView view;
  private final Map<Set<DatasetId>, Sized> fulls = new HashMap<>();

  /** Returns the routes of these datasets, of all if there are none. */
  Sized full(FleetView asked, Set<DatasetId> datasets) {
    keepFor(asked);
    return fulls.computeIfAbsent(
        datasets,
        some ->
            some.isEmpty()
                ? new Sized(Optional.empty(), asked.portalAssignment().documentBytes())
                : sized(asked.portalAssignment().full().of(some)));
  }

  /** Returns the changes of these datasets, of all if there are none. */
  Sized since(FleetView asked, Feed.Held held, Set<DatasetId> datasets) {
    keepFor(asked);
    return deltas.computeIfAbsent(
        new Base(held.lineage(), held.id(), datasets),
        base -> {
          RoutesDocument delta =
              asked.portalSince(base.lineage(), PortalAssignmentId.of(base.id()));
          return delta.from().isEmpty()
              ? new Sized(Optional.empty(), 0)
              : sized(datasets.isEmpty() ? delta : delta.of(datasets));
        });
  }

  private static Sized sized(RoutesDocument delta) {
    return new Sized(Optional.of(delta), delta.documentBytes());
  }

  private void keepFor(FleetView asked) {
    if (view != asked) {
      view = asked;
      fulls.clear();
      deltas.clear();
    }
  }
}
