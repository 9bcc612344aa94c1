package dev.stowage.answer;

import java.util.List;
import java.util.Objects;

/** The unmet conditions, in the order of the rule; none if the next cycle acts or has acted. */
public record LifecycleExplanation(String question, List<String> reasons) {
  /** Copies the list; throws {@code NullPointerException} for nulls. */
  public LifecycleExplanation {
    Objects.requireNonNull(question, "question");
    reasons = List.copyOf(reasons);
  }
}
