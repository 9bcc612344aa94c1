package dev.stowage.engine;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.model.Tick;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A command that waits for its turn, and then its one fate. A thread waits for it, or a stage is to
 * be completed. Thread-safe.
 */
final class Ticket<R extends Result> {
  private enum Fate {
    WAITING,
    ANSWERED,
    FAILED,
    /** Not decided, because this process does not lead: it goes to the inbox of the store. */
    FOLLOWED
  }

  private final Command<R> command;
  private final Tick tick;
  private final long bytes;
  private final @Nullable Thread waiting;
  private final @Nullable CompletableFuture<R> stage;

  /** The place in the queue; guarded by the queue. */
  long handle = -1;

  private final AtomicBoolean isDelivered = new AtomicBoolean();
  private volatile boolean isCalled;
  private volatile Fate fate = Fate.WAITING;
  private @Nullable R answer;
  private @Nullable Throwable failure;

  private Ticket(
      Command<R> command,
      Tick tick,
      @Nullable Thread waiting,
      @Nullable CompletableFuture<R> stage) {
    this.command = command;
    this.tick = tick;
    this.waiting = waiting;
    this.stage = stage;
    // A command that exceeds its bounds is answered without being read.
    this.bytes = Lifecycle.isRefused(command) ? 0 : CommandKind.kindOf(command).bytes(command);
  }

  /** Creates a ticket for which the current thread will wait. */
  static <R extends Result> Ticket<R> awaited(Command<R> command, Tick tick) {
    return new Ticket<>(command, tick, Thread.currentThread(), null);
  }

  /** Creates a ticket that completes a stage. */
  static <R extends Result> Ticket<R> submitted(
      Command<R> command, Tick tick, CompletableFuture<R> stage) {
    return new Ticket<>(command, tick, null, stage);
  }

  Command<R> command() {
    return command;
  }

  Tick tick() {
    return tick;
  }

  /** Returns the canonical bytes of the command; 0 if it exceeds its bounds. */
  long bytes() {
    return bytes;
  }

  boolean isSubmitted() {
    return stage != null;
  }

  /** Reports whether nobody waits for the answer any more: its stage was cancelled. */
  boolean isAbandoned() {
    CompletableFuture<R> promised = stage;
    return promised != null && promised.isDone();
  }

  /** Notes what became of the command; it counts once the ticket is settled. */
  void decided(@Nullable Result given, @Nullable Throwable why) {
    answer = given == null ? null : CommandKind.kindOf(command).answer(given);
    failure = why;
  }

  /** Settles the ticket as it was decided. */
  void settle() {
    settle(failure == null ? Fate.ANSWERED : Fate.FAILED);
  }

  void answer(Result given) {
    decided(given, null);
    settle();
  }

  void fail(Throwable why) {
    decided(null, why);
    settle();
  }

  void follow() {
    settle(Fate.FOLLOWED);
  }

  private void settle(Fate as) {
    fate = as;
    LockSupport.unpark(waiting);
  }

  boolean isSettled() {
    return fate != Fate.WAITING;
  }

  boolean isFollowed() {
    return fate == Fate.FOLLOWED;
  }

  /** Takes the delivery of a followed ticket to the inbox; returns false if another thread did. */
  boolean takeDelivery() {
    return !isDelivered.getAndSet(true);
  }

  /** Tells the waiting thread to drive. */
  void call() {
    isCalled = true;
    LockSupport.unpark(waiting);
  }

  /** Waits until the ticket is settled or called; returns whether it was called. */
  boolean awaitCall() {
    boolean wasInterrupted = false;
    while (!isSettled() && !isCalled) {
      LockSupport.park(this);
      wasInterrupted |= Thread.interrupted();
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    boolean was = isCalled;
    isCalled = false;
    return was;
  }

  /** Returns the answer or throws the failure of a settled ticket. */
  R get() {
    if (failure instanceof RuntimeException e) {
      throw e;
    } else if (failure instanceof Error e) {
      throw e;
    }
    return Objects.requireNonNull(answer, "answer");
  }

  /** Completes the stage of a settled ticket. */
  void complete() {
    CompletableFuture<R> promised = stage;
    if (promised == null) {
      return;
    }
    if (failure != null) {
      promised.completeExceptionally(failure);
    } else {
      promised.complete(Objects.requireNonNull(answer, "answer"));
    }
  }
}
