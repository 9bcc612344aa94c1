package dev.stowage.sim.tool.catalogue;

import java.util.Locale;

/** The priority of a package in its distribution, and the weight that follows from it. */
enum DebianPriority {
  REQUIRED(24),
  IMPORTANT(12),
  STANDARD(6),
  OPTIONAL(2),
  EXTRA(1);

  private final int weight;

  DebianPriority(int weight) {
    this.weight = weight;
  }

  int weight() {
    return weight;
  }

  /** Returns a priority by name; throws {@link IllegalArgumentException} for other words. */
  static DebianPriority named(String word) {
    for (DebianPriority each : values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("priority is '" + word + "'");
  }
}
