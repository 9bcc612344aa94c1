package dev.stowage.sim.kit.world;

import dev.stowage.model.ChunkNumber;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values by the number of a chunk, in one array for each lineage: counters are dense, and a lookup
 * needs no hash. Not thread-safe.
 */
final class NumberTable<V> {
  private static final int LEAST = 64;
  private static final @Nullable Object[] NOTHING = {};

  private final Map<Long, @Nullable Object[]> valuesOf = new HashMap<>();

  /** The lineage of the last lookup, if any, and its values. */
  private long token;

  private boolean isAsked;
  private @Nullable Object[] values = NOTHING;

  @SuppressWarnings("unchecked")
  @Nullable V get(ChunkNumber number) {
    select(number.lineage().token());
    long counter = number.counter();
    return counter < values.length ? (V) values[(int) counter] : null;
  }

  /** Sets the value of a number; returns the previous one, or null. */
  @SuppressWarnings("unchecked")
  @Nullable V put(ChunkNumber number, V value) {
    select(number.lineage().token());
    int counter = Math.toIntExact(number.counter());
    if (counter >= values.length) {
      values = Arrays.copyOf(values, Math.max(LEAST, counter + 1 + counter / 2));
      valuesOf.put(token, values);
    }
    V before = (V) values[counter];
    values[counter] = value;
    return before;
  }

  /** Removes a number; returns its value, or null if it had none. */
  @Nullable V remove(ChunkNumber number) {
    V before = get(number);
    if (before != null) {
      values[(int) number.counter()] = null;
    }
    return before;
  }

  private void select(long lineage) {
    if (lineage != token || !isAsked) {
      token = lineage;
      isAsked = true;
      values = valuesOf.getOrDefault(lineage, NOTHING);
    }
  }
}
