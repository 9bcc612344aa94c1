package dev.stowage;

import dev.stowage.audit.Violation;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;
import dev.stowage.pressure.EnvelopeAdmission;
import dev.stowage.store.QuarantinedNews;
import java.util.List;

/**
 * Hears what a facade does, after it is durable. Called on the thread of the command, in the order
 * of execution, while further commands wait: be quick, do not call the facade, do not throw. What
 * is thrown all the same changes no answer: it is counted in {@link StowageStats#hostFailures}, and
 * {@link #failed} hears of it. Does nothing unless overridden.
 */
public interface StowageListener {
  /** The inert listener. */
  StowageListener NONE = new StowageListener() {};

  /** A command was executed, whether accepted or rejected. */
  default void executed(Tick tick, Command<?> command, Result result) {}

  /**
   * The governor of this process asked the sender of chunks to wait, or refused them ({@link
   * Stowage.Builder#governor}). Heard once their command is done, or instead of it. Chunks that
   * come in without a wait are not heard of.
   *
   * @param answer what the governor saw and decided, and how long the sender should wait; without a
   *     grant the chunks were refused
   * @param chunks how many the command has
   */
  default void admission(EnvelopeAdmission.Answer answer, int chunks) {}

  /** An audit found broken promises; the command is stopped before it is durable. */
  default void violated(Tick tick, Command<?> command, List<Violation> violations) {}

  /** The lease was claimed, and the state loaded. */
  default void leading(long epoch) {}

  /**
   * The lease is lost or was given back; commands now go through the store's inbox. Heard too when
   * a facade that leads is closed: it takes no more commands then.
   *
   * @param reason a sentence for people: who leads instead, as far as the store said, or that this
   *     facade gave the lease back, claims anew or was closed. It names no holder to look up
   */
  default void following(String reason) {}

  /**
   * Time stands still: the ticks that cycles are called at have been smaller than the largest for
   * {@code suspectAfter}, by the clock that the store trusts or, where there is none, by these
   * ticks themselves; or by that clock they go forward by less than half of what they should. Heard
   * once, until they no longer are.
   *
   * @param told the tick that a cycle was called at
   * @param largest the largest that any cycle has seen
   */
  default void standing(Tick told, Tick largest) {}

  /**
   * News could not be read, recorded or applied, and was set aside; the fleet goes on without it.
   * Whoever wrote it was told that it is accepted, and repeats it if it is still wanted.
   */
  default void quarantined(QuarantinedNews news) {}

  /**
   * The host's own code failed, or the store's did, after a command was durable: a recorder that
   * refuses, each time it does, a method of this listener that threw. The command was answered as
   * done; nothing is undone. Or a sender or a courier of a {@link StowageService} threw; then no
   * command is concerned.
   *
   * @param failure what was thrown, an {@link Error} perhaps
   */
  default void failed(Throwable failure) {}
}
