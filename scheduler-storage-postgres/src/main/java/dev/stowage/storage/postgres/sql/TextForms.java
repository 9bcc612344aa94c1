package dev.stowage.storage.postgres.sql;

import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Small lists as one text on the way to an array column and back: arrays of arrays cannot be
 * unnested. Names hold no control characters, so a line feed separates them.
 */
public final class TextForms {
  /** What is wrong with a row whose hash is not that of what it says. */
  public static final String MARKS_CHANGED = "its marks were changed by a hand";

  static final String SEPARATOR = "\n";

  private TextForms() {}

  public static List<WorkerId> workers(@Nullable String text) {
    return text == null
        ? List.of()
        : Arrays.stream(text.split(SEPARATOR, -1)).map(WorkerId::of).toList();
  }

  /** The worker of a name that anybody may have written; empty where no worker can have it. */
  public static Optional<WorkerId> worker(@Nullable String name) {
    try {
      return name == null || name.isBlank() ? Optional.empty() : Optional.of(WorkerId.of(name));
    } catch (IllegalArgumentException notAName) {
      return Optional.empty();
    }
  }
}
