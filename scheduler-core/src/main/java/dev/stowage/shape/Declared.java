package dev.stowage.shape;

import java.lang.reflect.Field;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a constant that a class declares for the parts of the library: its {@code SHAPE}, {@code
 * FORM} or {@code FIGURES}. The constants are package-private, because a host has no use for them,
 * and read by reflection, as {@code CREATOR} of Android's {@code Parcelable} is.
 */
final class Declared extends ClassValue<Object> {
  private final String name;

  Declared(String name) {
    this.name = name;
  }

  @Override
  protected Object computeValue(@Nullable Class<?> type) {
    try {
      Field constant = Objects.requireNonNull(type, "type").getDeclaredField(name);
      constant.setAccessible(true);
      return Objects.requireNonNull(constant.get(null), name);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type + " declares no " + name, e);
    }
  }
}
