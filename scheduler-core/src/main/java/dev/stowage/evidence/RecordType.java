package dev.stowage.evidence;

import java.util.Locale;
import java.util.Objects;

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
