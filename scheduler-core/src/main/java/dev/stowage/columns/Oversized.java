package dev.stowage.columns;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;

/**
 * Stands for a list that is longer than anybody takes: only its length is kept, so that it costs
 * nothing to refuse. Immutable.
 */
public final class Oversized<T> extends AbstractList<T> {
  /** So many elements, at most, are ever looked at. */
  public static final int MOST = 10_000_000;

  private final int size;

  private Oversized(int size) {
    this.size = size;
  }

  /** Whether a list is longer than {@link #MOST}. */
  public static boolean is(List<?> list) {
    return list.size() > MOST;
  }

  /**
   * A list with no elements to look at.
   *
   * @param size its length, over {@link #MOST}
   */
  public static <T> List<T> of(int size) {
    return new Oversized<>(size);
  }

  /**
   * The same list.
   *
   * @throws IllegalArgumentException if it is longer than {@link #MOST}
   */
  public static <T> List<T> refuse(List<T> list, String what) {
    if (is(Objects.requireNonNull(list, what))) {
      throw new IllegalArgumentException(
          what + " has " + list.size() + " elements; at most " + MOST + " are taken in one call");
    }
    return list;
  }

  /** Never answers. */
  @Override
  public T get(int index) {
    throw new UnsupportedOperationException("the elements of an oversized list are not kept");
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Oversized<?> list && size == list.size;
  }

  @Override
  public int hashCode() {
    return size;
  }

  @Override
  public String toString() {
    return "[" + size + " elements]";
  }
}
