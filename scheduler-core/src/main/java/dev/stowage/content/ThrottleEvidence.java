package dev.stowage.content;

import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureSnapshot;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Why nothing was chosen although something waits.
 *
 * @param reason {@link ScheduleReason#PRESSURE_THROTTLE}, {@link ScheduleReason#PACING}, {@link
 *     ScheduleReason#BACKOFF} or {@link ScheduleReason#NO_LANE}
 * @param highestHeld the most urgent class that waits
 * @param band the band in force
 * @param pressure the snapshot in force
 * @param decidedAtNanos when
 * @param recordIndex where the log holds the record; -1 without a log, or where the record was left
 *     out because it would say what one before it said
 */
public record ThrottleEvidence(
    ScheduleReason reason,
    @Nullable PriorityClass highestHeld,
    PressureBand band,
    PressureSnapshot pressure,
    long decidedAtNanos,
    long recordIndex) {
  /** Index of the log's record; empty where there is none. */
  public OptionalLong replayPointer() {
    return recordIndex < 0 ? OptionalLong.empty() : OptionalLong.of(recordIndex);
  }
}
