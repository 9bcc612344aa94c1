package dev.stowage.storage.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The waits of the server, set in every transaction so that they hold behind a proxy too.
 *
 * @param statement the longest run of a statement before it is cancelled
 * @param lock the longest wait for a lock before the statement is cancelled
 * @param idle the longest silence of a client before its transaction ends and releases locks
 */
public record Timeouts(Duration statement, Duration lock, Duration idle) {
  /** Five minutes, thirty seconds, one minute. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(1));

  /** Throws {@code IllegalArgumentException} for a wait below 1 millisecond or above 24 days. */
  public Timeouts {
    checked(statement, "statement timeout");
    checked(lock, "lock timeout");
    checked(idle, "idle timeout");
  }

  private static void checked(Duration value, String name) {
    Objects.requireNonNull(value, name);
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(24)) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; one millisecond to 24 days is accepted");
    }
  }

  /** Returns the silence of a server after which a connection counts as lost. */
  Duration socket() {
    return statement.plus(lock).plusSeconds(10);
  }

  /**
   * Returns the time for which commit keys are kept. A client knows after {@link #socket} that an
   * answer is lost, and the server ends its transaction after {@link #idle}; only then may the
   * client ask for the outcome.
   */
  public Duration keysKept() {
    return socket().plus(idle).multipliedBy(10);
  }

  /** Returns these waits, none of them of the server longer than {@code limit}. */
  public Timeouts within(Duration limit) {
    return new Timeouts(least(statement, limit), least(lock, limit), idle);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Returns the names and values of the settings. */
  public List<String> settings() {
    return List.of(
        "'statement_timeout', '" + statement.toMillis() + "'",
        "'lock_timeout', '" + lock.toMillis() + "'",
        "'idle_in_transaction_session_timeout', '" + idle.toMillis() + "'");
  }
}
