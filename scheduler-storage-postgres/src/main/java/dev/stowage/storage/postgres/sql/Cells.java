package dev.stowage.storage.postgres.sql;

import dev.stowage.shape.Kind;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the values of a row in the order of its columns. */
interface Cells {
  Cells integer(int value) throws SQLException;

  Cells bigint(long value) throws SQLException;

  Cells small(int value) throws SQLException;

  Cells flag(boolean value) throws SQLException;

  Cells text(@Nullable String value) throws SQLException;

  Cells texts(List<String> values) throws SQLException;

  Cells bytes(byte @Nullable [] value) throws SQLException;

  Cells none(Kind kind, boolean isNarrow) throws SQLException;
}
