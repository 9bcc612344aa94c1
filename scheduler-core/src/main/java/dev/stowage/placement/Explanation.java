package dev.stowage.placement;

import java.util.List;

/**
 * Why a chunk or a worker is as a plan has it: one finding a line, each with its numbers. Made on
 * demand from a finished plan, at the cost of one pass over the workers, or over the chunks.
 *
 * @param subject what is explained
 * @param lines the findings, the most important first
 */
public record Explanation(String subject, List<String> lines) {
  /** Keeps an unmodifiable copy. */
  public Explanation {
    lines = List.copyOf(lines);
  }

  /** The subject and the findings, one a line. */
  public String text() {
    return subject + "\n  " + String.join("\n  ", lines) + "\n";
  }
}
