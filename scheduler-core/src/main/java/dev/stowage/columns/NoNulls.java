package dev.stowage.columns;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Refuses null elements and names their index. */
public final class NoNulls {
  private NoNulls() {}

  /** Returns {@code all}; throws {@code NullPointerException} naming {@code what[index]}. */
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

  public static <T> List<T> copyOf(List<T> list, String what) {
    return List.copyOf(in(list, what));
  }
}
