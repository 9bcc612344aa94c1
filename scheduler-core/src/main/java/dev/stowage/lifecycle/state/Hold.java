package dev.stowage.lifecycle.state;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.HoldUntil;
import dev.stowage.config.HoldUntil.Measure;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Origin;
import dev.stowage.lifecycle.rows.WorkerRow;
import java.util.Optional;

/** Judges whether a fleet that never placed a chunk waits for workers (section 3). */
public final class Hold {
  private Hold() {}

  /** Returns what placing waits for; empty if it does not wait. */
  public static Optional<HoldUntil.Wait> of(Tables tables) {
    HoldUntil until = tables.fleet.config().holdUntil();
    if (until.measure() == Measure.NONE || tables.fleet.kept(KeptValue.HOLD_OVER)) {
      return Optional.empty();
    }
    long have = have(tables, until.measure());
    return have >= until.least() || hasPlaced(tables)
        ? Optional.empty()
        : Optional.of(new HoldUntil.Wait(until, have));
  }

  /** Judges a cycle, and keeps that the wait is over once it is. */
  public static Optional<HoldUntil.Wait> judge(Tables tables) {
    Optional<HoldUntil.Wait> wait = of(tables);
    boolean isAsked = tables.fleet.config().holdUntil().measure() != Measure.NONE;
    if (isAsked && wait.isEmpty() && !tables.fleet.kept(KeptValue.HOLD_OVER)) {
      tables.keep(KeptValue.HOLD_OVER.with(true));
    }
    return wait;
  }

  private static long have(Tables tables, Measure measure) {
    long have = 0;
    for (int position : tables.workers.order()) {
      WorkerRow entry = tables.workers.entry(position);
      if (entry.isCounted()) {
        long one = measure == Measure.WORKERS ? 1 : entry.description().capacityBytes();
        have = SaturatedSum.of(have, one);
      }
    }
    return have;
  }

  /** A fleet that a plan gave copies is past its wait, and must go on to repair them. */
  private static boolean hasPlaced(Tables tables) {
    for (int position : tables.workers.order()) {
      for (int slot = tables.workers.firstReplica(position);
          slot != ReplicaTable.NONE;
          slot = tables.replicas.nextOfWorker(slot)) {
        if (tables.replicas.origin(slot) != Origin.FOUND) {
          return true;
        }
      }
    }
    return false;
  }
}
