package dev.stowage.evidence;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
