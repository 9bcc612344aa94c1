package dev.stowage.shape;

import org.jspecify.annotations.Nullable;

/** The values of a row while it is read, each in the place of its field. */
public final class Values {
  final long[] numbers;
  final @Nullable Object[] others;

  Values(int fields) {
    numbers = new long[fields];
    others = new Object[fields];
  }
}
