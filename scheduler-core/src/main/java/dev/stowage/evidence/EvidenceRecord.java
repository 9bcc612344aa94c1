package dev.stowage.evidence;

import dev.stowage.evidence.RecordType.RecordStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One record of a chain, taken out of it. Immutable and thread-safe.
 *
 * <p>Two records are equal when index, type, payload and hash are; {@link #sameContent} leaves
 * index and hash out.
 */
public final class EvidenceRecord {
  private final long index;
  private final int wire;
  private final byte[] payload;
  private final Hash256 hash;

  private EvidenceRecord(long index, int wire, byte[] payload, Hash256 hash) {
    this.index = index;
    this.wire = wire;
    this.payload = payload;
    this.hash = hash;
  }

  /**
   * A record as it was read from somewhere.
   *
   * @param index position in the chain, from 0
   * @param wire the type's number, 0 to 65,535
   * @param payload the canonical bytes; copied
   * @param hash what the chain said after this record, as it was stored
   */
  public static EvidenceRecord of(long index, int wire, byte[] payload, Hash256 hash) {
    if (index < 0) {
      throw new IllegalArgumentException("record index is " + index + "; at least 0");
    }
    if (wire < 0 || wire > 0xFFFF) {
      throw new IllegalArgumentException("type is " + wire + "; 0 to 65535 is accepted");
    }
    Objects.requireNonNull(hash, "hash");
    return new EvidenceRecord(index, wire, payload.clone(), hash);
  }

  /** A record over an array that nobody else will change. */
  public static EvidenceRecord owning(long index, int wire, byte[] payload, Hash256 hash) {
    return new EvidenceRecord(index, wire, payload, hash);
  }

  /** Position in the chain, from 0. */
  public long index() {
    return index;
  }

  /** The stream it belongs to. */
  public RecordStream stream() {
    return RecordType.streamOf(wire);
  }

  /** The type's unsigned 16-bit number; see {@link RecordType#wire()}. */
  public int wire() {
    return wire;
  }

  /** Whether the record is of this type. */
  public boolean is(RecordType type) {
    return wire == type.wire();
  }

  /** The payload as a new array. */
  public byte[] payload() {
    return payload.clone();
  }

  /** Bytes of the payload. */
  public int payloadLength() {
    return payload.length;
  }

  /**
   * A reader of the payload, behind its version byte.
   *
   * @throws EvidenceException.Malformed if the payload has no version byte or another version
   */
  public CanonicalReader reader() {
    return CanonicalReader.of(payload);
  }

  /** The chain's hash after this record, as stored; {@link Hash256#ZERO} without a chain. */
  public Hash256 hash() {
    return hash;
  }

  /** SHA-256 of type, length and payload: equal decisions have equal addresses. */
  public Hash256 contentAddress() {
    return HashChain.contentAddress(wire, payload);
  }

  /** Whether type and payload are equal, wherever the two records stand. */
  public boolean sameContent(EvidenceRecord other) {
    return wire == other.wire && Arrays.equals(payload, other.payload);
  }

  /** The payload itself, not to be changed. */
  public byte[] sharedPayload() {
    return payload;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EvidenceRecord that
        && index == that.index
        && sameContent(that)
        && hash.equals(that.hash);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(index) * 31 + hash.hashCode();
  }

  /** Index, stream, code and payload in hexadecimal, shortened after 32 bytes. */
  @Override
  public String toString() {
    int shown = Math.min(payload.length, 32);
    return index
        + " "
        + RecordType.unnamed(wire).name()
        + " "
        + payload.length
        + " bytes "
        + HexFormat.of().formatHex(payload, 0, shown)
        + (shown < payload.length ? ".." : "");
  }
}
