package dev.stowage.shape;

import java.util.List;

/** Reports every problem of a row that cannot be read or violates its shape. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  ShapeException(String shape, List<String> problems) {
    super(shape + ": " + String.join("; ", problems));
  }
}
