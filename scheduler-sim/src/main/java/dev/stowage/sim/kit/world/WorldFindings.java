package dev.stowage.sim.kit.world;

import java.util.ArrayList;
import java.util.List;

/** What the oracles of a world found: violations, misses that are only measured, checks made. */
final class WorldFindings {
  private static final int MOST_KEPT = 100;

  private final List<String> violations = new ArrayList<>();
  private long violated;
  private long measuredMisses;
  private long checks;

  void checked(long times) {
    checks += times;
  }

  void violated(String oracle, String found) {
    violated++;
    if (violations.size() < MOST_KEPT) {
      violations.add(oracle + ": " + found);
    }
  }

  void measuredMiss() {
    measuredMisses++;
  }

  List<String> violations() {
    List<String> shown = new ArrayList<>(violations);
    if (violated > violations.size()) {
      shown.add("... and " + (violated - violations.size()) + " more");
    }
    return List.copyOf(shown);
  }

  long measuredMisses() {
    return measuredMisses;
  }

  long checks() {
    return checks;
  }
}
