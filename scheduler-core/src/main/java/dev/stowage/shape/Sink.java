package dev.stowage.shape;

/**
 * Receives the fields of a row in their places. A sink is a writer of bytes, a counter of bytes, a
 * binder of columns or a printer of text.
 *
 * <p>Each value is announced by the field that holds it; the elements of a list and the fields of a
 * nested row follow their {@link #list} or {@link #begin}. A sink belongs to one thread.
 */
public interface Sink {
  /**
   * Begins a row.
   *
   * @param shape the shape of the row
   * @param fields the number of fields that follow, from the first one on
   */
  void begin(Shape<?> shape, int fields);

  /** Ends the row that began last. */
  default void end(Shape<?> shape) {}

  /** Takes a nested row, whose {@link #begin} follows. */
  default void row(Field<?, ?> of) {}

  /** Reports whether trailing fields at their defaults are to be written as well. */
  default boolean isWhole() {
    return false;
  }

  /**
   * Takes a field that is at its default; if the answer is true, its value does not follow. A sink
   * of whole rows, or of some fields, is asked.
   */
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
