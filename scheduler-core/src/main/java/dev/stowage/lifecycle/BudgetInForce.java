package dev.stowage.lifecycle;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.placement.MovementBudget;
import dev.stowage.pressure.PressureBand;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The bytes that one plan may copy for growth and moves, and how much of the configured {@link
 * MovementBudget#bytes} was held back by what. Floors and new chunks never wait for it.
 *
 * <p>Pressure leaves a share of the configured bytes ({@link LifecycleConfig.Feedback#millionths}).
 * Of that share goes what is in flight beyond {@link LifecycleConfig.Feedback#maxInFlightBytes},
 * and then what failed and waits; never more than there is. An unlimited budget leaves what is
 * missing in flight up to that bound; without the bound it stays unlimited, whatever failed.
 *
 * @param band the band of pressure that the plan worked with
 * @param bytes the bytes that the plan may copy for growth and moves; {@link Long#MAX_VALUE} where
 *     they are unlimited
 * @param heldByPressure bytes held back because of the band; {@link Long#MAX_VALUE} of an unlimited
 *     budget of which nothing is left
 * @param heldInFlight bytes held back because of assigned replicas that are not confirmed yet. On a
 *     worker that does not count, or that has no room for them, they are not in flight
 * @param heldByFailures bytes held back because of transfers that failed and wait
 */
public record BudgetInForce(
    PressureBand band, long bytes, long heldByPressure, long heldInFlight, long heldByFailures) {
  private static final long UNLIMITED = Long.MAX_VALUE;

  /** The fields of a budget in force. */
  public static final Shape<BudgetInForce> SHAPE =
      Shape.of(
          "budget_in_force",
          row -> {
            var band = row.oneOf("band", PressureBand.class, BudgetInForce::band);
            var bytes = row.number("bytes", BudgetInForce::bytes);
            var pressure = row.number("held_by_pressure", BudgetInForce::heldByPressure);
            var inFlight = row.number("held_in_flight", BudgetInForce::heldInFlight);
            var failures = row.number("held_by_failures", BudgetInForce::heldByFailures);
            return v ->
                new BudgetInForce(
                    band.of(v), bytes.of(v), pressure.of(v), inFlight.of(v), failures.of(v));
          });

  /** The budget of a cycle that was refused: nothing may be copied, and nothing is held back. */
  public static final BudgetInForce NONE = new BudgetInForce(PressureBand.NORMAL, 0, 0, 0, 0);

  /** Refuses null. */
  public BudgetInForce {
    Objects.requireNonNull(band, "band");
  }

  /**
   * Returns the budget in force.
   *
   * @param inFlightBytes bytes of assigned replicas that their workers have not confirmed, at least
   *     0
   * @param failedBytes bytes of copies of which a transfer failed and that wait for the next one,
   *     at least 0
   */
  public static BudgetInForce of(
      LifecycleConfig config, PressureBand band, long inFlightBytes, long failedBytes) {
    LifecycleConfig.Feedback feedback = config.feedback();
    long configured = config.placement().budget().bytes();
    long most = feedback.maxInFlightBytes();
    long share = config.placement().budget().share(feedback.millionths(band)).bytes();
    boolean isOpen = share == UNLIMITED && most != LifecycleConfig.NEVER;
    long afterFlight =
        isOpen
            ? Math.max(0, most - inFlightBytes)
            : minus(share, Math.max(0, inFlightBytes - most));
    long left = minus(afterFlight, failedBytes);
    return new BudgetInForce(
        band,
        left,
        held(configured, share),
        isOpen ? Math.min(inFlightBytes, most) : share - afterFlight,
        held(afterFlight, left));
  }

  private static long minus(long bytes, long less) {
    return bytes == UNLIMITED ? bytes : Math.max(0, bytes - less);
  }

  private static long held(long before, long after) {
    return before == UNLIMITED && after > 0 ? 0 : before - after;
  }

  /** Returns one line for each cause that holds something back, and none if nothing does. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    add(lines, heldByPressure, "pressure is " + band);
    add(lines, heldInFlight, "copies in flight are not confirmed yet");
    add(lines, heldByFailures, "transfers failed and wait");
    return lines;
  }

  private void add(List<String> lines, long held, String why) {
    if (held > 0) {
      String amount = held == UNLIMITED ? "all" : held + " bytes";
      String left = bytes == UNLIMITED ? "no bound" : bytes + " bytes";
      lines.add(
          "the movement budget holds back " + amount + ", because " + why + "; it leaves " + left);
    }
  }

  /** Returns the sum of what is held back, {@link Long#MAX_VALUE} where it cannot hold it. */
  public long heldBytes() {
    return SaturatedSum.of(SaturatedSum.of(heldByPressure, heldInFlight), heldByFailures);
  }
}
