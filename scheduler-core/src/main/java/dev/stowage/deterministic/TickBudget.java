package dev.stowage.deterministic;

import dev.stowage.deterministic.basics.Bounds;

/** Logical ticks allowed (inclusive) and used, at least 0; use saturates at 2^63-1. Immutable. */
public record TickBudget(long limit, long used) {
  /** The limit of {@link #standard()}, in ticks. */
  public static final long STANDARD_LIMIT = 8;

  /** Throws {@code IllegalArgumentException} if a count is negative. */
  public TickBudget {
    Bounds.atLeast(limit, 0, "tick limit");
    Bounds.atLeast(used, 0, "ticks used");
  }

  /** The state of a budget after a consumption. */
  public enum Status {
    /** Within the limit. */
    OK,
    /** Beyond the limit. */
    EXHAUSTED
  }

  /** The result of {@link #consume}: the status and the budget afterwards. */
  public record Consumption(Status status, TickBudget budget) {}

  /** Returns an unused budget of {@value #STANDARD_LIMIT} ticks. */
  public static TickBudget standard() {
    return ofLimit(STANDARD_LIMIT);
  }

  /** Returns an unused budget of {@code limit} ticks. */
  public static TickBudget ofLimit(long limit) {
    return new TickBudget(limit, 0);
  }

  /** Adds ticks, saturating; throws {@code IllegalArgumentException} if they are negative. */
  public Consumption consume(long ticks) {
    Bounds.atLeast(ticks, 0, "ticks consumed");
    TickBudget after = new TickBudget(limit, saturatingAdd(used, ticks));
    return new Consumption(after.used <= limit ? Status.OK : Status.EXHAUSTED, after);
  }

  /** Returns the ticks left, at least 0. */
  public long remaining() {
    return Math.max(0, limit - used);
  }

  /** Reports whether no tick is left; true when exactly the limit is used. */
  public boolean isExhausted() {
    return used >= limit;
  }

  static long saturatingAdd(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
