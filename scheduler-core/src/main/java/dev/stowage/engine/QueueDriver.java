package dev.stowage.engine;

import dev.stowage.StowageConfig.QueueConfig;
import dev.stowage.StowageException;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.model.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has waiting commands decided, without a thread of its own: the owner of one ticket of the {@link
 * WriteQueue} takes the engine's lock and decides for all until its own is settled, then calls the
 * next (flat combining). Submitted tickets are driven, and their stages completed, by the host's
 * executor, and whatever that refuses by the thread at hand. Owns the queue, and the ticket that is
 * driven by. Thread-safe.
 */
final class QueueDriver {
  final WriteQueue queue;
  private final QueueConfig bounds;
  private final ReentrantLock lock;
  private final Sender sender;
  private final @Nullable Executor executor;
  private final Consumer<List<Ticket<?>>> decide;

  // What the executor threw instead of the last task.
  private volatile @Nullable Throwable lastRefusal;

  // The ticket whose owner has the lock and drives the queue.
  private @Nullable Ticket<?> driving;

  QueueDriver(
      QueueConfig bounds,
      ReentrantLock lock,
      Sender sender,
      @Nullable Executor executor,
      Consumer<List<Ticket<?>>> decide) {
    this.bounds = bounds;
    this.lock = lock;
    this.sender = sender;
    this.executor = executor;
    this.decide = decide;
    this.queue = new WriteQueue(bounds.mostCommands(), bounds.mostBytes());
  }

  /** Queues a command of this thread, and decides what waits, or waits, until it is settled. */
  void await(Ticket<?> ticket) {
    boolean drives = queue.offer(ticket);
    while (!ticket.isSettled()) {
      if (drives) {
        driveQueue(ticket);
      }
      drives = ticket.awaitCall();
    }
    // It may have been called at the moment at which it was settled.
    call(queue.handOver(ticket));
  }

  // Decides groups until the given ticket is settled, and calls the next driver. Stages are
  // completed without the lock, by the executor.
  private void driveQueue(Ticket<?> mine) {
    List<Ticket<?>> done = new ArrayList<>();
    lock.lock();
    driving = mine;
    queue.begins(mine);
    try {
      while (!mine.isSettled() && !mine.isAbandoned()) {
        List<Ticket<?>> group = queue.take();
        if (group.isEmpty()) {
          // Another thread has drawn it, and gave up the lock.
          break;
        }
        done.addAll(group);
        decide.accept(group);
      }
    } finally {
      driving = null;
      lock.unlock();
      call(queue.handOver(mine));
      completeAll(done, mine.isSubmitted());
    }
  }

  /** Queues a command for the executor. */
  <R extends Result> CompletionStage<R> submit(Command<R> command, Tick tick) {
    CompletableFuture<R> stage = new CompletableFuture<>();
    Ticket<R> ticket = Ticket.submitted(command, tick, stage);
    if (!queue.tryAdd(ticket)) {
      stage.completeExceptionally(
          new StowageException(
              StowageException.Reason.BACKPRESSURE,
              "the queue holds "
                  + bounds.mostCommands()
                  + " submitted commands, or "
                  + bounds.mostBytes()
                  + " bytes of them; submit again when one of them is answered"));
      return stage;
    }
    var unused = stage.whenComplete((answer, failure) -> queue.withdraw(ticket));
    if (queue.tryElect(ticket)) {
      call(ticket);
    } else {
      takeOver();
    }
    return stage;
  }

  private void completeAll(List<Ticket<?>> done, boolean isOnExecutor) {
    List<Ticket<?>> answered = new ArrayList<>();
    List<Ticket<?>> followed = new ArrayList<>();
    for (Ticket<?> ticket : done) {
      if (ticket.isSubmitted() && ticket.isFollowed()) {
        followed.add(ticket);
      } else if (ticket.isSubmitted()) {
        answered.add(ticket);
      }
    }
    if (!followed.isEmpty()) {
      runOnExecutor(() -> deliver(followed));
    }
    if (isOnExecutor) {
      complete(answered);
    } else if (!answered.isEmpty()) {
      runOnExecutor(() -> complete(answered));
    }
  }

  private void complete(List<Ticket<?>> answered) {
    answered.forEach(queue::close);
    answered.forEach(Ticket::complete);
  }

  private void deliver(List<Ticket<?>> followed) {
    List<Ticket<?>> mine = followed.stream().filter(Ticket::takeDelivery).toList();
    sender.send(mine, ticket -> complete(List.of(ticket)));
  }

  private void runOnExecutor(Runnable task) {
    offer(task).ifPresent(refused -> task.run());
  }

  private Optional<Throwable> offer(Runnable task) {
    Optional<Throwable> refused =
        BestEffort.offer(Objects.requireNonNull(executor, "executor"), task);
    lastRefusal = refused.orElse(null);
    return refused;
  }

  // An executor that has ended runs no task that it was given, and refuses further ones.
  void takeOver() {
    if (executor instanceof ExecutorService ended && ended.isTerminated()) {
      answerAll();
    }
  }

  // No executor is there to wait for the answer by.
  private void append(Ticket<?> ticket) {
    if (!ticket.takeDelivery()) {
      return;
    }
    try {
      ticket.answer(sender.await(ticket.command(), false));
    } catch (RuntimeException | Error e) {
      ticket.fail(e);
    }
    complete(List.of(ticket));
  }

  // Decides what waits, and answers what an executor holds or has dropped.
  void answerAll() {
    lock.lock();
    try {
      for (List<Ticket<?>> rest = queue.take(); !rest.isEmpty(); rest = queue.take()) {
        decide.accept(rest);
      }
    } finally {
      lock.unlock();
    }
    call(queue.dismiss());
    for (Ticket<?> ticket : queue.open()) {
      if (ticket.isFollowed()) {
        append(ticket);
      } else if (ticket.isSettled()) {
        complete(List.of(ticket));
      }
    }
  }

  Optional<String> noExecutor() {
    Throwable refusal = lastRefusal;
    boolean isShut = executor instanceof ExecutorService ended && ended.isShutdown();
    String threw = refusal == null ? "" : "threw " + BestEffort.textOf(refusal);
    return isShut || refusal != null
        ? Optional.of(
            "submitted commands fail: the executor of the facade "
                + (isShut ? "was shut down" : threw))
        : Optional.empty();
  }

  // Calls the next driver. An executor that refuses leaves the command to the next one.
  private void call(@Nullable Ticket<?> next) {
    List<Ticket<?>> failed = new ArrayList<>();
    Ticket<?> ticket = next;
    while (ticket != null) {
      Ticket<?> called = ticket;
      if (!called.isSubmitted()) {
        called.call();
        break;
      }
      Optional<Throwable> refused = offer(() -> driveQueue(called));
      if (refused.isEmpty()) {
        break;
      }
      if (queue.withdraw(called)) {
        called.fail(refused.get());
        failed.add(called);
      }
      ticket = queue.handOver(called);
    }
    failed.forEach(Ticket::complete);
  }

  /** Gives up the lock for some work, with the queue if this thread drives it. */
  void withoutLock(Runnable work) {
    int holds = lock.getHoldCount();
    Ticket<?> mine = holds > 0 ? driving : null;
    for (int hold = 0; hold < holds; hold++) {
      lock.unlock();
    }
    try {
      if (mine != null) {
        call(queue.handOver(mine));
      }
      work.run();
    } finally {
      for (int hold = 0; hold < holds; hold++) {
        lock.lock();
      }
    }
  }
}
