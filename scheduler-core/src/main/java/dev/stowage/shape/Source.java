package dev.stowage.shape;

/**
 * Gives the values of the fields of a row in their places; the counterpart of a {@link Sink}. What
 * a source cannot give as asked it refuses with {@link IllegalArgumentException}. A source belongs
 * to one thread.
 */
public interface Source {
  /** Returned by {@link #begin} of a source that is asked for each field. */
  int EACH = -1;

  /**
   * Begins a row.
   *
   * @return the number of fields that follow, from the first one on; or {@link #EACH} if {@link
   *     #has} tells which ones are there
   */
  default int begin(Shape<?> shape) {
    return EACH;
  }

  /** Ends the row that began last. */
  default void end(Shape<?> shape) {}

  /** Gives a nested row, whose {@link #begin} follows. */
  default void row(Field<?, ?> of) {}

  /** Reports whether a field is there; only asked after {@link #EACH}. */
  default boolean has(Field<?, ?> of) {
    return true;
  }

  /** Returns a number. */
  long number(Field<?, ?> of);

  /** Returns a flag. */
  default boolean flag(Field<?, ?> of) {
    throw new IllegalArgumentException(of.name() + " is not read here");
  }

  /** Returns a text. */
  String text(Field<?, ?> of);

  /** Returns one of these constants. */
  <E extends Enum<E>> E constant(Field<?, ?> of, E[] all);

  /** Returns bytes, as an array of the caller's. */
  default byte[] bytes(Field<?, ?> of) {
    throw new IllegalArgumentException(of.name() + " is not read here");
  }

  /** Begins a list and returns the number of elements that follow. */
  int list(Field<?, ?> of);

  /** Ends the list that began last. */
  default void endList(Field<?, ?> of) {}

  /** Reports whether an optional value follows. */
  boolean optional(Field<?, ?> of);
}
