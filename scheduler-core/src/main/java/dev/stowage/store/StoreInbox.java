package dev.stowage.store;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;

/**
 * The door for other processes: ingesters, workers, the host. Needs neither lease nor leader.
 * Thread-safe.
 */
public interface StoreInbox {
  /**
   * Executes a command on the stored state under its locks (lifecycle design, section 9). An
   * accepted one is durable when this returns, whatever the leader does, and becomes news for it; a
   * rejected one changes nothing. One that is larger than {@link Command.Bounds} is rejected before
   * anything of it is kept: {@code Lifecycle.execute} does so, {@code Lifecycle.decide} does not.
   *
   * @param command any command but the leader's own (cycles, retention, a new lineage)
   * @param now the caller's tick
   * @throws IllegalArgumentException if the command is the leader's
   */
  Result submit(Command<?> command, Tick now);

  /**
   * Runs {@code hint} soon after something was submitted, on a thread of the store's or of the
   * submitter's choice. A wake-up, never the truth: it may come late, twice, or not at all.
   */
  AutoCloseable onNews(Runnable hint);
}
