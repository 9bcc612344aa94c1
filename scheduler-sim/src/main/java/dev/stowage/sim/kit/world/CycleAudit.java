package dev.stowage.sim.kit.world;

import dev.stowage.answer.Violation;
import dev.stowage.audit.Audit;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.lifecycle.LifecycleView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks every state and step invariant of core around each cycle, and measures the time that
 * takes. Unlike the engine's own audit it counts violations and lets the world go on, so that a
 * report can show them.
 *
 * <p>It judges copies, so that the world need not wait: an executor judges the copies one by one,
 * and findings are recorded before those of the next cycle, at the same place in every run. Not
 * thread-safe.
 */
final class CycleAudit {
  private final Supplier<? extends LifecycleView> books;
  private final WorldFindings findings;
  private final LongSupplier stopwatch;
  private final Executor executor;

  private @Nullable LifecycleView before;
  private @Nullable CompletableFuture<Judged> underWay;
  private long nanos;

  private record Judged(List<Violation> found, long facts, long nanos) {}

  /**
   * Creates an audit that copies the state of the fleet from {@code books} when needed.
   *
   * @param books returns an immutable copy
   * @param executor judges the copies; it may run a task at once
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

  /** Begins a cycle; call it just before the cycle. Returns the state. */
  LifecycleView before() {
    long begun = stopwatch.getAsLong();
    LifecycleView now = books.get();
    before = now;
    nanos += stopwatch.getAsLong() - begun;
    return now;
  }

  /** Ends a cycle; call it just after the cycle. Returns the state. */
  LifecycleView after(Command<?> command, Result result) {
    settle();
    LifecycleView old = before;
    if (old == null) {
      throw new IllegalStateException("no cycle has begun");
    }
    long begun = stopwatch.getAsLong();
    LifecycleView young = books.get();
    nanos += stopwatch.getAsLong() - begun;
    begin(young, () -> Audit.checkStep(old, command, result, young));
    return young;
  }

  void whole() {
    settle();
    LifecycleView now = books.get();
    begin(now, List::of);
  }

  private void begin(LifecycleView now, Supplier<List<Violation>> ofStep) {
    underWay =
        CompletableFuture.supplyAsync(
            () -> {
              long begun = stopwatch.getAsLong();
              List<Violation> found = new ArrayList<>(Audit.check(now));
              found.addAll(ofStep.get());
              long facts = (long) now.chunkCount() + now.replicaCount();
              return new Judged(found, facts, stopwatch.getAsLong() - begun);
            },
            executor);
  }

  void settle() {
    CompletableFuture<Judged> open = underWay;
    if (open != null) {
      underWay = null;
      Judged judged = open.join();
      findings.checked("audit", judged.facts());
      judged.found().forEach(each -> findings.violated("audit", each.toString()));
      nanos += judged.nanos();
    }
  }

  /** Returns the nanoseconds spent on settled checks since the last call of this method. */
  long drainNanos() {
    long spent = nanos;
    nanos = 0;
    return spent;
  }
}
