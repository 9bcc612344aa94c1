package dev.stowage.store;

import dev.stowage.config.LifecycleConfig;
import dev.stowage.model.Tick;

/**
 * An answer that was read from a store, and its age: the time since the newest cycle that the
 * answering server knows of. Everything that was committed before that cycle counts in the answer.
 *
 * @param ageNanos at least 0, and never too small; 0 from a store without a clock
 * @param isFromStandby true if a server gave the answer that may lack the newest commits
 * @param tick the largest tick of any cycle that the server knows of
 * @param config the configuration of the fleet
 * @param portalWindowTicks the ticks after {@link #ageNanos} ago for which routes may be used
 */
public record Aged<T>(
    T value,
    long ageNanos,
    boolean isFromStandby,
    Tick tick,
    LifecycleConfig config,
    long portalWindowTicks) {
  /**
   * Throws {@code NullPointerException} for nulls, and {@code IllegalArgumentException} for an age
   * or a window below 0.
   */
  public Aged {
    if (ageNanos < 0 || portalWindowTicks < 0) {
      throw new IllegalArgumentException(
          "the age is "
              + ageNanos
              + " ns and the window "
              + portalWindowTicks
              + " ticks; at least 0 is accepted");
    }
  }

  /** Returns the answer of a view, whose age is 0. */
  public static <T> Aged<T> of(FleetView view, T value) {
    return new Aged<>(value, 0, false, view.tick(), view.config(), view.portalWindowTicks());
  }
}
