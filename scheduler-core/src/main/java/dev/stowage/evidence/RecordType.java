package dev.stowage.evidence;

import java.util.Locale;
import java.util.Objects;

/**
 * What a record is about. A type is a constant of the package that writes it; on the wire it is an
 * unsigned 16-bit number: bit 15 set for {@link RecordStream#OUTCOME}, bits 0 to 14 the code.
 *
 * <p>Each package takes its codes from a range of its own; the ranges are listed in {@code
 * docs/evidence-format.md}. A code that was ever released keeps its meaning. Code 0x7FFF is left to
 * the marks of file formats.
 *
 * @param stream the stream the record belongs to
 * @param code 0 to {@value #MAX_CODE}
 * @param name how the type reads in explanations: upper-case letters, digits and underscores
 */
public record RecordType(RecordStream stream, int code, String name) {
  /** Greatest code. */
  public static final int MAX_CODE = 0x7FFE;

  private static final int OUTCOME_BIT = 0x8000;

  /** Refuses a code out of range and an empty or odd name with {@link IllegalArgumentException}. */
  public RecordType {
    Objects.requireNonNull(stream, "stream");
    if (code < 0 || code > MAX_CODE) {
      throw new IllegalArgumentException("record code is " + code + "; 0 to " + MAX_CODE);
    }
    if (!name.matches("[A-Z][A-Z0-9_]*")) {
      throw new IllegalArgumentException(
          "record type name is '" + name + "'; upper-case letters, digits and _ are accepted");
    }
  }

  /** The input type with this code. */
  public static RecordType input(int code, String name) {
    return new RecordType(RecordStream.INPUT, code, name);
  }

  /** The outcome type with this code. */
  public static RecordType outcome(int code, String name) {
    return new RecordType(RecordStream.OUTCOME, code, name);
  }

  /**
   * The stream that a wire number belongs to.
   *
   * @param wire 0 to 65,535
   */
  public static RecordStream streamOf(int wire) {
    return (wire & OUTCOME_BIT) == 0 ? RecordStream.INPUT : RecordStream.OUTCOME;
  }

  /** A type that stands for a wire number nobody has named, called {@code UNKNOWN_} and its hex. */
  static RecordType unnamed(int wire) {
    int code = Math.min(wire & ~OUTCOME_BIT, MAX_CODE);
    return new RecordType(streamOf(wire), code, String.format(Locale.ROOT, "UNKNOWN_%04X", wire));
  }

  /** The type's unsigned 16-bit number. */
  public int wire() {
    return stream == RecordStream.OUTCOME ? code | OUTCOME_BIT : code;
  }

  /** The two streams that share one chain. */
  public enum RecordStream {
    /**
     * What an engine is told and cannot derive: commands, roster, confirmations, pressure, time
     * advances, external results. A replay feeds these.
     */
    INPUT,
    /** What an engine decides from its inputs. A replay must reproduce these. */
    OUTCOME
  }
}
