package dev.stowage.evidence;

import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The agreement of two runs by type and payload of their records (evidence design, section 5). */
public sealed interface ReplayComparison {
  /** The most differing records of a minor difference. */
  int MINOR_MOST = 10;

  /** All records are equal. */
  record ExactMatch() implements ReplayComparison {}

  /** Runs of one length, of which 1 to {@value #MINOR_MOST} records differ. */
  record MinorDifference(int count) implements ReplayComparison {
    /** Throws {@code IllegalArgumentException} if {@code count} is out of range. */
    public MinorDifference {
      if (count < 1 || count > MINOR_MOST) {
        throw new IllegalArgumentException(
            "count is " + count + "; 1 to " + MINOR_MOST + " is accepted");
      }
    }
  }

  /** Runs with more differences, or of two lengths: the first index, or the shorter length. */
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

  /** Returns the first difference in type, payload or length, with both records. */
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

  /** Reports whether all records are equal. */
  default boolean isExact() {
    return this instanceof ExactMatch;
  }

  /** Throws {@link EvidenceException.NotExact} unless all records are equal. */
  default void requireExact() {
    if (!isExact()) {
      throw new EvidenceException.NotExact("the runs are not equal: " + this);
    }
  }

  /** The first difference of two runs, or of recording and replay; a missing record is null. */
  public record RecordDifference(
      long index, @Nullable EvidenceRecord expected, @Nullable EvidenceRecord found) {
    /** Throws {@code IllegalArgumentException} if both records are null. */
    public RecordDifference {
      if (expected == null && found == null) {
        throw new IllegalArgumentException("neither run has a record at " + index);
      }
    }

    /** Returns the record of the first run or of the recording, if any. */
    public Optional<EvidenceRecord> expectedRecord() {
      return Optional.ofNullable(expected);
    }

    /** Returns the record of the second run or of the replay, if any. */
    public Optional<EvidenceRecord> foundRecord() {
      return Optional.ofNullable(found);
    }

    /** Returns both records in words, on three lines. */
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
