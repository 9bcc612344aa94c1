package dev.stowage.propagation;

import dev.stowage.lifecycle.documents.PortalDelta;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.store.FleetView;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The changes of the routes in the newest view, computed once for all portals of a base. */
final class RoutesSince {
  /** An empty delta means that only all routes can be sent. */
  record Sized(Optional<PortalDelta> delta, long bytes) {}

  private record Base(Lineage lineage, long id) {}

  private final Map<Base, Sized> deltas = new HashMap<>();
  private @Nullable FleetView view;
  private @Nullable Sized full;

  Sized full(FleetView asked) {
    keepFor(asked);
    Sized known = full;
    if (known == null) {
      known = new Sized(Optional.empty(), asked.portalAssignment().documentBytes());
      full = known;
    }
    return known;
  }

  Sized since(FleetView asked, Feed.Held held) {
    keepFor(asked);
    return deltas.computeIfAbsent(new Base(held.lineage(), held.id()), base -> sized(asked, base));
  }

  private static Sized sized(FleetView asked, Base base) {
    PortalDelta delta = asked.portalSince(base.lineage(), PortalAssignmentId.of(base.id()));
    return delta.from().isEmpty()
        ? new Sized(Optional.empty(), 0)
        : new Sized(Optional.of(delta), delta.documentBytes());
  }

  private void keepFor(FleetView asked) {
    if (view != asked) {
      view = asked;
      full = null;
      deltas.clear();
    }
  }
}
