package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.Result;
import java.util.Objects;

/**
 * What happened in one round of a world.
 *
 * @param tick at which it ended
 * @param scheduled the answer of its scheduling cycle
 * @param published the answer of its visibility cycle
 * @param movedBytes bytes that came over the links of workers
 * @param freedBytes bytes that workers deleted
 * @param laggingPortals portals that do not use the newest portal assignment
 * @param times how long its parts took; not part of what a seed determines
 */
public record Round(
    long tick,
    Result.Scheduled scheduled,
    Result.Published published,
    long movedBytes,
    long freedBytes,
    int laggingPortals,
    RoundTimes times) {
  /** Refuses null with {@link NullPointerException}. */
  public Round {
    Objects.requireNonNull(scheduled, "scheduled");
    Objects.requireNonNull(published, "published");
    Objects.requireNonNull(times, "times");
  }

  /** Whether either cycle changed the state of the fleet, or bytes are still on the way. */
  public boolean isQuiet() {
    return !scheduled.changed() && !published.changed() && movedBytes == 0;
  }
}
