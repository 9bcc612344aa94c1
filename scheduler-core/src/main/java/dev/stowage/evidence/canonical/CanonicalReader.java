package dev.stowage.evidence.canonical;

import dev.stowage.columns.Utf8Order;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.Hash256;
import dev.stowage.shape.Field;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Source;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Reads the bytes of a {@link CanonicalWriter}; any other encoding throws {@link
 * EvidenceException.Malformed}. Counts are checked before allocation. Not thread-safe.
 */
public final class CanonicalReader implements Source {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long NEGATIVE_ZERO = Long.MIN_VALUE;

  private final byte[] source;
  private final int start;
  private final int end;
  private int at;

  private CanonicalReader(byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    this.source = source;
    this.start = offset;
    this.end = offset + length;
    this.at = offset;
    int version = u8();
    if (version != CanonicalWriter.VERSION) {
      throw malformed(
          offset, "encoding version " + version + ", expected " + CanonicalWriter.VERSION);
    }
  }

  /** Creates a reader of an array that is not copied, and checks its version byte. */
  public static CanonicalReader of(byte[] message) {
    return new CanonicalReader(message, 0, message.length);
  }

  /** Creates a reader of a span, or throws {@link IndexOutOfBoundsException}. */
  public static CanonicalReader of(byte[] source, int offset, int length) {
    return new CanonicalReader(source, offset, length);
  }

  /** Reads an unsigned byte, 0 to 255. */
  public int u8() {
    return source[take(1)] & 0xFF;
  }

  /** Reads an unsigned 16-bit number. */
  public int u16() {
    return (short) SHORT.get(source, take(2)) & 0xFFFF;
  }

  /** Reads an unsigned 32-bit number. */
  public long u32() {
    return (int) INT.get(source, take(4)) & 0xFFFF_FFFFL;
  }

  /** Reads an unsigned 64-bit number; compare with {@link Long#compareUnsigned}. */
  public long u64() {
    return (long) LONG.get(source, take(8));
  }

  /** Reads a double, which cannot be NaN or negative zero. */
  public double f64() {
    int from = at;
    long bits = u64();
    double value = Double.longBitsToDouble(bits);
    if (bits == NEGATIVE_ZERO || Double.isNaN(value)) {
      throw malformed(from, "negative zero or NaN where a canonical double is expected");
    }
    return value;
  }

  /** Reads a string of well-formed UTF-8. */
  public String string() {
    int from = at;
    int length = count(1);
    int text = take(length);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(source, text, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed(from, "a string of " + length + " bytes is not UTF-8");
    }
  }

  /** Reads a count and that many bytes, as a new array. */
  public byte[] bytes() {
    int length = count(1);
    int from = take(length);
    return Arrays.copyOfRange(source, from, from + length);
  }

  /** Reads a digest of 32 bytes. */
  public Hash256 hash() {
    return Hash256.fromBytes(source, take(Hash256.BYTES));
  }

  /** Reads a boolean or an optional's flag, 0 or 1. */
  public boolean flag() {
    int from = at;
    int flag = u8();
    if (flag > 1) {
      throw malformed(from, "flag is " + flag + ", expected 0 or 1");
    }
    return flag == 1;
  }

  /** Reads an unsigned byte below {@code count}. */
  public int ordinal(int count) {
    int from = at;
    int ordinal = u8();
    if (ordinal >= count) {
      throw malformed(from, "constant is " + ordinal + ", expected below " + count);
    }
    return ordinal;
  }

  /** Reads an ordinal and returns its constant. */
  public <E> E oneOf(E[] constants) {
    return constants[ordinal(constants.length)];
  }

  /** Reads a value; turns a decoder's {@code IllegalArgumentException} into {@code Malformed}. */
  public <T> T value(Function<? super CanonicalReader, ? extends T> decoder) {
    try {
      return decoder.apply(this);
    } catch (IllegalArgumentException e) {
      throw new EvidenceException.Malformed((long) at - start, e);
    }
  }

  /** Reads a map, unmodifiable, whose keys must ascend; it iterates in key order. */
  public <T> Map<String, T> map(Function<? super CanonicalReader, ? extends T> decoder) {
    int count = count(4);
    Map<String, T> entries = new LinkedHashMap<>();
    String previous = null;
    for (int i = 0; i < count; i++) {
      int from = at;
      String key = string();
      if (previous != null && Utf8Order.compare(previous, key) >= 0) {
        throw malformed(from, "map keys repeat or are out of order");
      }
      previous = key;
      entries.put(key, decoder.apply(this));
    }
    return Collections.unmodifiableMap(entries);
  }

  /** Reads a u32 count of elements that take {@code leastBytes} each, at least 1, and must fit. */
  public int count(int leastBytes) {
    if (leastBytes < 1) {
      throw new IllegalArgumentException(
          "leastBytes is " + leastBytes + "; at least 1 is accepted");
    }
    int from = at;
    long count = u32();
    if (count > (end - at) / leastBytes) {
      throw malformed(from, "count is " + count + " but only " + (end - at) + " bytes are left");
    }
    return (int) count;
  }

  /** Reads a row of a shape, which the shape must accept. */
  public <T> T row(Shape<T> shape) {
    return value(in -> shape.read(in));
  }

  @Override
  public int begin(Shape<?> shape) {
    return u8();
  }

  @Override
  public long number(Field<?, ?> of) {
    return of.isNarrow() ? (int) INT.get(source, take(Integer.BYTES)) : u64();
  }

  @Override
  public boolean flag(Field<?, ?> of) {
    return flag();
  }

  @Override
  public String text(Field<?, ?> of) {
    return string();
  }

  @Override
  public <E extends Enum<E>> E constant(Field<?, ?> of, E[] all) {
    return oneOf(all);
  }

  @Override
  public byte[] bytes(Field<?, ?> of) {
    return bytes();
  }

  @Override
  public int list(Field<?, ?> of) {
    return count(1);
  }

  @Override
  public boolean optional(Field<?, ?> of) {
    return flag();
  }

  /** Returns the number of bytes left. */
  public int remaining() {
    return end - at;
  }

  /** Requires that no byte is left. */
  public void end() {
    if (at != end) {
      throw malformed(at, (end - at) + " bytes left over after the last field");
    }
  }

  private int take(int bytes) {
    if (bytes > end - at) {
      throw malformed(at, bytes + " bytes expected, " + (end - at) + " left");
    }
    int from = at;
    at += bytes;
    return from;
  }

  private EvidenceException.Malformed malformed(int position, String message) {
    return new EvidenceException.Malformed((long) position - start, message);
  }
}
