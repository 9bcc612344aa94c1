package dev.stowage.evidence;

import java.util.List;
import java.util.Objects;

/**
 * A record in words.
 *
 * @param record the record
 * @param type its type; one called {@code UNKNOWN_} and its number if nobody named it
 * @param text what it says
 * @param subjects what it touches
 */
public record Explained(
    EvidenceRecord record, RecordType type, String text, List<Subject> subjects) {
  /** Copies the subjects. */
  public Explained {
    Objects.requireNonNull(record, "record");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(text, "text");
    subjects = List.copyOf(subjects);
  }

  /** One line: index, stream, type, text. */
  @Override
  public String toString() {
    return "#" + record.index() + " " + type.stream() + " " + type.name() + ": " + text;
  }
}
