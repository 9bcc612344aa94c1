package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What can be wrong with evidence, apart from a caller's mistake. Each kind is a type, so that a
 * host can tell a damaged file from one that belongs to another run.
 */
public abstract sealed class EvidenceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private EvidenceException(String message) {
    super(message);
  }

  private EvidenceException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Bytes that are not what the format says. */
  public static final class Malformed extends EvidenceException {
    private static final long serialVersionUID = 1L;

    /** The byte at which reading stopped, counted from the start of what was read. */
    private final long offset;

    /** Says what was expected at {@code offset} and what stood there. */
    public Malformed(long offset, String message) {
      super("byte " + offset + ": " + message);
      this.offset = offset;
    }

    /** Names what was refused at {@code offset}, and by what. */
    public Malformed(long offset, RuntimeException refused) {
      super("byte " + offset + ": " + refused.getMessage(), refused);
      this.offset = offset;
    }

    /** The byte at which reading stopped, counted from the start of what was read; at least 0. */
    public long offset() {
      return offset;
    }
  }

  /** Evidence of another format, library version, configuration, seed or runtime. */
  public static final class Mismatch extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final transient List<HeaderDifference> differences;

    /** Names every field that differs. */
    public Mismatch(List<HeaderDifference> differences) {
      super("the evidence belongs to another run: " + differences);
      this.differences = List.copyOf(differences);
    }

    /** What differs, in the header's order; never empty. */
    public List<HeaderDifference> differences() {
      return differences;
    }
  }

  /** A record of a type that its reader does not know. */
  public static final class UnknownType extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final long index;
    private final int wire;

    /** Names the record and its type's wire number. */
    public UnknownType(long index, int wire) {
      super("record " + index + " has type 0x" + Integer.toHexString(wire) + ", which is unknown");
      this.index = index;
      this.wire = wire;
    }

    /** The record's index. */
    public long index() {
      return index;
    }

    /** The type's wire number. */
    public int wire() {
      return wire;
    }
  }

  /** A sink that does not take what it must; nothing was lost, nothing more is accepted. */
  public static final class SinkFailed extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final long pendingRecords;

    /** Says how many records wait for the sink, and why it refuses them. */
    public SinkFailed(long pendingRecords, Throwable cause) {
      super("the evidence sink fails and " + pendingRecords + " records wait for it", cause);
      this.pendingRecords = pendingRecords;
    }

    /** How many records wait in memory. */
    public long pendingRecords() {
      return pendingRecords;
    }
  }

  /** A file or directory that cannot be read or written. */
  public static final class Unavailable extends EvidenceException {
    private static final long serialVersionUID = 1L;

    /** Names the file and what was tried. */
    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Two records of a run that had to be equal and are not. */
  public static final class NotExact extends EvidenceException {
    private static final long serialVersionUID = 1L;

    /** Says what differs first. */
    public NotExact(String message) {
      super(message);
    }
  }

  /** An evidence file that is not what was written, at the place where reading reached it. */
  public static final class Damaged extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    /** Names file, byte and record. */
    public Damaged(Damage damage) {
      super(damage.toString());
      this.damage = damage;
    }

    /** The place. */
    public Damage damage() {
      return damage;
    }
  }

  /** Evidence whose chain does not hold. */
  public static final class Broken extends EvidenceException {
    private static final long serialVersionUID = 1L;

    private final long index;

    /** Names the first bad record and what is wrong with it. */
    public Broken(long index, String message) {
      super("record " + index + ": " + message);
      this.index = index;
    }

    /** The first bad record's index. */
    public long index() {
      return index;
    }
  }

  /**
   * One place where an evidence file is not what was written.
   *
   * @param file the file
   * @param offset the byte at which it shows, from 0
   * @param index the first record concerned
   * @param expected what should be there
   * @param found what is there
   */
  public record Damage(Path file, long offset, long index, String expected, String found) {
    /** Refuses null. */
    public Damage {
      Objects.requireNonNull(file, "file");
      Objects.requireNonNull(expected, "expected");
      Objects.requireNonNull(found, "found");
    }

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
