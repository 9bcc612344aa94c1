package dev.stowage.answer;

import java.util.List;

/**
 * The findings about a chunk or a worker, made by one pass over workers or chunks.
 *
 * @param subject the chunk or worker
 * @param lines the findings, most important first
 */
public record Explanation(String subject, List<String> lines) {
  /** Keeps an unmodifiable copy. */
  public Explanation {
    lines = List.copyOf(lines);
  }

  /** Returns the subject and the findings, one per line. */
  public String text() {
    return subject + "\n  " + String.join("\n  ", lines) + "\n";
  }
}
