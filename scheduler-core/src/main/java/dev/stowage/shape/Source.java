package dev.stowage.shape;

/**
 * Gives the fields of a row in place, to one thread; the counterpart of a {@link Sink}. Throws
 * {@code IllegalArgumentException} for what it cannot give.
 */
public interface Source {
  /** The result of {@link #begin} and {@link #list} of a source that is asked for each part. */
  int EACH = -1;

  /** Begins a row; returns the number of fields, counted from the first one, or {@link #EACH}. */
  default int begin(Shape<?> shape) {
    return EACH;
  }

  /** Ends the row that began last. */
  default void end(Shape<?> shape) {}

  /** Gives a nested row, whose {@link #begin} follows. */
  default void row(Field<?, ?> of) {}

  /** Reports whether a field is there; called only after {@link #EACH}. */
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

  /** Returns one of the constants. */
  <E extends Enum<E>> E constant(Field<?, ?> of, E[] all);

  /** Returns bytes, as an array that the caller owns. */
  default byte[] bytes(Field<?, ?> of) {
    throw new IllegalArgumentException(of.name() + " is not read here");
  }

  /** Begins a list; returns the number of elements that follow, or {@link #EACH}. */
  int list(Field<?, ?> of);

  /** Reports whether another element follows; called only after {@link #EACH}. */
  default boolean hasElement(Field<?, ?> of) {
    return false;
  }

  /** Ends the list that began last. */
  default void endList(Field<?, ?> of) {}

  /** Reports whether an optional value follows. */
  boolean optional(Field<?, ?> of);
}
