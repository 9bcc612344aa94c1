package dev.stowage.deterministic.basics;

import java.util.Arrays;
import java.util.function.Function;

/** Parses settings of a log's header; {@code IllegalArgumentException} names the bad one. */
public final class SettingNames {
  private SettingNames() {}

  public static <E> E parse(String label, E[] values, Function<E, String> labelOf, String what) {
    for (E value : values) {
      if (labelOf.apply(value).equals(label)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        what + " is '" + label + "'; accepted are " + Arrays.stream(values).map(labelOf).toList());
  }

  public static int number(String text, String what) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(what + " is '" + text + "'; a number is expected", e);
    }
  }
}
