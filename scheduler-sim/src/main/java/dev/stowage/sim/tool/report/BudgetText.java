package dev.stowage.sim.tool.report;

import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.shape.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** Writes the movement budget of cycles, for people. */
public final class BudgetText {
  private static final long UNLIMITED = Long.MAX_VALUE;

  private BudgetText() {}

  /** Returns the bytes that a plan may copy for growth and moves. */
  public static String left(BudgetInForce budget) {
    return budget.bytes() == UNLIMITED ? "no bound" : Unit.BYTES.print(budget.bytes());
  }

  /** Returns the held bytes by cause; {@code nothing} if there are none. */
  public static String held(BudgetInForce budget) {
    String band = budget.band().name().toLowerCase(Locale.ROOT);
    List<String> parts = new ArrayList<>();
    add(parts, budget.heldByPressure(), band + " pressure");
    add(parts, budget.heldInFlight(), "copies in flight");
    add(parts, budget.heldByFailures(), "failures");
    add(parts, budget.heldForNewChunks(), "new chunks");
    return parts.isEmpty() ? "nothing" : String.join(", ", parts);
  }

  private static void add(List<String> parts, long bytes, String cause) {
    if (bytes > 0) {
      parts.add((bytes == UNLIMITED ? "all" : Unit.BYTES.print(bytes)) + " by " + cause);
    }
  }

  /** Returns the last cycle's budget, and the number of cycles in which each cause held bytes. */
  public static String overall(List<CycleRecord> cycles) {
    BudgetInForce last = cycles.get(cycles.size() - 1).budget();
    return left(last)
        + " at the end; cycles held back: pressure "
        + count(cycles, BudgetInForce::heldByPressure)
        + ", in flight "
        + count(cycles, BudgetInForce::heldInFlight)
        + ", failures "
        + count(cycles, BudgetInForce::heldByFailures);
  }

  private static String count(List<CycleRecord> cycles, ToLongFunction<BudgetInForce> held) {
    return NumberFormats.count(
        cycles.stream().filter(each -> held.applyAsLong(each.budget()) > 0).count());
  }
}
