package dev.stowage.evidence;

import java.util.List;
import java.util.Objects;

/** Turns the payload of one record type into words. The package that writes the type brings it. */
@FunctionalInterface
public interface RecordDecoder {
  /**
   * Reads the whole payload; must not change anything else, and must be safe for use by several
   * threads.
   *
   * @throws EvidenceException.Malformed if the payload is not what the type says; the methods of
   *     {@link CanonicalReader} do that
   */
  Decoded decode(CanonicalReader payload);

  /**
   * A payload in words.
   *
   * @param text one line, without the type's name
   * @param subjects what the record touches, in any order
   */
  record Decoded(String text, List<Subject> subjects) {
    /** Copies the subjects. */
    public Decoded {
      Objects.requireNonNull(text, "text");
      subjects = List.copyOf(subjects);
    }

    /** The text with these subjects. */
    public static Decoded of(String text, Subject... subjects) {
      return new Decoded(text, List.of(subjects));
    }
  }
}
