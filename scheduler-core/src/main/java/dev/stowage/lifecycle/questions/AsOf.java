package dev.stowage.lifecycle.questions;

import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Tick;
import java.util.OptionalLong;

/**
 * A value that the leader's cycles keep, and the newest cycle, as of which it holds: a cycle that
 * changes nothing of it writes only its tick.
 *
 * @param tick the largest tick of any cycle
 * @param time the store's clock at that tick, and the length of a tick
 */
public record AsOf<T>(T value, Tick tick, FleetRow.Time time) {
  /**
   * Returns the nanoseconds since the newest cycle, at least 0; empty if the store has no clock.
   *
   * @param clockNanos the store's clock, as {@code FleetStore.trustedClockNanos} reads it
   */
  public OptionalLong ageNanos(OptionalLong clockNanos) {
    return clockNanos.isEmpty() || !time.isRead()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, clockNanos.getAsLong() - time.clockNanos()));
  }
}
