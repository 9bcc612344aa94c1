package dev.stowage.store;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;
import java.util.Objects;

/** The entry for other processes (ingesters, workers, the host), lease-free. Thread-safe. */
public interface StoreInbox {
  /**
   * Executes a command on the stored state under its locks (lifecycle design, section 9). An
   * accepted one is durable and becomes news; a rejected one, and so one beyond {@link
   * Command.Bounds}, changes nothing. Throws {@link IllegalArgumentException} for a leader's
   * command: a cycle, retention, a new lineage.
   */
  Result submit(Command<?> command, Tick now);

  /**
   * Notes a report that the leader refused because it names a lineage, an incarnation or an
   * assignment that the fleet's state does not know. A store that can lose commits decides the
   * report on its newest rows; if these lack the same, and a second worker says so within ten
   * minutes, the store counts as one that lost commits: it fences its leader, and the next claim
   * begins a lineage. A lineage whose pause is not over is not ended in this way. Does nothing
   * unless the store overrides it.
   */
  default void doubt(Command<?> report, Tick now) {
    Objects.requireNonNull(report, "report");
    Objects.requireNonNull(now, "now");
  }

  /** Runs {@code hint}, on any thread, after a submission; perhaps late, twice or not at all. */
  AutoCloseable onNews(Runnable hint);
}
