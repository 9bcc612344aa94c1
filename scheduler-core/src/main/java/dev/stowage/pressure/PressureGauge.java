package dev.stowage.pressure;

import java.util.Objects;

/**
 * Remembers the latest snapshot and the band it led to.
 *
 * <p>The band moves only when a snapshot comes in, so it does not depend on how often it is asked
 * for. Before the first snapshot nothing is held back; afterwards one that is too old counts as at
 * least {@link PressureBand#ELEVATED}. A snapshot that claims to come from the future is taken as
 * measured when it came in: its readings count, but it cannot stay fresh for ever.
 *
 * <p>Not thread-safe.
 */
public final class PressureGauge {
  private final PressurePolicy policy;
  private PressureSnapshot latest = PressureSnapshot.NONE;
  private PressureBand measured = PressureBand.NORMAL;
  private long believedFromNanos;
  private boolean anySnapshot;

  /** A gauge that has seen nothing. */
  public PressureGauge(PressurePolicy policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  /** What became of a snapshot. Every one is used. */
  public enum Reading {
    /** Every value can be a reading, and the time can be. */
    ACCEPTED,
    /** At least one value reads as full strain because it cannot be a reading. */
    SUSPECT_VALUES,
    /** The values can be readings; the time lies after now and was taken as now. */
    FROM_THE_FUTURE
  }

  /** Takes a snapshot in place of the one before. */
  public Reading update(PressureSnapshot snapshot, long nowNanos) {
    latest = Objects.requireNonNull(snapshot, "snapshot");
    anySnapshot = true;
    measured = policy.next(measured, snapshot.maxPressure());
    believedFromNanos = Math.min(snapshot.measuredAtNanos(), nowNanos);
    if (snapshot.suspectBits() != 0) {
      return Reading.SUSPECT_VALUES;
    }
    return snapshot.measuredAtNanos() > nowNanos ? Reading.FROM_THE_FUTURE : Reading.ACCEPTED;
  }

  /** The band in force at a time. */
  public PressureBand band(long nowNanos) {
    return isStale(nowNanos) ? measured.orWorse(PressureBand.ELEVATED) : measured;
  }

  /** Whether a snapshot has been given and the latest one is older than the policy believes. */
  public boolean isStale(long nowNanos) {
    return anySnapshot && Nanos.between(believedFromNanos, nowNanos) > policy.staleAfterNanos();
  }

  /** The latest snapshot; {@link PressureSnapshot#NONE} before the first. */
  public PressureSnapshot latest() {
    return latest;
  }

  /** Forgets every snapshot, as if newly made. */
  public void clear() {
    latest = PressureSnapshot.NONE;
    measured = PressureBand.NORMAL;
    believedFromNanos = 0;
    anySnapshot = false;
  }
}
