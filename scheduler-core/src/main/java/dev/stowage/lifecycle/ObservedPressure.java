package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Tick;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * The band of pressure on a machine and the tick of its newest sample: for a worker the tick of the
 * cycle that consumed it, {@link WorkerRow#NOT_TOLD} before; 0 before the first sample.
 */
public record ObservedPressure(PressureBand band, long measuredTick) {
  /** The value before the first sample: no pressure. */
  public static final ObservedPressure NONE = new ObservedPressure(PressureBand.NORMAL, 0);

  /** The fields of the value. */
  public static final Shape<ObservedPressure> SHAPE =
      Shape.of(
          "observed_pressure",
          row -> {
            var band = row.oneOf("band", PressureBand.class, ObservedPressure::band);
            var measured = row.number("measured_tick", ObservedPressure::measuredTick);
            return v -> new ObservedPressure(band.of(v), measured.of(v));
          });

  /** Throws {@code NullPointerException} if {@code band} is null. */
  public ObservedPressure {
    Objects.requireNonNull(band, "band");
  }

  /** Returns the value after a sample measured at a tick. */
  public ObservedPressure with(PressureSnapshot sample, Tick measured) {
    return with(sample, measured.value());
  }

  /** Returns the value after a worker's report that no cycle has consumed. */
  public ObservedPressure with(PressureSnapshot reported) {
    return with(reported, WorkerRow.NOT_TOLD);
  }

  private ObservedPressure with(PressureSnapshot sample, long measured) {
    return new ObservedPressure(PressurePolicy.DEFAULT.next(band, sample.maxPressure()), measured);
  }

  /** Returns this value, measured at {@code tick} if no cycle had consumed it. */
  public ObservedPressure toldAt(long tick) {
    return measuredTick == WorkerRow.NOT_TOLD ? new ObservedPressure(band, tick) : this;
  }

  /** Returns this value, measured at {@code tick} at the latest. */
  public ObservedPressure notAfter(long tick) {
    return measuredTick > tick ? new ObservedPressure(band, tick) : this;
  }

  /** Returns the band at a tick, at least {@link PressureBand#ELEVATED} if the sample is stale. */
  public PressureBand bandAt(long tick, long staleAfterTicks) {
    return isStaleAt(tick, staleAfterTicks) ? band.orWorse(PressureBand.ELEVATED) : band;
  }

  /** Reports whether a sample that a cycle has consumed is older than {@code staleAfterTicks}. */
  public boolean isStaleAt(long tick, long staleAfterTicks) {
    boolean isTold = !equals(NONE) && measuredTick != WorkerRow.NOT_TOLD;
    return isTold && tick > SaturatedSum.of(measuredTick, staleAfterTicks);
  }
}
