package dev.stowage.deterministic;

import dev.stowage.evidence.Hash256;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Immutable bytes for a task, a guard or the shared state, compared by content. */
public final class Payload {
  /** The greatest length in bytes, 1 MiB. */
  public static final int MAX_BYTES = 1 << 20;

  /** The payload of length 0. */
  public static final Payload EMPTY = new Payload(new byte[0]);

  static final Form<Payload> FORM = Forms.of(Forms.BYTES, Payload::of, payload -> payload.bytes);

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies bytes; throws {@code IllegalArgumentException} if longer than {@link #MAX_BYTES}. */
  public static Payload of(byte[] bytes) {
    Bounds.between(bytes.length, 0, MAX_BYTES, "payload bytes");
    return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
  }

  /** Returns the eight bytes of a number, big-endian. */
  public static Payload ofLong(long value) {
    return new Payload(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  /** Returns the bytes as a new array. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Returns the number, or 0 if empty; throws {@link IllegalStateException} unless 8 bytes. */
  public long asLong() {
    if (bytes.length == 0) {
      return 0;
    }
    if (bytes.length != Long.BYTES) {
      throw new IllegalStateException("payload has " + bytes.length + " bytes, a number has 8");
    }
    return ByteBuffer.wrap(bytes).getLong();
  }

  /** Returns the SHA-256 of the bytes. */
  public Hash256 hash() {
    return Hash256.of(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
