package dev.stowage.audit;

import dev.stowage.answer.Violation;
import dev.stowage.answer.Violation.Invariant;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects violations in order; counts beyond {@value #LISTED} of an invariant. Not thread-safe.
 */
final class Findings {
  static final int LISTED = 20;

  private final List<Violation> listed = new ArrayList<>();
  private int[] count = {};

  void add(Invariant invariant, String subject, String found) {
    if (count.length == 0) {
      count = new int[Invariant.values().length];
    }
    if (++count[invariant.ordinal()] <= LISTED) {
      listed.add(new Violation(invariant, subject, found));
    }
  }

  List<Violation> asList() {
    if (listed.isEmpty()) {
      return List.of();
    }
    List<Violation> all = new ArrayList<>(listed);
    for (Invariant invariant : Invariant.values()) {
      int more = count[invariant.ordinal()] - LISTED;
      if (more > 0) {
        all.add(new Violation(invariant, "fleet", more + " more violations are not listed"));
      }
    }
    return List.copyOf(all);
  }
}
