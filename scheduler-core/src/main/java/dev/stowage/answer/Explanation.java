package dev.stowage.answer;

import java.util.List;

/**
 * The findings about a chunk or a worker, or the unmet conditions of a rule.
 *
 * @param subject the chunk or worker, or the question
 * @param lines the findings, most important first; conditions in the order of the rule, none if the
 *     next cycle acts or has acted
 */
public record Explanation(String subject, List<String> lines) {
  /** Copies the list; throws {@code NullPointerException} for nulls. */
  public Explanation {
    lines = List.copyOf(lines);
  }

  /** Returns the subject and the findings, one per line. */
  public String text() {
    return subject + "\n  " + String.join("\n  ", lines) + "\n";
  }
}
