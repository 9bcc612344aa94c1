package dev.stowage.columns;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;

/** A placeholder for a list that is too long to take; keeps only its length. Immutable. */
public final class Oversized<T> extends AbstractList<T> {
  /** The most elements of a list taken in one call. */
  public static final int MOST = 10_000_000;

  private final int size;

  private Oversized(int size) {
    this.size = size;
  }

  public static boolean is(List<?> list) {
    return list.size() > MOST;
  }

  /** Creates a list of {@code size} elements, which must exceed {@link #MOST}; none can be read. */
  public static <T> List<T> of(int size) {
    return new Oversized<>(size);
  }

  /** Returns a copy without nulls, or a placeholder; throws {@code NullPointerException}. */
  public static <T> List<T> copyOf(List<T> list, String what) {
    Objects.requireNonNull(list, what);
    return is(list) ? of(list.size()) : NoNulls.copyOf(list, what);
  }

  /** Returns {@code list}; throws {@code IllegalArgumentException} above {@link #MOST}. */
  public static <T> List<T> refuse(List<T> list, String what) {
    if (is(Objects.requireNonNull(list, what))) {
      throw new IllegalArgumentException(
          what + " has " + list.size() + " elements; at most " + MOST + " are taken in one call");
    }
    return list;
  }

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
