package dev.stowage.storage.postgres;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How long the server waits on our behalf; each at least a millisecond. They are set inside every
 * transaction, so that they also hold behind a proxy that pools transactions.
 *
 * @param statement a statement that runs longer is cancelled
 * @param lock a statement that waits longer for a lock is cancelled
 * @param idle a transaction whose client is silent for longer is ended, and its locks are released:
 *     a process that was paused in mid-transaction holds nobody up for longer than this
 */
public record Timeouts(Duration statement, Duration lock, Duration idle) {
  /** Five minutes, thirty seconds, one minute. */
  public static final Timeouts DEFAULT =
      new Timeouts(Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(1));

  /** Refuses what is shorter than a millisecond or longer than 24 days. */
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

  /** The names and values of the settings. */
  public List<String> settings() {
    return List.of(
        "'statement_timeout', '" + statement.toMillis() + "'",
        "'lock_timeout', '" + lock.toMillis() + "'",
        "'idle_in_transaction_session_timeout', '" + idle.toMillis() + "'");
  }
}
