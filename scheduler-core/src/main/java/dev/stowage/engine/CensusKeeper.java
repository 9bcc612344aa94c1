package dev.stowage.engine;

import dev.stowage.FleetCensus;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the last census of a leader. Only {@link #of} is guarded by the engine's lock. */
public final class CensusKeeper {
  private final Duration tickLength;

  private record Taken(LeaderTerm leader, FleetCensus census, long atNanos) {}

  private volatile @Nullable Taken last;

  public CensusKeeper(Duration tickLength) {
    this.tickLength = tickLength;
  }

  @SuppressWarnings("ReferenceEquality")
  public FleetCensus of(LeaderTerm leader, long maxAgeNanos) {
    long now = leader.elapsedNanos();
    Taken known = last;
    if (known == null || leader != known.leader || now - known.atNanos > maxAgeNanos) {
      known =
          new Taken(
              leader, Censuses.of(leader.mirror(), leader.lifecycle().forecast(), tickLength), now);
      last = known;
    }
    return known.census;
  }

  @SuppressWarnings("ReferenceEquality")
  public Optional<FleetCensus> last(LeaderTerm leader) {
    Taken known = last;
    return known == null || leader != known.leader ? Optional.empty() : Optional.of(known.census);
  }
}
