package dev.stowage.shape;

import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a constant that a class declares for the parts of the library: its {@code SHAPE}, {@code
 * FORM} or {@code FIGURES}. The constants are package-private, because a host has no use for them,
 * and read by name, as {@code CREATOR} of Android's {@code Parcelable} is.
 */
final class Declared extends ClassValue<Object> {
  private final String name;

  Declared(String name) {
    this.name = name;
  }

  @Override
  protected Object computeValue(@Nullable Class<?> type) {
    try {
      MethodHandles.Lookup within =
          MethodHandles.privateLookupIn(
              Objects.requireNonNull(type, "type"), MethodHandles.lookup());
      Class<?> kind = type.getDeclaredField(name).getType();
      return Objects.requireNonNull(within.findStaticVarHandle(type, name, kind).get(), name);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type + " declares no " + name, e);
    }
  }

  boolean isDeclaredBy(Class<?> type) {
    return Stream.of(type.getDeclaredFields()).anyMatch(it -> it.getName().equals(name));
  }
}
