package dev.stowage.columns;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Refuses null elements at the border, and says which one it was. */
public final class NoNulls {
  private NoNulls() {}

  /**
   * The same collection, if neither it nor any of its elements is null.
   *
   * @param what its name, as the caller knows it; an element is then called {@code what[3]}
   */
  public static <C extends Collection<?>> C in(C all, String what) {
    if (Objects.requireNonNull(all, what).isEmpty()) {
      return all;
    }
    int at = 0;
    for (Object each : all) {
      if (each == null) {
        throw new NullPointerException(what + "[" + at + "]");
      }
      at++;
    }
    return all;
  }

  /** An unmodifiable copy of a list, if neither it nor any of its elements is null. */
  public static <T> List<T> copyOf(List<T> list, String what) {
    return List.copyOf(in(list, what));
  }
}
