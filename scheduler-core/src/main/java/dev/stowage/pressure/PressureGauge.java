package dev.stowage.pressure;

import dev.stowage.columns.Nanos;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.Objects;

/**
 * Holds the latest snapshot and its band, which changes only with a snapshot. A stale snapshot
 * counts as at least {@link PressureBand#ELEVATED}; a snapshot from the future counts as measured
 * on arrival, so that it grows stale too. Not thread-safe.
 */
public final class PressureGauge {
  private final PressurePolicy policy;
  private PressureSnapshot latest = PressureSnapshot.NONE;
  private PressureBand measured = PressureBand.NORMAL;
  private long believedFromNanos;
  private boolean anySnapshot;

  /** Creates a gauge without a snapshot. */
  public PressureGauge(PressurePolicy policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  /** The assessment of a snapshot; every snapshot is used. */
  public enum Reading {
    /** All values and the time are plausible. */
    ACCEPTED,
    /** At least one value is implausible and reads as full strain. */
    SUSPECT_VALUES,
    /** The values are plausible; the time lies after now and reads as now. */
    FROM_THE_FUTURE
  }

  /** Replaces the snapshot. */
  public Reading update(PressureSnapshot snapshot, long nowNanos) {
    latest = Objects.requireNonNull(snapshot, "snapshot");
    anySnapshot = true;
    measured = policy.next(measured, snapshot.maxPressure());
    believedFromNanos = Math.min(snapshot.measuredAtNanos(), nowNanos);
    if (!snapshot.suspect().isEmpty()) {
      return Reading.SUSPECT_VALUES;
    }
    return snapshot.measuredAtNanos() > nowNanos ? Reading.FROM_THE_FUTURE : Reading.ACCEPTED;
  }

  /** Returns the band in force, which is {@link PressureBand#NORMAL} before the first snapshot. */
  public PressureBand band(long nowNanos) {
    return isStale(nowNanos) ? measured.orWorse(PressureBand.ELEVATED) : measured;
  }

  /** Reports whether there is a snapshot and it is older than the policy's limit. */
  public boolean isStale(long nowNanos) {
    return anySnapshot && Nanos.between(believedFromNanos, nowNanos) > policy.staleAfterNanos();
  }

  /** Reports whether there was a snapshot. */
  public boolean hasSnapshot() {
    return anySnapshot;
  }

  /** Returns the latest snapshot; {@link PressureSnapshot#NONE} before the first. */
  public PressureSnapshot latest() {
    return latest;
  }

  /** Forgets every snapshot. */
  public void clear() {
    latest = PressureSnapshot.NONE;
    measured = PressureBand.NORMAL;
    believedFromNanos = 0;
    anySnapshot = false;
  }
}
