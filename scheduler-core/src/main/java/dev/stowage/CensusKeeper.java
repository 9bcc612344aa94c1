package dev.stowage;

import dev.stowage.engine.Leadership;
import org.jspecify.annotations.Nullable;

/** Keeps the last census of a leader. Guarded by the desk's lock. */
final class CensusKeeper {
  private @Nullable FleetCensus last;
  private @Nullable Leadership taken;
  private long takenAtNanos;

  @SuppressWarnings("ReferenceEquality")
  FleetCensus of(Leadership leader, long maxAgeNanos) {
    long now = leader.elapsedNanos();
    FleetCensus known = last;
    if (known == null || leader != taken || now - takenAtNanos > maxAgeNanos) {
      known = FleetCensus.of(leader.mirror());
      last = known;
      taken = leader;
      takenAtNanos = now;
    }
    return known;
  }
}
