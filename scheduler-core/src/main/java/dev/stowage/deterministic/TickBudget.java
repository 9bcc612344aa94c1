package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;

/**
 * How many logical ticks a task may use, and has used. Immutable. Inclusive: using exactly the
 * limit is within the budget, one tick more is not.
 *
 * @param limit ticks allowed, at least 0
 * @param used ticks used, at least 0; may exceed the limit, saturating at 2^63-1
 */
public record TickBudget(long limit, long used) {
  /** Limit of {@link #standard()}. */
  public static final long STANDARD_LIMIT = 8;

  /** Refuses negative counts with {@link IllegalArgumentException}. */
  public TickBudget {
    Bounds.atLeast(limit, 0, "tick limit");
    Bounds.atLeast(used, 0, "ticks used");
  }

  /** How a consumption went. */
  public enum Status {
    /** Within the limit. */
    OK,
    /** Beyond the limit. */
    EXHAUSTED
  }

  /**
   * The answer of {@link #consume}.
   *
   * @param status whether the ticks used are within the limit
   * @param budget the budget after the consumption
   */
  public record Consumption(Status status, TickBudget budget) {}

  /** A fresh budget of {@value #STANDARD_LIMIT} ticks. */
  public static TickBudget standard() {
    return ofLimit(STANDARD_LIMIT);
  }

  /** A fresh budget. */
  public static TickBudget ofLimit(long limit) {
    return new TickBudget(limit, 0);
  }

  /**
   * Adds {@code ticks} to those used, saturating, and says whether that is still within the limit.
   *
   * @throws IllegalArgumentException if {@code ticks} is below 0
   */
  public Consumption consume(long ticks) {
    Bounds.atLeast(ticks, 0, "ticks consumed");
    TickBudget after = new TickBudget(limit, saturatingAdd(used, ticks));
    return new Consumption(after.used <= limit ? Status.OK : Status.EXHAUSTED, after);
  }

  /** Ticks left, 0 when none. */
  public long remaining() {
    return Math.max(0, limit - used);
  }

  /** Whether no tick is left; true already when exactly the limit was used. */
  public boolean isExhausted() {
    return used >= limit;
  }

  static long saturatingAdd(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
