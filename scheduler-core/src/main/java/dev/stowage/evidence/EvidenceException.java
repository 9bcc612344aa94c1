package dev.stowage.evidence;

import dev.stowage.columns.ForeignText;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import java.nio.file.Path;
import java.util.List;

/** Reports bad evidence, by kinds that tell a damaged file from that of another run. */
public abstract sealed class EvidenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private EvidenceException(String message) {
    super(message);
  }

  private EvidenceException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Reports bytes that the format does not allow. */
  public static final class Malformed extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /** Creates the exception for byte {@code offset}; the message says what was expected there. */
    public Malformed(long offset, String message) {
      super("byte " + offset + ": " + ForeignText.message(message));
      this.offset = offset;
    }

    /** Creates the exception for a value refused at byte {@code offset}. */
    public Malformed(long offset, RuntimeException refused) {
      super(
          "byte " + offset + ": " + ForeignText.message(String.valueOf(refused.getMessage())),
          refused);
      this.offset = offset;
    }

    /** Returns the byte, from 0, at which reading stopped. */
    public long offset() {
      return offset;
    }
  }

  /** Reports evidence of another format, library version, configuration, seed or runtime. */
  public static final class Mismatch extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final transient List<HeaderDifference> differences;

    /** Creates the exception with every field that differs. */
    public Mismatch(List<HeaderDifference> differences) {
      super(ForeignText.message("the evidence belongs to another run: " + differences));
      this.differences = List.copyOf(differences);
    }

    /** Returns the differences in the header's order; never empty. */
    public List<HeaderDifference> differences() {
      return differences;
    }
  }

  /** Reports a record of an unknown type. */
  public static final class UnknownType extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final int wire;

    /** Creates the exception for a record's index and its type's wire number. */
    public UnknownType(long index, int wire) {
      super("record " + index + " has type 0x" + Integer.toHexString(wire) + ", which is unknown");
      this.wire = wire;
    }

    /** Returns the type's wire number. */
    public int wire() {
      return wire;
    }
  }

  /** Reports a sink that refuses records, which wait for it; the log takes no more. */
  public static final class SinkFailed extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final long pendingRecords;

    /** Creates the exception with the number of records that wait. */
    public SinkFailed(long pendingRecords, Throwable cause) {
      super("the evidence sink fails and " + pendingRecords + " records wait for it", cause);
      this.pendingRecords = pendingRecords;
    }

    /** Returns the number of records that wait in memory. */
    public long pendingRecords() {
      return pendingRecords;
    }
  }

  /** Reports a file or directory that cannot be read or written. */
  public static final class Unavailable extends EvidenceException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; the message names the file and the operation. */
    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Reports two records of a run that differ and should not. */
  public static final class NotExact extends EvidenceException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception; the message names the first difference. */
    public NotExact(String message) {
      super(message);
    }
  }

  /** Reports a damaged evidence file, at the place that reading reached. */
  public static final class Damaged extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    /** Creates the exception for a place of damage. */
    public Damaged(Damage damage) {
      super(damage.toString());
      this.damage = damage;
    }

    /** Returns the place. */
    public Damage damage() {
      return damage;
    }
  }

  /** Reports a broken chain. */
  public static final class Broken extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final long index;

    /** Creates the exception for the first bad record. */
    public Broken(long index, String message) {
      super("record " + index + ": " + message);
      this.index = index;
    }

    /** Returns the index of the first bad record. */
    public long index() {
      return index;
    }
  }

  /** A place of damage in a file: byte from 0, first record concerned, bytes expected and found. */
  public record Damage(Path file, long offset, long index, String expected, String found) {
    @Override
    public String toString() {
      return file
          + " byte "
          + offset
          + ", record "
          + index
          + ": expected "
          + expected
          + ", found "
          + found;
    }
  }
}
