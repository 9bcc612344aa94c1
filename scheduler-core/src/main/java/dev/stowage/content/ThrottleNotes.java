package dev.stowage.content;

import dev.stowage.columns.Nanos;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import org.jspecify.annotations.Nullable;

/** Remembers the latest recorded throttling, so that repetitions are not recorded. */
final class ThrottleNotes {
  private @Nullable ScheduleReason reason;
  private @Nullable PriorityClass highest;
  private @Nullable PressureBand band;
  private long recordedAt;
  private boolean anyRecorded;

  void selected() {
    reason = null;
  }

  /** Reports whether a record is due, and if so notes it as made. */
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
