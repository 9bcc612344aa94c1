package dev.stowage.deterministic;

import java.util.Objects;

/**
 * An event with its logical time and core. Order and equality look at (timestamp, core) alone, so
 * that they are consistent with each other; the payload is carried, not compared.
 *
 * @param timestamp when, logically
 * @param core on which core, at least 0
 * @param event the payload
 * @param <E> the payload's type
 */
public record TimestampedEvent<E>(Timestamp timestamp, int core, E event)
    implements Comparable<TimestampedEvent<?>> {
  /** Refuses a core below 0 with {@link IllegalArgumentException}. */
  public TimestampedEvent {
    Objects.requireNonNull(timestamp, "timestamp");
    Objects.requireNonNull(event, "event");
    Bounds.atLeast(core, 0, "core");
  }

  /**
   * Whether this timestamp is strictly before the other one. Two events of one timestamp on two
   * cores are ordered by {@link #compareTo} and still concurrent.
   */
  public boolean happensBefore(TimestampedEvent<?> other) {
    return timestamp.happensBefore(other.timestamp);
  }

  @Override
  public int compareTo(TimestampedEvent<?> other) {
    int byTime = timestamp.compareTo(other.timestamp);
    return byTime != 0 ? byTime : Integer.compare(core, other.core);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TimestampedEvent<?> that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(timestamp.bits()) * 31 + core;
  }
}
