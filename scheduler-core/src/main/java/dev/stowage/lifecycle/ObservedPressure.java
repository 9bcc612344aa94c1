package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.model.Tick;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Shape;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pressure on the machine of the leader, as the newest sample showed it. It is kept with the
 * state as an {@link Annex}, so that every plan, replay and later leader works with the same one.
 *
 * @param band the band that the samples so far led to
 * @param measuredTick the tick at which the newest sample was measured; 0 before the first
 */
public record ObservedPressure(PressureBand band, long measuredTick) {
  /** The name under which the newest sample is kept with the fleet. */
  public static final String ANNEX = "pressure/observed/1";

  private static final ObservedPressure NONE = new ObservedPressure(PressureBand.NORMAL, 0);

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
    return new ObservedPressure(
        PressurePolicy.DEFAULT.next(band, sample.maxPressure()), measured.value());
  }

  /**
   * Returns the band in force at a tick: the observed one, and at least {@link
   * PressureBand#ELEVATED} once the sample is older than {@code staleAfterTicks}. Without a sample
   * it is {@link PressureBand#NORMAL}.
   */
  public PressureBand bandAt(long tick, long staleAfterTicks) {
    boolean isStale = !equals(NONE) && tick > SaturatedSum.of(measuredTick, staleAfterTicks);
    return isStale ? band.orWorse(PressureBand.ELEVATED) : band;
  }

  /** Returns the annex that holds this. */
  public Annex toAnnex() {
    CanonicalWriter out = new CanonicalWriter();
    SHAPE.write(this, out);
    return new Annex(ANNEX, out.toBytes());
  }
}
