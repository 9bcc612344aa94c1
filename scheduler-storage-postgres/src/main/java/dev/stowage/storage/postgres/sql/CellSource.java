package dev.stowage.storage.postgres.sql;

import dev.stowage.shape.Field;
import org.jspecify.annotations.Nullable;

/** The values of a stored row in the order of its columns. */
interface CellSource {
  /** Reports whether the next value is null, without reading it. */
  boolean isNull();

  void skip(int columns);

  /** Returns a number of any width; throws {@code IllegalArgumentException} for null. */
  long number(Field<?, ?> of);

  boolean flag();

  @Nullable String text();

  byte @Nullable [] bytes();
}
