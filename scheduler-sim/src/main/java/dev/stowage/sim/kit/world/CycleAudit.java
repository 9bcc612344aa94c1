package dev.stowage.sim.kit.world;

import dev.stowage.audit.Audit;
import dev.stowage.audit.FleetSnapshot;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks every state and step invariant of core around each cycle, and measures how long that
 * takes. Unlike the engine's own audit it counts violations and lets the world go on, so that a
 * report can show them. Not thread-safe.
 */
final class CycleAudit {
  private final Supplier<? extends LifecycleView> books;
  private final WorldFindings findings;
  private final LongSupplier stopwatch;
  private @Nullable FleetSnapshot before;
  private long knownDigest;
  private long nanos;

  /** Reads the state of the fleet from {@code books} whenever it needs it. */
  CycleAudit(
      Supplier<? extends LifecycleView> books, WorldFindings findings, LongSupplier stopwatch) {
    this.books = books;
    this.findings = findings;
    this.stopwatch = stopwatch;
  }

  /** To be called just before a cycle. */
  void before() {
    long begun = stopwatch.getAsLong();
    LifecycleView view = books.get();
    if (before == null || view.digest() != knownDigest) {
      before = FleetSnapshot.of(view);
    }
    nanos += stopwatch.getAsLong() - begun;
  }

  /** To be called just after it. */
  void after(Command<?> command, Result result) {
    long begun = stopwatch.getAsLong();
    LifecycleView view = books.get();
    FleetSnapshot after = FleetSnapshot.of(view);
    findings.checked(after.chunkCount() + (long) after.replicaCount());
    Audit.check(after).forEach(each -> findings.violated("audit", each.toString()));
    if (before != null) {
      findings.checked(after.chunkCount() + (long) after.replicaCount());
      Audit.checkStep(before, command, result, after)
          .forEach(each -> findings.violated("audit", each.toString()));
    }
    before = after;
    knownDigest = view.digest();
    nanos += stopwatch.getAsLong() - begun;
  }

  /** Nanoseconds spent since the last call of this method. */
  long drainNanos() {
    long spent = nanos;
    nanos = 0;
    return spent;
  }
}
