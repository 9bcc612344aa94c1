package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.rows.FleetRow;
import java.util.List;

/**
 * Hashes the fleet's row anew after each command; what is large in it rarely changes, so its hash
 * is remembered. Rows are immutable: the same part has the same hash.
 */
public final class FleetHash {
  private LifecycleConfig config;
  private long ofConfig;
  private List<PlacementWish> wishes;
  private long ofWishes;

  /** Creates hashes that begin with a row. */
  public FleetHash(FleetRow row) {
    this(row, FleetRow.SHAPE.digest(row, FleetRow.CONFIG.bit()));
  }

  private FleetHash(FleetRow row, long ofConfig) {
    config = row.config();
    this.ofConfig = ofConfig;
    wishes = row.wishes();
    ofWishes = FleetRow.SHAPE.digest(row, FleetRow.WISHES.bit());
  }

  /**
   * Where nobody asks for the hash itself, only whether it changes: the configuration that the row
   * begins with, which costs as much to hash as a small command to decide, has a hash of 0.
   */
  static FleetHash ofPart(FleetRow row) {
    return new FleetHash(row, 0);
  }

  /** Returns {@link FleetRow#digest} of a row. */
  @SuppressWarnings("ReferenceEquality")
  public long of(FleetRow row) {
    if (config != row.config()) {
      config = row.config();
      ofConfig = FleetRow.SHAPE.digest(row, FleetRow.CONFIG.bit());
    }
    if (wishes != row.wishes()) {
      wishes = row.wishes();
      ofWishes = FleetRow.SHAPE.digest(row, FleetRow.WISHES.bit());
    }
    return FleetRow.SHAPE.digest(row, FleetRow.SMALL) + ofConfig + ofWishes;
  }
}
