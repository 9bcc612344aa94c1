package dev.stowage.sim.kit.world;

import dev.stowage.audit.DeltaAudit;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks every state and step invariant of core around each cycle, by what changed since the one
 * before, and measures how long that takes. Unlike the engine's own audit it counts violations and
 * lets the world go on, so that a report can show them.
 *
 * <p>What it judges are copies, so it need not be done when the world goes on: the copies are
 * judged one after the other by an executor, and what is found is taken down before the next
 * cycle's, at the same place in every run. Not thread-safe.
 */
final class CycleAudit {
  private final Supplier<? extends LifecycleView> books;
  private final WorldFindings findings;
  private final LongSupplier stopwatch;
  private final Executor executor;

  /** Used by one task of the executor at a time. */
  private final DeltaAudit audit = new DeltaAudit();

  private @Nullable LifecycleView before;
  private @Nullable CompletableFuture<Judged> underWay;
  private long nanos;

  private record Judged(DeltaAudit.Verdict verdict, long nanos) {}

  /**
   * Reads the state of the fleet from {@code books} whenever it needs it.
   *
   * @param books gives a copy, which does not change
   * @param executor what judges the copies; an executor that runs what it is given at once will do
   */
  CycleAudit(
      Supplier<? extends LifecycleView> books,
      WorldFindings findings,
      LongSupplier stopwatch,
      Executor executor) {
    this.books = books;
    this.findings = findings;
    this.stopwatch = stopwatch;
    this.executor = executor;
  }

  /** To be called just before a cycle. */
  void before() {
    long begun = stopwatch.getAsLong();
    before = books.get();
    nanos += stopwatch.getAsLong() - begun;
  }

  /** To be called just after it. */
  void after(Command<?> command, Result result) {
    settle();
    LifecycleView old = before;
    if (old == null) {
      throw new IllegalStateException("no cycle has begun");
    }
    long begun = stopwatch.getAsLong();
    LifecycleView young = books.get();
    nanos += stopwatch.getAsLong() - begun;
    begin(() -> audit.judge(old, command, result, young));
  }

  /** Begins to check every state invariant of the whole fleet, whatever was checked before. */
  void whole() {
    settle();
    LifecycleView now = books.get();
    begin(() -> audit.whole(now));
  }

  private void begin(Supplier<DeltaAudit.Verdict> judgement) {
    underWay =
        CompletableFuture.supplyAsync(
            () -> {
              long begun = stopwatch.getAsLong();
              DeltaAudit.Verdict verdict = judgement.get();
              return new Judged(verdict, stopwatch.getAsLong() - begun);
            },
            executor);
  }

  /** Waits for what is under way, and takes down what was found. */
  void settle() {
    CompletableFuture<Judged> open = underWay;
    if (open != null) {
      underWay = null;
      Judged judged = open.join();
      findings.checked(judged.verdict().facts());
      judged.verdict().found().forEach(each -> findings.violated("audit", each.toString()));
      nanos += judged.nanos();
    }
  }

  /** Nanoseconds spent since the last call of this method, on what is settled. */
  long drainNanos() {
    long spent = nanos;
    nanos = 0;
    return spent;
  }
}
