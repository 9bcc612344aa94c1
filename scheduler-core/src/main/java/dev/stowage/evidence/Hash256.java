package dev.stowage.evidence;

import dev.stowage.evidence.canonical.ChainDigest;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Objects;

/** A 256-bit digest in four big-endian words, bytes 0 to 31 in order. Immutable, thread-safe. */
public record Hash256(long a, long b, long c, long d) implements Comparable<Hash256> {
  /** The form of a digest: its bytes. */
  static final Form<Hash256> FORM = Forms.of(Forms.BYTES, Hash256::whole, Hash256::toBytes);

  /** The length of a digest in bytes. */
  public static final int BYTES = 32;

  /** The digest of zero bits, the head of a log without a chain. */
  public static final Hash256 ZERO = new Hash256(0, 0, 0, 0);

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Returns the SHA-256 of {@code bytes}. */
  public static Hash256 of(byte[] bytes) {
    Objects.requireNonNull(bytes, "bytes");
    byte[] digest = new byte[BYTES];
    ChainDigest.sha256().link(bytes, 0, bytes.length, digest, 0);
    return fromBytes(digest, 0);
  }

  private static Hash256 whole(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "digest has " + bytes.length + " bytes; " + BYTES + " are accepted");
    }
    return fromBytes(bytes, 0);
  }

  /** Reads {@value #BYTES} bytes; throws {@link IndexOutOfBoundsException} if there are fewer. */
  public static Hash256 fromBytes(byte[] bytes, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, bytes.length);
    return new Hash256(
        (long) WORD.get(bytes, offset),
        (long) WORD.get(bytes, offset + 8),
        (long) WORD.get(bytes, offset + 16),
        (long) WORD.get(bytes, offset + 24));
  }

  /** Writes {@value #BYTES} bytes; throws {@link IndexOutOfBoundsException} if they do not fit. */
  public void writeTo(byte[] target, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, target.length);
    WORD.set(target, offset, a);
    WORD.set(target, offset + 8, b);
    WORD.set(target, offset + 16, c);
    WORD.set(target, offset + 24, d);
  }

  /** Returns a new array of {@value #BYTES} bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    writeTo(bytes, 0);
    return bytes;
  }

  /** Compares the bytes, unsigned. */
  @Override
  public int compareTo(Hash256 other) {
    int order = Long.compareUnsigned(a, other.a);
    order = order != 0 ? order : Long.compareUnsigned(b, other.b);
    order = order != 0 ? order : Long.compareUnsigned(c, other.c);
    return order != 0 ? order : Long.compareUnsigned(d, other.d);
  }

  /** Returns 64 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%016x%016x%016x%016x", a, b, c, d);
  }
}
