package dev.stowage.placement.fleet;

import dev.stowage.columns.Avalanche;
import dev.stowage.columns.Mix;
import dev.stowage.config.Reason;
import dev.stowage.model.Eligibility;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The workers for the chunks of one eligibility. Draw t picks a worker in proportion to capacity,
 * as weighted rendezvous hashing does, from a table that fits the nearest cache.
 */
public final class Pool {
  private static final int MAX_TABLE = 1 << 15;
  public final int eligibility;

  /** Workers that may hold the chunks in any status, by position. */
  public final boolean[] admits;

  /** Workers that may be assigned chunks now, in canonical order. */
  public final int[] placeable;

  /** The most workers for one chunk within the limits of domains. */
  private final int most;

  /** True if all have one capacity; then the most room is also the largest share of it. */
  public final boolean isUniform;

  final int zones;

  final int[] inner;

  private final int[] table;
  private final Eligibility constraint;
  private final @Nullable Reason[] refused;
  private final Fleet fleet;
  private final int shift;

  Pool(int eligibility, Eligibility constraint, @Nullable Reason[] refused, Fleet fleet) {
    this.eligibility = eligibility;
    this.constraint = constraint;
    this.refused = refused;
    this.fleet = fleet;
    admits = new boolean[fleet.count];
    int[] members = new int[fleet.count];
    int count = 0;
    for (int worker : fleet.order) {
      admits[worker] =
          constraint.admits(fleet.worker(worker))
              && (refused.length == 0 || refused[worker] == null);
      if (admits[worker] && fleet.placeable[worker]) {
        members[count++] = worker;
      }
    }
    placeable = Arrays.copyOf(members, count);
    boolean uniform = true;
    BitSet seen = new BitSet();
    for (int worker : placeable) {
      uniform &= fleet.capacity[worker] == fleet.capacity[placeable[0]];
      seen.set(fleet.zone[worker]);
    }
    isUniform = uniform;
    zones = seen.cardinality();
    inner = new int[fleet.inner.length];
    for (int level = 0; level < inner.length; level++) {
      seen.clear();
      for (int worker : placeable) {
        seen.set(fleet.inner[level][worker]);
      }
      inner[level] = seen.cardinality();
    }
    DomainCount together = new DomainCount(fleet.limits, fleet.count);
    int allowed = 0;
    for (int i = 0; fleet.limits.isAny() && i < count; i++) {
      allowed += together.take(placeable[i]) ? 1 : 0;
    }
    most = fleet.limits.isAny() ? allowed : count;
    int bits = 1;
    while (1 << bits < Math.min(MAX_TABLE, 16L * count)) {
      bits++;
    }
    shift = 64 - bits;
    table = drawTable(fleet, 1 << bits);
  }

  /** Returns the rule that refuses a worker, or null if the pool admits it. */
  public @Nullable Reason refusal(int worker) {
    if (admits[worker]) {
      return null;
    }
    return constraint.admits(fleet.worker(worker)) ? refused[worker] : Reason.NOT_ELIGIBLE;
  }

  boolean isRefusedBy(Reason rule) {
    return Arrays.asList(refused).contains(rule);
  }

  public int size() {
    return placeable.length;
  }

  public int most() {
    return most;
  }

  /** Returns draw number {@code turn} of a chunk; the pool must not be empty. */
  public int draw(long keyHash, int turn) {
    return table[(int) (Avalanche.of(keyHash + turn * Mix.GOLDEN) >>> shift)];
  }

  private int[] drawTable(Fleet fleet, int length) {
    int[] drawn = new int[placeable.length == 0 ? 0 : length];
    double total = 0;
    for (int worker : placeable) {
      total += fleet.capacity[worker];
    }
    double before = 0;
    int filled = 0;
    for (int worker : placeable) {
      before += fleet.capacity[worker];
      int until = total == 0 ? 0 : (int) Math.min(drawn.length, before / total * drawn.length);
      while (filled < until) {
        drawn[filled++] = worker;
      }
    }
    while (filled < drawn.length) {
      drawn[filled] = placeable[filled % placeable.length];
      filled++;
    }
    return drawn;
  }
}
