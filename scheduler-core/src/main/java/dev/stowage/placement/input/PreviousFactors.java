package dev.stowage.placement.input;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The factors of the previous plan, per pool, or per weight in any pool. */
public final class PreviousFactors {
  private static final int ANY_POOL = -1;
  private final Map<Long, Long> millionths;

  private PreviousFactors(Map<Long, Long> millionths) {
    this.millionths = millionths;
  }

  /** Returns the previous factor of a weight in a pool, in millionths. */
  public OptionalLong of(int eligibility, int weight) {
    Long known = millionths.get(key(eligibility, weight));
    if (known == null) {
      known = millionths.get(key(ANY_POOL, weight));
    }
    return known == null ? OptionalLong.empty() : OptionalLong.of(known);
  }

  public boolean isEmpty() {
    return millionths.isEmpty();
  }

  /** Takes a factor in millionths; the constraint is negative for any pool. */
  public interface Visitor {
    void visit(int eligibility, int weight, long millionths);
  }

  /** Visits all factors, in no order. */
  public void forEach(Visitor visitor) {
    millionths.forEach((key, factor) -> visitor.visit((int) (key >> 32), (int) (long) key, factor));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PreviousFactors that && millionths.equals(that.millionths);
  }

  @Override
  public int hashCode() {
    return millionths.hashCode();
  }

  private static long key(int eligibility, int weight) {
    return ((long) eligibility << 32) | weight;
  }

  public static final class Draft {
    private final Map<Long, Long> millionths = new HashMap<>();

    public void add(int eligibility, int weight, long factor) {
      millionths.put(key(eligibility, weight), factor);
    }

    public PreviousFactors sealed() {
      return new PreviousFactors(new HashMap<>(millionths));
    }
  }
}
