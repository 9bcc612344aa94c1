package dev.stowage.lifecycle.state;

import dev.stowage.command.PlacementWish;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.shape.Shape;
import java.util.List;

/** Hashes the fleet's row and caches the hashes of its large parts, by identity. */
public final class FleetHash {
  private LifecycleConfig config;
  private long ofConfig;
  private List<PlacementWish> wishes;
  private long ofWishes;

  public FleetHash(FleetRow row) {
    config = row.config();
    ofConfig = Shape.of(FleetRow.class).digest(row, FleetRow.CONFIG.bit());
    wishes = row.wishes();
    ofWishes = Shape.of(FleetRow.class).digest(row, FleetRow.WISHES.bit());
  }

  @SuppressWarnings("ReferenceEquality")
  public long of(FleetRow row) {
    if (config != row.config()) {
      config = row.config();
      ofConfig = Shape.of(FleetRow.class).digest(row, FleetRow.CONFIG.bit());
    }
    if (wishes != row.wishes()) {
      wishes = row.wishes();
      ofWishes = Shape.of(FleetRow.class).digest(row, FleetRow.WISHES.bit());
    }
    return Shape.of(FleetRow.class).digest(row, FleetRow.SMALL) + ofConfig + ofWishes;
  }
}
