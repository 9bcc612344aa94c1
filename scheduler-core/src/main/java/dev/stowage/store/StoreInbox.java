package dev.stowage.store;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;

/** The entry for other processes (ingesters, workers, the host), lease-free. Thread-safe. */
public interface StoreInbox {
  /**
   * Executes a command on the stored state under its locks (lifecycle design, section 9). An
   * accepted one is durable and becomes news; a rejected one, and so one beyond {@link
   * Command.Bounds}, changes nothing. Throws {@link IllegalArgumentException} for a leader's
   * command: a cycle, retention, a new lineage.
   */
  Result submit(Command<?> command, Tick now);

  /** Runs {@code hint}, on any thread, after a submission; perhaps late, twice or not at all. */
  AutoCloseable onNews(Runnable hint);
}
