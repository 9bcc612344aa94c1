package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceRecord.RecordType.RecordStream;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.HashChain;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/** A record of a chain. Immutable and thread-safe. Equal if index, type, payload and hash are. */
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

  /** Creates a record, its payload copied, of an index from 0 and a type of 0 to 65,535. */
  public static EvidenceRecord of(long index, int wire, byte[] payload, Hash256 hash) {
    if (index < 0) {
      throw new IllegalArgumentException("record index is " + index + "; at least 0 is accepted");
    }
    if (wire < 0 || wire > 0xFFFF) {
      throw new IllegalArgumentException("type is " + wire + "; 0 to 65535 is accepted");
    }
    Objects.requireNonNull(hash, "hash");
    return new EvidenceRecord(index, wire, payload.clone(), hash);
  }

  /** Creates a record over an array that nobody else changes. */
  public static EvidenceRecord owning(long index, int wire, byte[] payload, Hash256 hash) {
    return new EvidenceRecord(index, wire, payload, hash);
  }

  /** Returns the position in the chain, from 0. */
  public long index() {
    return index;
  }

  /** Returns the record's stream. */
  public RecordStream stream() {
    return RecordType.streamOf(wire);
  }

  /** Returns the type's unsigned 16-bit number; see {@link RecordType#wire()}. */
  public int wire() {
    return wire;
  }

  /** Reports whether the record has this type. */
  public boolean is(RecordType type) {
    return wire == type.wire();
  }

  /**
   * Reports whether the record is a deed, an input of a code from 0x0680 to 0x06FF: what an
   * operator or the host did, or what came of it. A store keeps deeds beyond the records around
   * them.
   */
  public boolean isDeed() {
    return (wire & ~0x7F) == 0x0680;
  }

  /** Returns the payload as a new array. */
  public byte[] payload() {
    return payload.clone();
  }

  /** Returns the length of the payload in bytes. */
  public int payloadLength() {
    return payload.length;
  }

  /** Creates a payload reader; {@link EvidenceException.Malformed} for a wrong version byte. */
  @SuppressWarnings("exports") // for our own records
  public CanonicalReader reader() {
    return CanonicalReader.of(payload);
  }

  /** Returns the stored hash after this record; {@link Hash256#ZERO} without a chain. */
  public Hash256 hash() {
    return hash;
  }

  /** Returns the SHA-256 of type, length and payload, equal for equal decisions. */
  public Hash256 contentAddress() {
    return HashChain.contentAddress(wire, payload);
  }

  /** Reports whether types and payloads are equal, at any index. */
  public boolean sameContent(EvidenceRecord other) {
    return wire == other.wire && Arrays.equals(payload, other.payload);
  }

  /** Returns the internal array, which must not be changed. */
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

  /**
   * A stream, a code of 0 to {@value #MAX_CODE}, and a name of upper-case letters, digits and
   * underscores. On the wire, bit 15 of 16 is set for {@link RecordStream#OUTCOME}. The ranges of
   * packages are in {@code docs/internals/evidence-format.md}; 0x7FFF is for marks of file formats.
   */
  public record RecordType(RecordStream stream, int code, String name) {
    /** The greatest code. */
    public static final int MAX_CODE = 0x7FFE;

    private static final int OUTCOME_BIT = 0x8000;

    /** Throws {@code IllegalArgumentException} if code or name is not acceptable. */
    public RecordType {
      Objects.requireNonNull(stream, "stream");
      if (code < 0 || code > MAX_CODE) {
        throw new IllegalArgumentException(
            "record code is " + code + "; 0 to " + MAX_CODE + " is accepted");
      }
      if (!name.matches("[A-Z][A-Z0-9_]*")) {
        throw new IllegalArgumentException(
            "record type name is '" + name + "'; upper-case letters, digits and _ are accepted");
      }
    }

    /** Creates an input type. */
    public static RecordType input(int code, String name) {
      return new RecordType(RecordStream.INPUT, code, name);
    }

    /** Creates an outcome type. */
    public static RecordType outcome(int code, String name) {
      return new RecordType(RecordStream.OUTCOME, code, name);
    }

    /** Returns the stream of a wire number, 0 to 65,535. */
    public static RecordStream streamOf(int wire) {
      return (wire & OUTCOME_BIT) == 0 ? RecordStream.INPUT : RecordStream.OUTCOME;
    }

    static RecordType unnamed(int wire) {
      int code = Math.min(wire & ~OUTCOME_BIT, MAX_CODE);
      return new RecordType(streamOf(wire), code, String.format(Locale.ROOT, "UNKNOWN_%04X", wire));
    }

    /** Returns the type's unsigned 16-bit number. */
    public int wire() {
      return stream == RecordStream.OUTCOME ? code | OUTCOME_BIT : code;
    }

    /** The two streams of a chain. */
    public enum RecordStream {
      /** Inputs that an engine cannot derive, such as commands and time; a replay feeds them. */
      INPUT,
      /** Decisions that follow from the inputs; a replay must reproduce them. */
      OUTCOME
    }
  }
}
