package dev.stowage.engine;

import dev.stowage.columns.RandomToken;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.Lineage;
import dev.stowage.store.CommandId;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.StoreInbox;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends the commands of a process that does not lead to the log of the store, and waits for their
 * answers. Commands that come while others are appended are appended together after them. Looks for
 * answers when the store says that there are some, and each second. Thread-safe.
 */
final class Sender {
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MOST_AT_ONCE = 256;
  private static final LifecycleState NOWHERE =
      LifecycleState.empty(LifecycleConfig.defaults(), Lineage.of(0));

  private final StoreInbox inbox;
  private final long withinNanos;
  private final @Nullable Executor executor;
  private final long token = RandomToken.draw();
  private final ReentrantLock appending = new ReentrantLock(true);
  private final ReentrantLock looking = new ReentrantLock();
  private final Map<CommandId, Pending<?>> waiting = new ConcurrentHashMap<>();

  // Guarded by this.
  private final Queue<Pending<?>> fresh = new ArrayDeque<>();
  private long count;
  private long hints;
  private int stages;
  private @Nullable AutoCloseable subscription;

  // Guarded by the lock of looking.
  private long lookedHints;
  private long lookedNanos;

  private static final class Pending<R extends Result> {
    final CommandId id;
    final Command<R> command;
    final CompletableFuture<R> answer = new CompletableFuture<>();
    boolean isAppended;

    Pending(CommandId id, Command<R> command) {
      this.id = id;
      this.command = command;
    }

    void answered(Result given) {
      boolean isItsOwn = CommandKind.kindOf(command).isAnswer(given);
      answer.complete(
          isItsOwn ? CommandKind.kindOf(command).answer(given) : refused((Result.Answer) given));
    }

    R refused(Result.Answer why) {
      return Lifecycle.refused(NOWHERE, command, why);
    }

    R requested() {
      return refused(new Result.Answer(ResultCode.REQUESTED, named()));
    }

    List<String> named() {
      return List.of("it waits for a leader as command " + id);
    }
  }

  Sender(StoreInbox inbox, Duration within, @Nullable Executor executor) {
    this.inbox = inbox;
    this.withinNanos = within.toNanos();
    this.executor = executor;
  }

  /** Returns the answer, which is {@code REQUESTED} if it does not come in time. */
  <R extends Result> R await(Command<R> command, boolean mayWait) {
    long heard = heard();
    Pending<R> sent = add(command);
    append(List.of(sent));
    long end = Stopwatch.nanos() + (mayWait ? withinNanos : 0);
    for (long left = end - Stopwatch.nanos(); left > 0 && !sent.answer.isDone(); ) {
      long now = awaitHint(heard, sent, Math.min(left, LOOK_NANOS));
      tryLook(now, now == heard);
      heard = now;
      left = end - Stopwatch.nanos();
    }
    return given(sent);
  }

  /** Answers tickets as {@link #await} does, and calls back for each, by the executor. */
  void send(List<Ticket<?>> tickets, Consumer<Ticket<?>> told) {
    List<Pending<?>> all = new ArrayList<>();
    for (Ticket<?> ticket : tickets) {
      Pending<?> sent = add(ticket.command());
      all.add(sent);
      synchronized (this) {
        stages++;
      }
      var unused =
          sent.answer.whenComplete((answer, failure) -> {
            synchronized (this) {
              stages--;
            }
            if (failure == null) {
              ticket.answer(answer);
            } else {
              ticket.fail(failure);
            }
            told.accept(ticket);
          });
    }
    append(all);
    Executor by = Objects.requireNonNull(executor, "executor");
    long end = Stopwatch.nanos() + withinNanos;
    all.forEach(each -> {
      lookLater(each, by, end);
      requestAfter(each, withinNanos + LOOK_NANOS);
    });
  }

  // An executor that refuses looks must not keep the answer back.
  private static <R extends Result> void requestAfter(Pending<R> sent, long nanos) {
    if (!sent.answer.isDone()) {
      var unused = sent.answer.completeOnTimeout(sent.requested(), nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void lookLater(Pending<?> sent, Executor by, long end) {
    if (sent.answer.isDone()) {
      return;
    }
    long left = end - Stopwatch.nanos();
    if (left <= 0) {
      var unused = given(sent);
      return;
    }
    CompletableFuture.delayedExecutor(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS, by)
        .execute(() -> {
          tryLook(0, true);
          lookLater(sent, by, end);
        });
  }

  private <R extends Result> R given(Pending<R> sent) {
    sent.answer.complete(sent.requested());
    waiting.remove(sent.id);
    try {
      return sent.answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      throw e;
    }
  }

  /** Fails what waits for an answer. */
  void close(RuntimeException over) {
    AutoCloseable open;
    synchronized (this) {
      open = subscription;
      subscription = null;
    }
    failAll(List.copyOf(waiting.values()), over);
    synchronized (this) {
      notifyAll();
    }
    if (open != null) {
      BestEffort.close(open);
    }
  }

  // ---- to the log ----

  private synchronized <R extends Result> Pending<R> add(Command<R> command) {
    if (subscription == null) {
      subscription = inbox.onAnswers(this::hint);
    }
    Pending<R> sent = new Pending<>(new CommandId(token, ++count), command);
    Optional<R> refused = Lifecycle.refusal(NOWHERE, command);
    if (refused.isPresent()) {
      sent.isAppended = true;
      sent.answer.complete(refused.get());
    } else {
      fresh.add(sent);
    }
    return sent;
  }

  private void append(List<? extends Pending<?>> all) {
    appending.lock();
    try {
      while (all.stream().anyMatch(each -> !each.isAppended)) {
        appendNext();
      }
    } finally {
      appending.unlock();
    }
    for (Pending<?> sent : all) {
      if (sent.command instanceof Command.Offer offer && !sent.answer.isDone()) {
        sent.answered(offered(offer, sent.named()));
      }
      if (sent.answer.isDone()) {
        waiting.remove(sent.id);
      }
    }
  }

  private static Result.Batch offered(Command.Offer offer, List<String> named) {
    return new Result.Batch(
        offer.chunks().stream()
            .map(it -> new Result.Item(it.key(), ResultCode.OFFERED, null, null, named))
            .toList());
  }

  private void appendNext() {
    List<Pending<?>> group = new ArrayList<>();
    synchronized (this) {
      while (group.size() < MOST_AT_ONCE && !fresh.isEmpty()) {
        group.add(fresh.remove());
      }
    }
    group.forEach(it -> it.isAppended = true);
    group.forEach(it -> waiting.put(it.id, it));
    try {
      appendTogether(group);
    } catch (StorageException.Transient e) {
      failAll(group, e);
    } catch (RuntimeException | Error e) {
      if (group.size() == 1) {
        failAll(group, e);
      } else {
        appendApart(group);
      }
    }
  }

  private void appendApart(List<Pending<?>> group) {
    for (Pending<?> each : group) {
      try {
        appendTogether(List.of(each));
      } catch (RuntimeException | Error e) {
        failAll(List.of(each), e);
      }
    }
  }

  private void appendTogether(List<Pending<?>> group) {
    List<StoreInbox.Sent> all = new ArrayList<>();
    group.forEach(each -> all.add(new StoreInbox.Sent(each.id, each.command)));
    Set<CommandId> refused;
    try {
      refused = inbox.append(all);
    } catch (StorageException.Transient e) {
      if (e.outcome() == StorageException.Outcome.NOT_COMMITTED) {
        throw e;
      }
      refused = appendAgain(all, e);
    }
    for (Pending<?> each : group) {
      if (refused.contains(each.id)) {
        String why = "too many commands of this kind wait for the leader; send it again later";
        each.answered(new Result.Answer(ResultCode.BACKPRESSURE, List.of(why)));
      }
    }
  }

  // The log decides a name once. Where the second try fails, the first may still have succeeded.
  private Set<CommandId> appendAgain(
      List<StoreInbox.Sent> all, StorageException.Transient unknown) {
    try {
      Set<CommandId> refused = inbox.append(all);
      if (refused.isEmpty()) {
        return refused;
      }
    } catch (RuntimeException e) {
      unknown.addSuppressed(e);
    }
    throw unknown;
  }

  private void failAll(List<Pending<?>> group, Throwable why) {
    for (int at = 0; at < group.size(); at++) {
      Pending<?> each = group.get(at);
      waiting.remove(each.id);
      boolean isShared = at > 0 && why instanceof StorageException.Transient;
      boolean isInDoubt = !StoreTerms.isUndone(why);
      each.answer.completeExceptionally(isShared ? StoreTerms.another(why, isInDoubt) : why);
    }
  }

  // ---- from the leader ----

  private void hint() {
    boolean isAwaited;
    synchronized (this) {
      hints++;
      isAwaited = stages > 0;
      notifyAll();
    }
    if (isAwaited) {
      BestEffort.run(() ->
          Objects.requireNonNull(executor, "executor").execute(() -> tryLook(heard(), false)));
    }
  }

  private synchronized long heard() {
    return hints;
  }

  /** Waits for a hint after the known ones, and returns the number of hints then. */
  private synchronized long awaitHint(long known, Pending<?> sent, long nanos) {
    long end = Stopwatch.nanos() + nanos;
    boolean wasInterrupted = false;
    long left = nanos;
    while (hints == known && !sent.answer.isDone() && left > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
      left = end - Stopwatch.nanos();
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return hints;
  }

  // An appended command is durable, even if its answer cannot be read now.
  private void tryLook(long heard, boolean isTimed) {
    try {
      look(heard, isTimed);
    } catch (StorageException e) {
      // The look of the next second may succeed.
    }
  }

  private void look(long heard, boolean isTimed) {
    looking.lock();
    try {
      long now = Stopwatch.nanos();
      boolean isKnown = isTimed ? now - lookedNanos < LOOK_NANOS / 2 : lookedHints >= heard;
      if (isKnown || waiting.isEmpty()) {
        return;
      }
      lookedHints = heard();
      lookedNanos = now;
      inbox
          .answers(List.copyOf(waiting.keySet()))
          .forEach((id, answer) -> {
            Pending<?> of = waiting.remove(id);
            if (of != null) {
              of.answered(answer);
            }
          });
    } finally {
      looking.unlock();
    }
    synchronized (this) {
      notifyAll();
    }
  }
}
