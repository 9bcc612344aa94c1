package dev.stowage.sim.kit.world;

import dev.stowage.model.ChunkNumber;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
  private int size;

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
    size += before == null ? 1 : 0;
    return before;
  }

  /** Removes a number; returns its value, or null if it had none. */
  @Nullable V remove(ChunkNumber number) {
    V before = get(number);
    if (before != null) {
      values[(int) number.counter()] = null;
      size--;
    }
    return before;
  }

  int size() {
    return size;
  }

  /** Returns the values of numbers without a value in {@code other}, in the order of all values. */
  @SuppressWarnings("unchecked")
  List<V> without(NumberTable<?> other) {
    List<V> all = new ArrayList<>();
    valuesOf.forEach((lineage, mine) -> {
      @Nullable Object[] theirs = other.valuesOf.getOrDefault(lineage, NOTHING);
      for (int counter = 0; counter < mine.length; counter++) {
        if (mine[counter] != null && (counter >= theirs.length || theirs[counter] == null)) {
          all.add((V) mine[counter]);
        }
      }
    });
    return all;
  }

  /** Returns every value, those of one lineage in the order of their counters. */
  @SuppressWarnings("unchecked")
  List<V> values() {
    List<V> all = new ArrayList<>(size);
    for (Object[] each : valuesOf.values()) {
      for (Object value : each) {
        if (value != null) {
          all.add((V) value);
        }
      }
    }
    return all;
  }

  void clear() {
    valuesOf.clear();
    values = NOTHING;
    size = 0;
  }

  private void select(long lineage) {
    if (lineage != token || !isAsked) {
      token = lineage;
      isAsked = true;
      values = valuesOf.getOrDefault(lineage, NOTHING);
    }
  }
}
