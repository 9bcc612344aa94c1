package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Tick;
import dev.stowage.pressure.PressureGauge.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.pressure.PressureSnapshot.Resource;
import dev.stowage.shape.Shape;
import java.util.Locale;

/**
 * The pressure on a machine by its newest sample.
 *
 * @param band the band, which depends on earlier samples too
 * @param strained the resource with the greatest reading
 * @param percent that reading, 0 to 100
 * @param measuredTick the tick of the sample: for a worker the tick of the cycle that consumed it,
 *     {@link WorkerRow#NOT_TOLD} before; 0 before the first sample
 */
public record ObservedPressure(
    PressureBand band, Resource strained, int percent, long measuredTick) {
  /** The value before the first sample: no pressure. */
  public static final ObservedPressure NONE =
      new ObservedPressure(PressureBand.NORMAL, Resource.NETWORK, 0, 0);

  /** The fields of the value. */
  static final Shape<ObservedPressure> SHAPE =
      Shape.derived("observed_pressure", ObservedPressure.class);

  /** Returns the value after a sample measured at a tick. */
  public ObservedPressure with(PressureSnapshot sample, Tick measured) {
    return with(sample, measured.value());
  }

  /** Returns the value after a worker's report that no cycle has consumed. */
  public ObservedPressure with(PressureSnapshot reported) {
    return with(reported, WorkerRow.NOT_TOLD);
  }

  private ObservedPressure with(PressureSnapshot sample, long measured) {
    double most = sample.maxPressure();
    return new ObservedPressure(
        PressurePolicy.DEFAULT.next(band, most),
        sample.mostStrained(),
        (int) Math.round(100 * most),
        measured);
  }

  private ObservedPressure measuredAt(long tick) {
    return new ObservedPressure(band, strained, percent, tick);
  }

  /** Returns this value, measured at {@code tick} if no cycle had consumed it. */
  public ObservedPressure toldAt(long tick) {
    return measuredTick == WorkerRow.NOT_TOLD ? measuredAt(tick) : this;
  }

  /** Returns this value, measured at {@code tick} at the latest. */
  public ObservedPressure notAfter(long tick) {
    return measuredTick > tick ? measuredAt(tick) : this;
  }

  /** Returns the band at a tick, at least {@link PressureBand#ELEVATED} if the sample is stale. */
  public PressureBand bandAt(long tick, long staleAfterTicks) {
    return isStaleAt(tick, staleAfterTicks) ? band.orWorse(PressureBand.ELEVATED) : band;
  }

  /** Returns the greatest reading in words, such as {@code its disk was at 93 %}. */
  public String inWords() {
    return "its " + strained.name().toLowerCase(Locale.ROOT) + " was at " + percent + " %";
  }

  /** Reports whether a sample that a cycle has consumed is older than {@code staleAfterTicks}. */
  public boolean isStaleAt(long tick, long staleAfterTicks) {
    boolean isTold = !equals(NONE) && measuredTick != WorkerRow.NOT_TOLD;
    return isTold && tick > SaturatedSum.of(measuredTick, staleAfterTicks);
  }
}
