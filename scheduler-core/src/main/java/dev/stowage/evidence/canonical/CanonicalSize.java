package dev.stowage.evidence.canonical;

import dev.stowage.columns.Utf8Order;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import java.util.List;

/** Counts the canonical bytes of a row without writing them. Not thread-safe. */
public final class CanonicalSize implements Sink {
  private long bytes;

  private CanonicalSize() {}

  /** Returns the bytes that {@link CanonicalWriter} writes for a row. */
  public static <T> long of(Shape<T> shape, T row) {
    CanonicalSize size = new CanonicalSize();
    shape.write(row, size);
    return size.bytes;
  }

  /** Returns the bytes of all rows together. */
  public static <T> long of(Shape<T> shape, List<? extends T> rows) {
    CanonicalSize size = new CanonicalSize();
    for (T row : rows) {
      shape.write(row, size);
    }
    return size.bytes;
  }

  @Override
  public void begin(Shape<?> shape, int fields) {
    bytes++;
  }

  @Override
  public void number(Field<?, ?> of, long value) {
    bytes += of.isNarrow() ? Integer.BYTES : Long.BYTES;
  }

  @Override
  public void flag(Field<?, ?> of, boolean value) {
    bytes++;
  }

  @Override
  public void text(Field<?, ?> of, String value) {
    bytes += Integer.BYTES + Utf8Order.length(value);
  }

  @Override
  public void constant(Field<?, ?> of, Enum<?> value) {
    bytes++;
  }

  @Override
  public void bytes(Field<?, ?> of, byte[] value) {
    bytes += Integer.BYTES + (long) value.length;
  }

  @Override
  public void list(Field<?, ?> of, int count) {
    bytes += Integer.BYTES;
  }

  @Override
  public void optional(Field<?, ?> of, boolean isPresent) {
    bytes++;
  }
}
