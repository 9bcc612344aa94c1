package dev.stowage.shape;

import java.util.List;

/** Reports every problem of a row that cannot be read or violates its shape. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // an unmodifiable list of strings
  private final List<String> problems;

  ShapeException(String shape, List<String> problems) {
    super(shape + ": " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns the problems, each with the field, its value and the accepted values. */
  public List<String> problems() {
    return problems;
  }
}
