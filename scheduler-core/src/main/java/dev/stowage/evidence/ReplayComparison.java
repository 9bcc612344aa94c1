package dev.stowage.evidence;

import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far two records of a run agree (evidence design, section 5). Records are compared by type and
 * payload, so that one difference counts once.
 */
public sealed interface ReplayComparison {
  /** Most differing records that still count as a minor difference. */
  int MINOR_MOST = 10;

  /** Every record is equal. */
  record ExactMatch() implements ReplayComparison {}

  /**
   * As many records, few of them different.
   *
   * @param count how many differ, 1 to {@value #MINOR_MOST}
   */
  record MinorDifference(int count) implements ReplayComparison {
    /** Refuses a count out of range with {@link IllegalArgumentException}. */
    public MinorDifference {
      if (count < 1 || count > MINOR_MOST) {
        throw new IllegalArgumentException("count is " + count + "; 1 to " + MINOR_MOST);
      }
    }
  }

  /**
   * One run is longer, or more than {@value #MINOR_MOST} records differ.
   *
   * @param firstIndex the first position that differs; the shorter run's length if the lengths
   *     differ
   */
  record Diverged(long firstIndex) implements ReplayComparison {}

  /** Compares two runs record by record, from their first ones on. */
  static ReplayComparison of(Iterable<EvidenceRecord> left, Iterable<EvidenceRecord> right) {
    Iterator<EvidenceRecord> a = left.iterator();
    Iterator<EvidenceRecord> b = right.iterator();
    long position = 0;
    long differing = 0;
    long first = 0;
    while (a.hasNext() && b.hasNext()) {
      if (!a.next().sameContent(b.next()) && differing++ == 0) {
        first = position;
      }
      position++;
    }
    if (a.hasNext() || b.hasNext()) {
      return new Diverged(position);
    }
    if (differing == 0) {
      return new ExactMatch();
    }
    return differing <= MINOR_MOST ? new MinorDifference((int) differing) : new Diverged(first);
  }

  /** The first position at which two runs differ in type, payload or length, with both records. */
  static Optional<RecordDifference> firstDifference(
      Iterable<EvidenceRecord> left, Iterable<EvidenceRecord> right) {
    Iterator<EvidenceRecord> a = left.iterator();
    Iterator<EvidenceRecord> b = right.iterator();
    long index = 0;
    while (a.hasNext() || b.hasNext()) {
      EvidenceRecord expected = a.hasNext() ? a.next() : null;
      EvidenceRecord found = b.hasNext() ? b.next() : null;
      index = expected != null ? expected.index() : index;
      if (expected == null || found == null || !expected.sameContent(found)) {
        return Optional.of(new RecordDifference(index, expected, found));
      }
      index++;
    }
    return Optional.empty();
  }

  /** Whether every record is equal. */
  default boolean isExact() {
    return this instanceof ExactMatch;
  }

  /**
   * Requires that every record is equal.
   *
   * @throws EvidenceException.NotExact saying how far the two agree
   */
  default void requireExact() {
    if (!isExact()) {
      throw new EvidenceException.NotExact("the runs are not equal: " + this);
    }
  }

  /**
   * Where two runs part: at one index they have different records, or only one of them has any.
   *
   * @param index the first index at which they differ
   * @param expected the record of the first run, or of the recording; null if it has none there
   * @param found the record of the second run, or of the replay; null if it has none there
   */
  public record RecordDifference(
      long index, @Nullable EvidenceRecord expected, @Nullable EvidenceRecord found) {
    /** Refuses a difference between nothing and nothing with {@link IllegalArgumentException}. */
    public RecordDifference {
      if (expected == null && found == null) {
        throw new IllegalArgumentException("neither run has a record at " + index);
      }
    }

    /** The record of the first run, or of the recording, if it has one there. */
    public Optional<EvidenceRecord> expectedRecord() {
      return Optional.ofNullable(expected);
    }

    /** The record of the second run, or of the replay, if it has one there. */
    public Optional<EvidenceRecord> foundRecord() {
      return Optional.ofNullable(found);
    }

    /** Both forms in words, on three lines. */
    public String describe(RecordCatalog catalog) {
      Objects.requireNonNull(catalog, "catalog");
      return "first difference at record "
          + index
          + "\n  expected "
          + inWords(expectedRecord(), catalog)
          + "\n  found    "
          + inWords(foundRecord(), catalog);
    }

    private static String inWords(Optional<EvidenceRecord> record, RecordCatalog catalog) {
      return record.map(it -> catalog.explain(it).toString()).orElse("no record");
    }
  }
}
