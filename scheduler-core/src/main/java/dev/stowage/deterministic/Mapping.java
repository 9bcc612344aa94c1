package dev.stowage.deterministic;

import dev.stowage.columns.Mix;
import java.util.Locale;

/** How a task id becomes the number that the topology turns into a core. */
public enum Mapping {
  /** The id itself. For a power of two of cores this is the published bit mask. */
  MODULO,
  /** The id mixed first, so that ids of one residue do not meet on one core. */
  MIXING;

  long apply(long taskId) {
    return this == MODULO ? taskId : Mix.mix(taskId);
  }

  /** The name in a log's header. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Mapping parse(String label) {
    return SettingNames.parse(label, values(), Mapping::label, "mapping");
  }
}
