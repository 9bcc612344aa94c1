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
  private List<PlacementWish> wishes = List.of();
  private long ofWishes = RowHash.of(wishes);

  public FleetHash(FleetRow row) {
    this(row.config(), LifecycleConfig.SHAPE.digest(row.config()));
  }

  private FleetHash(LifecycleConfig config, long ofConfig) {
    this.config = config;
    this.ofConfig = ofConfig;
  }

  /**
   * Where nobody asks for the hash itself, only whether it changes: the configuration that the row
   * begins with, which costs as much to hash as a small command to decide, has a hash of 0.
   */
  static FleetHash ofPart(FleetRow row) {
    return new FleetHash(row.config(), 0);
  }

  @SuppressWarnings("ReferenceEquality")
  public long of(FleetRow row) {
    if (config != row.config()) {
      config = row.config();
      ofConfig = LifecycleConfig.SHAPE.digest(config);
    }
    if (wishes != row.wishes()) {
      wishes = row.wishes();
      ofWishes = RowHash.of(wishes);
    }
    return RowHash.of(row, ofConfig, ofWishes);
  }
}
