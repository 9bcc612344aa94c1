package dev.stowage.shape;

import java.util.Collection;
import java.util.Optional;

/** Writes, reads and hashes a value that is no plain number or flag. Stateless and thread-safe. */
public interface Form<V> {
  /** Returns the form that a class declares in its constant {@code FORM}. */
  @SuppressWarnings("unchecked") // a class declares its own form
  static <V> Form<V> of(Class<V> type) {
    return (Form<V>) Forms.DECLARED.get(type);
  }

  /** Returns the kind of value. */
  Kind kind();

  /** Returns the shape of the value if it is a row. */
  default Optional<Shape<V>> shape() {
    return Optional.empty();
  }

  /** Reports whether the value is a number of 32 bits. */
  default boolean isNarrow() {
    return false;
  }

  /** Writes a value of a field. */
  void write(Field<?, ?> of, V value, Sink to);

  /** Reads a value; throws {@code IllegalArgumentException} if the source holds none. */
  V read(Field<?, ?> of, Source from);

  /** Returns a hash for digests; equal values have equal hashes, in every process. */
  long hash(V value);

  /** Returns a value as text. */
  default String print(V value) {
    return value.toString();
  }

  /** Returns the words of all values; empty if they cannot be listed. */
  default String accepted() {
    return "";
  }

  /** Adds each violation of a value as a line that begins with the name. */
  default void violations(String name, V value, Collection<String> into) {}

  /** Adds the parts of a value that are larger than accepted. */
  default void oversized(V value, Collection<String> into) {}
}
