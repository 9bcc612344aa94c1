package dev.stowage.sim.kit.world;

import dev.stowage.audit.Audit;
import dev.stowage.audit.FleetSnapshot;
import dev.stowage.audit.Violation;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks every state and step invariant of core around each cycle, and measures how long that
 * takes. Unlike the engine's own audit it counts violations and lets the world go on, so that a
 * report can show them.
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
  private @Nullable CompletableFuture<FleetSnapshot> before;
  private @Nullable CompletableFuture<Judged> underWay;
  private long knownDigest;
  private long nanos;

  /**
   * What was found of one cycle.
   *
   * @param facts how many single facts were looked at
   */
  private record Judged(FleetSnapshot after, List<Violation> found, long facts, long nanos) {}

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
    LifecycleView view = books.get();
    CompletableFuture<FleetSnapshot> known = before;
    if (known == null) {
      before = CompletableFuture.supplyAsync(() -> FleetSnapshot.of(view), executor);
    } else if (view.digest() != knownDigest) {
      before = known.thenApplyAsync(older -> FleetSnapshot.of(view, older), executor);
    }
    nanos += stopwatch.getAsLong() - begun;
  }

  /** To be called just after it. */
  void after(Command<?> command, Result result) {
    settle();
    CompletableFuture<FleetSnapshot> known = before;
    if (known == null) {
      throw new IllegalStateException("no cycle has begun");
    }
    long begun = stopwatch.getAsLong();
    LifecycleView view = books.get();
    knownDigest = view.digest();
    CompletableFuture<Judged> judged =
        known.thenApplyAsync(older -> judge(older, command, result, view), executor);
    before = judged.thenApply(Judged::after);
    underWay = judged;
    nanos += stopwatch.getAsLong() - begun;
  }

  private Judged judge(FleetSnapshot older, Command<?> command, Result result, LifecycleView view) {
    long begun = stopwatch.getAsLong();
    FleetSnapshot after = FleetSnapshot.of(view, older);
    List<Violation> found = new ArrayList<>(Audit.check(after));
    found.addAll(Audit.checkStep(older, command, result, after));
    long facts = 2 * (after.chunkCount() + (long) after.replicaCount());
    return new Judged(after, found, facts, stopwatch.getAsLong() - begun);
  }

  /** Waits for what is under way, and takes down what was found. */
  void settle() {
    CompletableFuture<Judged> open = underWay;
    if (open != null) {
      underWay = null;
      Judged judged = open.join();
      findings.checked(judged.facts());
      judged.found().forEach(each -> findings.violated("audit", each.toString()));
      nanos += judged.nanos();
    }
  }

  /** Checks every state invariant now, without counting it. */
  void whole() {
    settle();
    Audit.check(FleetSnapshot.of(books.get()))
        .forEach(each -> findings.violated("audit", each.toString()));
  }

  /** Nanoseconds spent since the last call of this method, on what is settled. */
  long drainNanos() {
    long spent = nanos;
    nanos = 0;
    return spent;
  }
}
