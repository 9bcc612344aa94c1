package dev.stowage.evidence.canonical;

import dev.stowage.evidence.Hash256;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reference of the chain's formula: {@code h(0) = SHA-256(header)}, {@code h(i+1) =
 * SHA-256(h(i) || type || length || payload)} for the record at index {@code i}, type as 2 and
 * length as 4 bytes, big-endian. A log computes it in place. Not thread-safe.
 */
public final class HashChain {
  /** Bytes before the payload that the chain digests: hash, type, length. */
  public static final int FRAME_BYTES = Hash256.BYTES + 6;

  private final ChainDigest link;
  private byte[] frame = new byte[256];

  private @Nullable Hash256 head;

  private HashChain(Hash256 start, ChainDigest link) {
    this.link = link;
    start.writeTo(frame, 0);
  }

  /** Creates a chain from a header's hash or an anchor's. */
  public static HashChain startingAt(Hash256 start) {
    return new HashChain(start, ChainDigest.sha256());
  }

  /** Appends a record of type {@code wire}, 0 to 65,535, and returns the new head. */
  public Hash256 append(int wire, byte[] payload) {
    advance(wire, payload, 0, payload.length);
    return head();
  }

  /** Returns the last hash. */
  public Hash256 head() {
    Hash256 known = head;
    if (known == null) {
      known = Hash256.fromBytes(frame, 0);
      head = known;
    }
    return known;
  }

  /** Appends a record whose payload is a span, without allocation. */
  public void advance(int wire, byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    int total = Math.addExact(FRAME_BYTES, length);
    if (total > frame.length) {
      frame = Arrays.copyOf(frame, Math.max(total, 2 * frame.length));
    }
    writeFrame(frame, Hash256.BYTES, wire, length);
    System.arraycopy(source, offset, frame, FRAME_BYTES, length);
    link.link(frame, 0, total, frame, 0);
    head = null;
  }

  /** Reports whether the last hash equals the bytes at {@code offset}. */
  public boolean headIs(byte[] bytes, int offset) {
    return Arrays.equals(frame, 0, Hash256.BYTES, bytes, offset, offset + Hash256.BYTES);
  }

  /** Returns the SHA-256 of type (2 bytes), length (4 bytes) and payload; type 0 to 65,535. */
  public static Hash256 contentAddress(int wire, byte[] payload) {
    byte[] bytes = new byte[Math.addExact(6, payload.length)];
    writeFrame(bytes, 0, wire, payload.length);
    System.arraycopy(payload, 0, bytes, 6, payload.length);
    return Hash256.of(bytes);
  }

  /** Writes type and length, six bytes, at {@code offset}. */
  public static void writeFrame(byte[] target, int offset, int wire, int length) {
    if (wire >>> 16 != 0) {
      throw new IllegalArgumentException("type is " + wire + "; 0 to 65535 is accepted");
    }
    target[offset] = (byte) (wire >>> 8);
    target[offset + 1] = (byte) wire;
    target[offset + 2] = (byte) (length >>> 24);
    target[offset + 3] = (byte) (length >>> 16);
    target[offset + 4] = (byte) (length >>> 8);
    target[offset + 5] = (byte) length;
  }
}
