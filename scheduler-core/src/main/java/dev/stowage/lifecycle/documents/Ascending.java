package dev.stowage.lifecycle.documents;

import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Throws {@code IllegalArgumentException} for values that are out of order or repeated. */
final class Ascending<T> implements Consumer<T> {
  private final String what;
  private final Comparator<? super T> order;
  private @Nullable T before;

  Ascending(String what, Comparator<? super T> order) {
    this.what = what;
    this.order = order;
  }

  static <T extends Comparable<T>> Ascending<T> naturally(String what) {
    return new Ascending<>(what, Comparator.naturalOrder());
  }

  @Override
  public void accept(T next) {
    T last = before;
    if (last != null && order.compare(last, next) >= 0) {
      throw new IllegalArgumentException(
          what + " names " + next + " after " + last + "; it must be greater");
    }
    before = next;
  }
}
