package dev.stowage.command;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.pressure.PressureBand;
import dev.stowage.shape.Figure;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * The bytes that one plan may copy for growth and moves, and the bytes held back by each cause;
 * {@link Long#MAX_VALUE} is unlimited or all. Floors and new chunks never wait for this budget.
 *
 * <p>The band leaves the share {@link LifecycleConfig.Feedback#millionths} of {@link
 * MovementBudget#bytes}. Bytes in flight beyond {@link LifecycleConfig.Feedback#maxInFlightBytes},
 * then bytes of failed transfers are subtracted, down to 0. An unlimited budget leaves that bound
 * minus the bytes in flight, and stays unlimited without the bound. Replicas on workers that do not
 * count or have no room for them are not in flight.
 *
 * <p>A plan about some of the new chunks leaves nothing: the next one follows at once, and would
 * take growth back to make room for the others.
 */
public record BudgetInForce(
    PressureBand band,
    long bytes,
    long heldByPressure,
    long heldInFlight,
    long heldByFailures,
    long heldForNewChunks) {
  private static final long UNLIMITED = Long.MAX_VALUE;

  /** The fields of a budget in force. */
  static final Shape<BudgetInForce> SHAPE =
      Shape.of(
          "budget_in_force",
          row -> {
            var band = row.oneOf("band", PressureBand.class, BudgetInForce::band);
            var bytes = row.number("bytes", BudgetInForce::bytes);
            var pressure = row.number("held_by_pressure", BudgetInForce::heldByPressure);
            var inFlight = row.number("held_in_flight", BudgetInForce::heldInFlight);
            var failures = row.number("held_by_failures", BudgetInForce::heldByFailures);
            var newChunks = row.number("held_for_new_chunks", BudgetInForce::heldForNewChunks);
            return v ->
                new BudgetInForce(
                    band.of(v),
                    bytes.of(v),
                    pressure.of(v),
                    inFlight.of(v),
                    failures.of(v),
                    newChunks.of(v));
          });

  /** Names what holds back bytes of the movement budget. */
  public enum Holder {
    /** {@link BudgetInForce#heldByPressure}. */
    PRESSURE(BudgetInForce::heldByPressure),
    /** {@link BudgetInForce#heldInFlight}. */
    IN_FLIGHT(BudgetInForce::heldInFlight),
    /** {@link BudgetInForce#heldByFailures}. */
    FAILURES(BudgetInForce::heldByFailures),
    /** {@link BudgetInForce#heldForNewChunks}. */
    NEW_CHUNKS(BudgetInForce::heldForNewChunks);

    @SuppressWarnings("ImmutableEnumChecker") // a method reference without state
    private final ToLongFunction<BudgetInForce> bytes;

    Holder(ToLongFunction<BudgetInForce> bytes) {
      this.bytes = bytes;
    }
  }

  /** The figures of the last cycle's budget. */
  static final List<Figure<BudgetInForce>> FIGURES =
      List.of(
          Figure.of(
              "budget.bytes",
              Unit.BYTES,
              "bytes that the last cycle left for growth and moves; infinite without a bound",
              budget -> unbounded(budget.bytes)),
          Figure.each(
              "budget.held.bytes",
              Unit.BYTES,
              "bytes of the movement budget held back in the last cycle",
              "cause",
              Holder.class,
              (budget, holder) -> unbounded(holder.bytes.applyAsLong(budget))),
          Figure.of(
              "pressure.band",
              Unit.NONE,
              "the band of pressure of the last cycle: 0 normal, 1 elevated, 2 high, 3 critical",
              budget -> budget.band.ordinal()));

  private static double unbounded(long bytes) {
    return bytes == UNLIMITED ? Double.POSITIVE_INFINITY : bytes;
  }

  /** The budget of a refused cycle: nothing may be copied, and nothing is held back. */
  public static final BudgetInForce NONE = new BudgetInForce(PressureBand.NORMAL, 0, 0, 0, 0, 0);

  /** Throws {@code NullPointerException} if {@code band} is null. */
  public BudgetInForce {
    Objects.requireNonNull(band, "band");
  }

  /**
   * Returns the budget in force; {@code inFlightBytes} and {@code failedBytes} are at least 0.
   *
   * @param isOfPart whether the plan leaves out new chunks because of {@link
   *     LifecycleConfig#maxChunksPerCycle}
   */
  public static BudgetInForce of(
      LifecycleConfig config,
      PressureBand band,
      long inFlightBytes,
      long failedBytes,
      boolean isOfPart) {
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
        isOfPart ? 0 : left,
        held(configured, share),
        isOpen ? Math.min(inFlightBytes, most) : share - afterFlight,
        held(afterFlight, left),
        isOfPart ? left : 0);
  }

  private static long minus(long bytes, long less) {
    return bytes == UNLIMITED ? bytes : Math.max(0, bytes - less);
  }

  private static long held(long before, long after) {
    return before == UNLIMITED && after > 0 ? 0 : before - after;
  }

  /** Returns one line for each cause that holds back bytes. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    add(lines, heldByPressure, "pressure is " + band);
    add(lines, heldInFlight, "copies in flight are not confirmed yet");
    add(lines, heldByFailures, "transfers failed and wait");
    add(lines, heldForNewChunks, "new chunks wait for the next cycle");
    return lines;
  }

  private void add(List<String> lines, long held, String why) {
    if (held > 0) {
      String amount = held == UNLIMITED ? "all" : Unit.BYTES.print(held);
      String left = bytes == UNLIMITED ? "no bound" : Unit.BYTES.print(bytes);
      lines.add(
          "the movement budget holds back " + amount + ", because " + why + "; it leaves " + left);
    }
  }

  /** Returns the sum of the bytes held back, {@link Long#MAX_VALUE} on overflow. */
  public long heldBytes() {
    return SaturatedSum.of(
        SaturatedSum.of(heldByPressure, heldInFlight),
        SaturatedSum.of(heldByFailures, heldForNewChunks));
  }
}
