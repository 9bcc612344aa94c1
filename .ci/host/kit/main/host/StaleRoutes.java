package host;

import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.model.Tick;
import dev.stowage.store.FleetView;

/** The newest view, but with the portal assignment of the one before. */
final class StaleRoutes extends FleetView {
  private final PortalAssignment before;

  StaleRoutes(PortalAssignment before, FleetView after) {
    super(after);
    this.before = before;
  }

  @Override
  public FleetView at(Tick later) {
    return new StaleRoutes(before, super.at(later));
  }

  @Override
  public PortalAssignment portalAssignment() {
    return before;
  }
}
