package dev.stowage.shape;

/**
 * Receives the fields of a row in place: a writer or counter of bytes, a binder of columns, a
 * printer. Elements follow {@link #list}, fields of a row {@link #begin}. Belongs to one thread.
 */
public interface Sink {
  /** Begins a row of {@code fields} fields, counted from the first one. */
  void begin(Shape<?> shape, int fields);

  /** Ends the row that began last. */
  default void end(Shape<?> shape) {}

  /** Takes a nested row, whose {@link #begin} follows. */
  default void row(Field<?, ?> of) {}

  /** Reports whether trailing fields at their defaults are to be written as well. */
  default boolean isWhole() {
    return false;
  }

  /** Reports whether the value of a field at its default is left out, where rows are not cut. */
  default boolean omits(Field<?, ?> of) {
    return false;
  }

  /** Takes a number. */
  void number(Field<?, ?> of, long value);

  /** Takes a flag. */
  void flag(Field<?, ?> of, boolean value);

  /** Takes a text. */
  void text(Field<?, ?> of, String value);

  /** Takes a constant of an enumeration. */
  void constant(Field<?, ?> of, Enum<?> value);

  /** Takes bytes, which are not kept. */
  void bytes(Field<?, ?> of, byte[] value);

  /** Begins a list of {@code count} elements, which follow. */
  void list(Field<?, ?> of, int count);

  /** Ends the list that began last. */
  default void endList(Field<?, ?> of) {}

  /** Tells whether an optional value is there; if so, it follows. */
  void optional(Field<?, ?> of, boolean isPresent);
}
