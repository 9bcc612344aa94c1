package dev.stowage.evidence;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The chain over records: {@code h(0) = SHA-256(header)} and for the record at index {@code i},
 * from 0, {@code h(i+1) = SHA-256(h(i) || type || length || payload)} with type as 2 bytes and
 * length as 4 bytes, big-endian. Each hash depends on everything before it, so no record can be
 * changed, moved, left out or slipped in without changing every later hash.
 *
 * <p>This class is the reference of that formula, for verifiers; {@link EvidenceLog} computes the
 * same in place. Not thread-safe.
 */
public final class HashChain {
  /** Bytes before the payload that the chain digests: hash, type, length. */
  static final int FRAME_BYTES = Hash256.BYTES + 6;

  private final ChainDigest link;
  private byte[] frame = new byte[256];

  /** The last hash as a value, once somebody asked for it. */
  private @Nullable Hash256 head;

  private HashChain(Hash256 start, ChainDigest link) {
    this.link = link;
    start.writeTo(frame, 0);
  }

  /** A chain whose last hash is {@code start}: a header's hash, or an anchor. */
  public static HashChain startingAt(Hash256 start) {
    return new HashChain(start, ChainDigest.sha256());
  }

  /**
   * Extends the chain by one record.
   *
   * @param wire the type's number, 0 to 65,535
   * @return the new head
   */
  public Hash256 append(int wire, byte[] payload) {
    advance(wire, payload, 0, payload.length);
    return head();
  }

  /** The last hash. */
  public Hash256 head() {
    Hash256 known = head;
    if (known == null) {
      known = Hash256.fromBytes(frame, 0);
      head = known;
    }
    return known;
  }

  /** Extends the chain by one record whose payload is a span, without building a value. */
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

  /** Whether the last hash is the one whose bytes stand at {@code offset}. */
  public boolean headIs(byte[] bytes, int offset) {
    return Arrays.equals(frame, 0, Hash256.BYTES, bytes, offset, offset + Hash256.BYTES);
  }

  /**
   * The address of a content: SHA-256 of type (2 bytes), length (4 bytes) and payload, without a
   * chain, so that equal contents have one address.
   *
   * @param wire the type's number, 0 to 65,535
   */
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
