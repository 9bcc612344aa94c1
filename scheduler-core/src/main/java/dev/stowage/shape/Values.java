package dev.stowage.shape;

import org.jspecify.annotations.Nullable;

/** Holds the values of one row while it is read. Each field reads its own place. */
public final class Values {
  final long[] numbers;
  final @Nullable Object[] others;

  Values(int fields) {
    numbers = new long[fields];
    others = new Object[fields];
  }
}
