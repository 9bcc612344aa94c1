package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Tick;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Shape;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pressure on one machine, as the newest sample showed it. That of the leader is kept with the
 * state as an {@link Annex}, that of a worker with its row, so that every plan, replay and later
 * leader works with the same one.
 *
 * @param band the band that the samples so far led to
 * @param measuredTick the tick at which the newest sample was measured, for a worker the tick of
 *     the cycle that was told of it; 0 before the first, {@link WorkerRow#NOT_TOLD} while no cycle
 *     has been told of it
 */
public record ObservedPressure(PressureBand band, long measuredTick) {
  /** The name under which the newest sample is kept with the fleet. */
  public static final String ANNEX = "pressure/observed/1";

  /** What is observed before the first sample: no pressure. */
  public static final ObservedPressure NONE = new ObservedPressure(PressureBand.NORMAL, 0);

  private static final Shape<ObservedPressure> SHAPE =
      Shape.of(
          "observed_pressure",
          row -> {
            var band = row.oneOf("band", PressureBand.class, ObservedPressure::band);
            var measured = row.number("measured_tick", ObservedPressure::measuredTick);
            return v -> new ObservedPressure(band.of(v), measured.of(v));
          });

  /** Refuses null. */
  public ObservedPressure {
    Objects.requireNonNull(band, "band");
  }

  /**
   * Returns what an annex holds; no pressure where there is none or it is empty. What {@link
   * #refusal} names is never kept.
   */
  public static ObservedPressure of(@Nullable Annex annex) {
    if (annex == null || annex.content().length == 0) {
      return NONE;
    }
    CanonicalReader in = CanonicalReader.of(annex.content());
    ObservedPressure read = SHAPE.read(in);
    in.end();
    return read;
  }

  /**
   * Returns why an annex cannot be kept: it has the name of an observed pressure and holds none.
   * Empty for every other annex.
   */
  public static Optional<String> refusal(Annex annex) {
    if (!annex.kind().equals(ANNEX)) {
      return Optional.empty();
    }
    try {
      of(annex);
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(ANNEX + " holds no observed pressure: " + e.getMessage());
    }
  }

  /** Returns what is observed once a sample was taken in that was measured at a tick. */
  public ObservedPressure with(PressureSnapshot sample, Tick measured) {
    return with(sample, measured.value());
  }

  /** Returns what is observed once a worker reported a sample, before a cycle is told of it. */
  public ObservedPressure with(PressureSnapshot reported) {
    return with(reported, WorkerRow.NOT_TOLD);
  }

  private ObservedPressure with(PressureSnapshot sample, long measured) {
    return new ObservedPressure(PressurePolicy.DEFAULT.next(band, sample.maxPressure()), measured);
  }

  /** Returns the same, measured at a tick if no cycle had been told of it. */
  public ObservedPressure toldAt(long tick) {
    return measuredTick == WorkerRow.NOT_TOLD ? new ObservedPressure(band, tick) : this;
  }

  /** Returns the same, measured no later than at a tick. */
  public ObservedPressure notAfter(long tick) {
    return measuredTick > tick ? new ObservedPressure(band, tick) : this;
  }

  /**
   * Returns the band in force at a tick: the observed one, and at least {@link
   * PressureBand#ELEVATED} once the sample is older than {@code staleAfterTicks}. Without a sample
   * it is {@link PressureBand#NORMAL}.
   */
  public PressureBand bandAt(long tick, long staleAfterTicks) {
    return isStaleAt(tick, staleAfterTicks) ? band.orWorse(PressureBand.ELEVATED) : band;
  }

  /**
   * Reports whether the sample is older than {@code staleAfterTicks} at a tick. It is not while no
   * cycle has been told of it, nor without a sample.
   */
  public boolean isStaleAt(long tick, long staleAfterTicks) {
    boolean isTold = !equals(NONE) && measuredTick != WorkerRow.NOT_TOLD;
    return isTold && tick > SaturatedSum.of(measuredTick, staleAfterTicks);
  }

  /** Returns the annex that holds this. */
  public Annex toAnnex() {
    CanonicalWriter out = new CanonicalWriter();
    SHAPE.write(this, out);
    return new Annex(ANNEX, out.toBytes());
  }
}
