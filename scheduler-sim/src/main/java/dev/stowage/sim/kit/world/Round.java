package dev.stowage.sim.kit.world;

import dev.stowage.lifecycle.Result;
import java.util.Objects;

/**
 * The events of one round of a world.
 *
 * @param tick the tick at which it ended
 * @param scheduled the answer of its scheduling cycle
 * @param published the answer of its visibility cycle
 * @param movedBytes the bytes that came over the links of workers
 * @param freedBytes the bytes that workers deleted
 * @param laggingPortals the portals that do not use the newest portal assignment
 * @param times the durations of its parts, which the seed does not determine
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

  /** Reports whether neither cycle changed the fleet and no bytes moved. */
  public boolean isQuiet() {
    return !scheduled.changed() && !published.changed() && movedBytes == 0;
  }
}
