package dev.stowage.evidence.canonical;

import dev.stowage.columns.ArrayGrowth;
import dev.stowage.columns.Utf8Order;
import dev.stowage.evidence.Hash256;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Writes values in their one canonical encoding, specified in {@code
 * docs/internals/evidence-format.md}: a version byte, then big-endian fields. Variable ones begin
 * with a u32 count, maps ascend by the UTF-8 bytes of their keys, and rows begin with a u8 count. A
 * reusable buffer; not thread-safe. Throws {@code IllegalArgumentException} for values without an
 * encoding.
 */
public final class CanonicalWriter implements Sink {
  /** The encoding's version, the first byte of every message. */
  public static final int VERSION = 1;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] buffer = new byte[256];
  private int length;

  /** Creates a writer with the version byte written. */
  public CanonicalWriter() {
    reset();
  }

  /** Begins a new message with its version byte. */
  public CanonicalWriter reset() {
    buffer[0] = VERSION;
    length = 1;
    return this;
  }

  /** Writes one byte, 0 to 255. */
  public CanonicalWriter u8(int value) {
    inRange(value, 0xFF);
    int at = claim(1);
    buffer[at] = (byte) value;
    return this;
  }

  /** Writes two bytes, 0 to 65,535. */
  public CanonicalWriter u16(int value) {
    inRange(value, 0xFFFF);
    int at = claim(2);
    SHORT.set(buffer, at, (short) value);
    return this;
  }

  /** Writes four bytes, 0 to 4,294,967,295. */
  public CanonicalWriter u32(long value) {
    inRange(value, 0xFFFF_FFFFL);
    int at = claim(4);
    INT.set(buffer, at, (int) value);
    return this;
  }

  /** Writes eight bytes, any bit pattern, read as unsigned. */
  public CanonicalWriter u64(long value) {
    int at = claim(8);
    LONG.set(buffer, at, value);
    return this;
  }

  /** Writes a double other than NaN; negative zero becomes zero. */
  public CanonicalWriter f64(double value) {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException("NaN has no canonical encoding");
    }
    // adding zero turns negative zero into zero and changes no other number
    return u64(Double.doubleToRawLongBits(value + 0.0));
  }

  /** Writes a string without unpaired surrogates. */
  public CanonicalWriter string(String value) {
    int units = value.length();
    int at = claim(4 + units);
    int start = at + 4;
    for (int i = 0; i < units; i++) {
      char unit = value.charAt(i);
      if (unit >= 0x80) {
        length = at;
        return stringBeyondAscii(value);
      }
      buffer[start + i] = (byte) unit;
    }
    INT.set(buffer, at, units);
    return this;
  }

  private CanonicalWriter stringBeyondAscii(String value) {
    if (!Utf8Order.isWellFormed(value)) {
      throw new IllegalArgumentException("string holds an unpaired surrogate");
    }
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a count and the bytes. */
  public CanonicalWriter bytes(byte[] value) {
    int at = claim(Math.addExact(4, value.length));
    INT.set(buffer, at, value.length);
    System.arraycopy(value, 0, buffer, at + 4, value.length);
    return this;
  }

  /** Writes the 32 bytes of a digest. */
  public CanonicalWriter hash(Hash256 value) {
    Objects.requireNonNull(value, "hash");
    int at = claim(Hash256.BYTES);
    value.writeTo(buffer, at);
    return this;
  }

  /** Writes a count and the elements in the collection's order, which must not be hash order. */
  public <T> CanonicalWriter list(
      Collection<? extends T> values, BiConsumer<? super CanonicalWriter, ? super T> encoder) {
    u32(values.size());
    for (T value : values) {
      encoder.accept(this, value);
    }
    return this;
  }

  /** Writes a map sorted by the UTF-8 bytes of its keys. */
  public <T> CanonicalWriter map(
      Map<String, ? extends T> entries, BiConsumer<? super CanonicalWriter, ? super T> encoder) {
    TreeMap<String, T> sorted = new TreeMap<>(Utf8Order.COMPARATOR);
    sorted.putAll(entries);
    u32(sorted.size());
    sorted.forEach((key, value) -> {
      string(key);
      encoder.accept(this, value);
    });
    return this;
  }

  /** Writes a row of a shape. */
  public <T> CanonicalWriter row(Shape<T> shape, T row) {
    shape.write(row, this);
    return this;
  }

  @Override
  public void begin(Shape<?> shape, int fields) {
    u8(fields);
  }

  @Override
  public void number(Field<?, ?> of, long value) {
    if (of.isNarrow()) {
      int at = claim(Integer.BYTES);
      INT.set(buffer, at, (int) value);
    } else {
      u64(value);
    }
  }

  @Override
  public void flag(Field<?, ?> of, boolean value) {
    u8(value ? 1 : 0);
  }

  @Override
  public void text(Field<?, ?> of, String value) {
    string(value);
  }

  @Override
  public void constant(Field<?, ?> of, Enum<?> value) {
    u8(value.ordinal());
  }

  @Override
  public void bytes(Field<?, ?> of, byte[] value) {
    bytes(value);
  }

  @Override
  public void list(Field<?, ?> of, int count) {
    u32(count);
  }

  @Override
  public void optional(Field<?, ?> of, boolean isPresent) {
    u8(isPresent ? 1 : 0);
  }

  /** Returns the bytes written, the version byte included. */
  public int length() {
    return length;
  }

  /** Returns the message as a new array. */
  public byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  /** Returns the internal array; the message is its first {@link #length()} bytes. */
  public byte[] buffer() {
    return buffer;
  }

  private int claim(int bytes) {
    int at = length;
    long end = (long) at + bytes;
    if (end > buffer.length) {
      buffer = Arrays.copyOf(buffer, ArrayGrowth.capacity(2L * buffer.length, end));
    }
    length = (int) end;
    return at;
  }

  private static void inRange(long value, long most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException("value is " + value + "; 0 to " + most + " is accepted");
    }
  }
}
