package dev.stowage.client;

import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.propagation.Recipient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Holds questions until somebody wakes them or their wait is over: one of each recipient, and so
 * many at most. No thread waits for an answer. Thread-safe.
 *
 * <p>A reply is made when the question ends, as of the time of the request, from which its validity
 * counts.
 */
final class HeldQuestions {
  private final int most;
  private final Executor executor;
  private final Map<Recipient, Held> all = new LinkedHashMap<>();

  /** An answer, and whether it tells nothing but what its recipient names as known. */
  record Reply(byte[] bytes, boolean isEmpty) {}

  private record Held(
      Wire.Question question,
      DocumentFormat format,
      Supplier<Reply> reply,
      CompletableFuture<Optional<Reply>> over) {
    // Replies to these are equal.
    Object subject() {
      return List.of(format, question.subject());
    }
  }

  HeldQuestions(int most, Executor executor) {
    this.most = most;
    this.executor = executor;
  }

  /** Replies at once if there is news, no wait is asked for, or too many wait. */
  CompletionStage<byte[]> ask(
      Wire.Question question, DocumentFormat format, Supplier<Reply> reply) {
    Held held = new Held(question, format, reply, new CompletableFuture<>());
    boolean isHeld = question.waitNanos() > 0 && add(held);
    Reply now = reply.get();
    if (!isHeld || !now.isEmpty()) {
      remove(held);
      return CompletableFuture.completedFuture(now.bytes());
    }
    return held.over
        .completeOnTimeout(Optional.empty(), question.waitNanos(), TimeUnit.NANOSECONDS)
        .thenApplyAsync(
            found -> {
              remove(held);
              return found.orElseGet(reply).bytes();
            },
            executor)
        .whenComplete((bytes, refused) -> remove(held));
  }

  private boolean add(Held held) {
    Held before;
    synchronized (this) {
      Recipient who = held.question.recipient();
      if (all.size() >= most && !all.containsKey(who)) {
        return false;
      }
      before = all.put(who, held);
    }
    if (before != null) {
      before.over.complete(Optional.empty());
    }
    return true;
  }

  private synchronized void remove(Held held) {
    all.remove(held.question.recipient(), held);
  }

  synchronized boolean holds(Recipient who) {
    return all.containsKey(who);
  }

  /** Ends the question of a recipient, and reports whether it had one. */
  boolean wake(Recipient who) {
    Held held;
    synchronized (this) {
      held = all.remove(who);
    }
    return held != null && held.over.complete(Optional.empty());
  }

  void wakeAll() {
    List<Held> ended;
    synchronized (this) {
      ended = new ArrayList<>(all.values());
      all.clear();
    }
    ended.forEach(each -> each.over.complete(Optional.empty()));
  }

  /** Ends the questions with news; equal ones are looked at once. */
  void look() {
    List<Held> asked;
    synchronized (this) {
      asked = List.copyOf(all.values());
    }
    look(asked);
  }

  /** Ends the question of a recipient if there is news. */
  void look(Recipient who) {
    List<Held> asked;
    synchronized (this) {
      Held held = all.get(who);
      asked = held == null ? List.of() : List.of(held);
    }
    look(asked);
  }

  private void look(List<Held> asked) {
    try {
      executor.execute(() -> answer(asked));
    } catch (RuntimeException | Error e) {
      // The questions end with their wait.
      return;
    }
  }

  private void answer(List<Held> asked) {
    Map<Object, Reply> replies = new HashMap<>();
    for (Held each : asked) {
      Reply reply = replies.computeIfAbsent(each.subject(), any -> each.reply.get());
      if (!reply.isEmpty()) {
        remove(each);
        each.over.complete(Optional.of(reply));
      }
    }
  }
}
