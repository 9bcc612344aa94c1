package dev.stowage.storage.postgres.sql;

import dev.stowage.shape.Field;
import org.jspecify.annotations.Nullable;

/** Gives the values of a stored row in the order of its columns. */
interface CellSource {
  /** Reports whether the next value is null, and stays before it. */
  boolean isNull();

  /** Passes over values. */
  void skip(int columns);

  /**
   * Returns a number of any width.
   *
   * @throws IllegalArgumentException if it is null
   */
  long number(Field<?, ?> of);

  boolean flag();

  @Nullable String text();

  byte @Nullable [] bytes();
}
