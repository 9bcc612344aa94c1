package dev.stowage.propagation;

import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.PortalId;
import dev.stowage.propagation.PropagationScheduler.NodeId;
import dev.stowage.propagation.Recipient.InterestLevel;
import dev.stowage.store.FleetView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The feed of a portal. */
final class RoutesFeed extends Feed {
  private final PortalId portal;
  private final Set<DatasetId> datasets;
  private final RoutesSince shared;

  RoutesFeed(
      Recipient.OfPortal recipient, Set<DatasetId> datasets, NodeId node, RoutesSince shared) {
    super(recipient, node, InterestLevel.CRITICAL);
    this.portal = recipient.id();
    this.datasets = datasets;
    this.shared = shared;
  }

  @Override
  boolean isIn(FleetView view) {
    return true;
  }

  @Override
  long idIn(FleetView view) {
    return view.ids().portal().value();
  }

  @Override
  boolean differs(FleetView view, FleetView older) {
    if (!view.lineage().equals(older.lineage())) {
      return true;
    }
    return idIn(view) != idIn(older) && (datasets.isEmpty() || isOfInterest(view, older));
  }

  private boolean isOfInterest(FleetView view, FleetView older) {
    RoutesDocument change =
        shared
            .since(view, new Held(older.lineage(), idIn(older), 0), datasets)
            .delta()
            .orElse(null);
    return change == null || !change.removed().isEmpty() || !change.put().isEmpty();
  }

  @Override
  Offer offer(FleetView view, Optional<Held> base, boolean narrow) {
    RoutesSince.Sized full = shared.full(view, datasets);
    Message.Routes best =
        new Message.Routes(portal, view.portalAssignment(), full.delta(), full.bytes());
    Optional<RoutesSince.Sized> change =
        base.map(held -> shared.since(view, held, datasets))
            .filter(sized -> sized.delta().isPresent());
    if (change.isPresent() && change.get().bytes() < best.bytes()) {
      best =
          new Message.Routes(
              portal, view.portalAssignment(), change.get().delta(), change.get().bytes());
    }
    Message fair = new Message.NewId(recipient, view.lineage(), idIn(view));
    if (narrow && change.isPresent()) {
      List<ChunkKey> names = names(change.get().delta().orElseThrow());
      fair = new Message.Changes(recipient, view.lineage(), idIn(view), List.of(), names);
    }
    return Offer.of(best, fair);
  }

  private static List<ChunkKey> names(RoutesDocument delta) {
    List<ChunkKey> names = new ArrayList<>(delta.removed());
    delta.put().forEach(route -> names.add(route.key()));
    return names;
  }
}
