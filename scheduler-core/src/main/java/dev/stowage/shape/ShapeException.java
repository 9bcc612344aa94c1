package dev.stowage.shape;

import java.util.List;

/** Thrown if a row cannot be read, or violates what its shape demands. Names every problem. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // an unmodifiable list of strings
  private final List<String> problems;

  ShapeException(String shape, List<String> problems) {
    super(shape + ": " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns what is wrong, each with the field, its value and what is accepted. */
  public List<String> problems() {
    return problems;
  }
}
