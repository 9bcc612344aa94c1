package dev.stowage.storage.postgres.sql;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerVersion;
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

  private static final String SEPARATOR = "\n";

  private TextForms() {}

  /**
   * Refuses marks of a row that are not what they were when it was written.
   *
   * @param kept their hash
   */
  public static void requireMarks(long kept, long found) {
    if (kept != found) {
      throw new IllegalArgumentException(MARKS_CHANGED);
    }
  }

  static @Nullable public String labels(Labels labels) {
    return labels.isEmpty() ? null : String.join(SEPARATOR, labels.sorted());
  }

  public static Labels labels(@Nullable String text) {
    return text == null ? Labels.NONE : Labels.copyOf(Arrays.asList(text.split(SEPARATOR, -1)));
  }

  static @Nullable public String version(WorkerVersion version) {
    return version.equals(WorkerVersion.ZERO) ? null : version.toString();
  }

  public static Eligibility eligibility(@Nullable String version, @Nullable String labels) {
    if (version == null && labels == null) {
      return Eligibility.ANY;
    }
    WorkerVersion least = version == null ? WorkerVersion.ZERO : WorkerVersion.parse(version);
    return new Eligibility(least, labels(labels));
  }

  static @Nullable public String workers(List<WorkerId> workers) {
    return workers.isEmpty()
        ? null
        : String.join(SEPARATOR, workers.stream().map(WorkerId::value).toList());
  }

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

  static @Nullable public String ticks(List<Long> ticks) {
    return ticks.isEmpty()
        ? null
        : String.join(SEPARATOR, ticks.stream().map(String::valueOf).toList());
  }

  public static List<Long> ticks(@Nullable String text) {
    return text == null
        ? List.of()
        : Arrays.stream(text.split(SEPARATOR, -1)).map(Long::valueOf).toList();
  }
}
