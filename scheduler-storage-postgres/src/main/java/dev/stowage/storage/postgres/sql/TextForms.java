package dev.stowage.storage.postgres.sql;

import dev.stowage.model.WorkerId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists of names joined by line feeds, because arrays of arrays cannot be unnested. */
public final class TextForms {
  /** The problem of a row whose hash does not fit its marks. */
  public static final String MARKS_CHANGED = "its marks were changed by hand";

  static final String SEPARATOR = "\n";

  private TextForms() {}

  /** Returns the worker, or empty if no worker can have the name. */
  public static Optional<WorkerId> worker(@Nullable String name) {
    try {
      return name == null || name.isBlank() ? Optional.empty() : Optional.of(WorkerId.of(name));
    } catch (IllegalArgumentException notAName) {
      return Optional.empty();
    }
  }
}
