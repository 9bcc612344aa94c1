package dev.stowage.deterministic;

import java.util.Locale;

/** Whether idle cores take work from loaded ones. */
public enum Stealing {
  /** Never: a task runs on the core its id maps to. */
  OFF,
  /** At the barrier of each round, from the queues as they stand there. */
  AT_BARRIER;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Stealing parse(String label) {
    return SettingNames.parse(label, values(), Stealing::label, "stealing");
  }
}
