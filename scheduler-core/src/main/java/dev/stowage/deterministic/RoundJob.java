package dev.stowage.deterministic;

import dev.stowage.deterministic.TaskContext.View;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The parallel part of a round: threads claim shares of cores, the last to finish tells. */
final class RoundJob {
  private final List<Share> shares;
  private final View view;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger remaining;
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
  final CompletableFuture<@Nullable Throwable> done = new CompletableFuture<>();

  /** The tasks that a core runs in a round. */
  record Share(Core core, int tasks) {}

  RoundJob(List<Share> shares, View view) {
    this.shares = shares;
    this.view = view;
    remaining = new AtomicInteger(shares.size());
  }

  /**
   * Runs all shares and returns what broke one, or null; an executor that rejects or never runs
   * work only costs speed.
   */
  @Nullable Throwable run(Executor helpers) {
    for (int helper = 1; helper < shares.size(); helper++) {
      try {
        helpers.execute(this::help);
      } catch (RuntimeException | Error busy) {
        break; // this thread does the work
      }
    }
    help();
    return done.join();
  }

  /** Runs shares until none is left to claim. */
  void help() {
    for (int at = next.getAndIncrement(); at < shares.size(); at = next.getAndIncrement()) {
      try {
        shares.get(at).core().run(shares.get(at).tasks(), view);
      } catch (Throwable thrown) {
        // not a task's own error: it stops the scheduler once all threads are back
        broken.compareAndSet(null, thrown);
      }
      if (remaining.decrementAndGet() == 0) {
        done.complete(broken.get());
      }
    }
  }
}
