package dev.stowage.evidence.files;

import java.nio.file.Path;
import java.util.Locale;

/** Names segment files by their first record, so that names sort. */
final class SegmentName {
  private static final String PREFIX = "evidence-";
  private static final String SUFFIX = ".seg";
  private static final int DIGITS = 19;

  private SegmentName() {}

  static Path in(Path directory, long firstIndex) {
    return directory.resolve(
        String.format(Locale.ROOT, "%s%0" + DIGITS + "d%s", PREFIX, firstIndex, SUFFIX));
  }

  static boolean isSegment(String name) {
    return name.length() == PREFIX.length() + DIGITS + SUFFIX.length()
        && name.startsWith(PREFIX)
        && name.endsWith(SUFFIX)
        && name.substring(PREFIX.length(), PREFIX.length() + DIGITS)
            .chars()
            .allMatch(c -> c >= '0' && c <= '9');
  }
}
