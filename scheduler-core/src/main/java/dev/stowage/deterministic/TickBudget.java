package dev.stowage.deterministic;

/** Logical ticks allowed (inclusive) and used, at least 0; use saturates at 2^63-1. Immutable. */
public record TickBudget(long limit, long used) {
  /** The limit of a task that names none, in ticks. */
  public static final long STANDARD_LIMIT = 8;

  /** Throws {@code IllegalArgumentException} if a count is negative. */
  public TickBudget {
    Bounds.atLeast(limit, 0, "tick limit");
    Bounds.atLeast(used, 0, "ticks used");
  }

  /** The state of a budget. */
  public enum Status {
    /** Within the limit. */
    OK,
    /** Beyond the limit. */
    EXHAUSTED
  }

  /** Returns an unused budget of {@code limit} ticks. */
  public static TickBudget ofLimit(long limit) {
    return new TickBudget(limit, 0);
  }

  /** Adds ticks, saturating; throws {@code IllegalArgumentException} if they are negative. */
  public TickBudget consume(long ticks) {
    long sum = used + Bounds.atLeast(ticks, 0, "ticks consumed");
    return new TickBudget(limit, sum < 0 ? Long.MAX_VALUE : sum);
  }

  /** Reports whether the ticks used are within the limit. */
  public Status status() {
    return used <= limit ? Status.OK : Status.EXHAUSTED;
  }

  /** Returns the ticks left, at least 0. */
  public long remaining() {
    return Math.max(0, limit - used);
  }

  /** Reports whether no tick is left; true when exactly the limit is used. */
  public boolean isExhausted() {
    return used >= limit;
  }
}
