package dev.stowage.content;

import dev.stowage.pressure.Nanos;
import dev.stowage.pressure.PressureBand;
import org.jspecify.annotations.Nullable;

/** Remembers which throttling was recorded last, so that the same is not recorded over and over. */
final class ThrottleNotes {
  private @Nullable ScheduleReason reason;
  private @Nullable PriorityClass highest;
  private @Nullable PressureBand band;
  private long recordedAt;
  private boolean anyRecorded;

  /** Something went out: whatever throttles after it is news. */
  void selected() {
    reason = null;
  }

  /**
   * Whether this is news, and the last record is long enough ago; if so, it is noted as recorded.
   */
  boolean worthRecording(
      ScheduleReason why, PriorityClass waiting, PressureBand inForce, long now) {
    boolean known = why == reason && waiting == highest && inForce == band;
    boolean early =
        anyRecorded && Nanos.between(recordedAt, now) < ContentScheduler.THROTTLE_RECORD_NANOS;
    if (known || early) {
      return false;
    }
    reason = why;
    highest = waiting;
    band = inForce;
    recordedAt = now;
    anyRecorded = true;
    return true;
  }
}
