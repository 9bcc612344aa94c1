package dev.stowage.lifecycle.state;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Values by dense position in pages of {@value #SIZE}, shared by copies until a write, as {@link
 * RowPages}. Absent values are cheap, so that it also serves for few values far apart.
 */
public final class RefPages<V> {
  private static final int SHIFT = 7;
  private static final int SIZE = 1 << SHIFT;
  private static final int MASK = SIZE - 1;
  private static final boolean[] NOTHING = {};

  private @Nullable Object[] @Nullable [] pages;
  private boolean[] isOwn;
  private int count;
  private int limit;
  private @Nullable RefPages<V> copied;

  RefPages() {
    pages = new Object[1][];
    isOwn = new boolean[1];
  }

  private RefPages(RefPages<V> from, boolean[] isOwn) {
    pages = from.pages.clone();
    this.isOwn = isOwn;
    count = from.count;
    limit = from.limit;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  @SuppressWarnings("unchecked")
  public @Nullable V get(int position) {
    int page = position >>> SHIFT;
    @Nullable Object[] held = page < pages.length ? pages[page] : null;
    return held == null ? null : (V) held[position & MASK];
  }

  V at(int position) {
    return Objects.requireNonNull(get(position));
  }

  /** Returns a value, or {@code other} if there is none. */
  public V getOr(int position, V other) {
    V held = get(position);
    return held == null ? other : held;
  }

  void remove(int position) {
    put(position, null);
  }

  /** Sets a value, or removes it if null. */
  void put(int position, @Nullable V value) {
    V former = get(position);
    if (former == value) {
      return;
    }
    count += (former == null ? 1 : 0) - (value == null ? 1 : 0);
    own(position >>> SHIFT)[position & MASK] = value;
    limit = Math.max(limit, position + 1);
  }

  /** Visits the positions with a value, ascending; the visitor may write. */
  public void forEach(IntConsumer visitor) {
    for (int page = 0; page < pages.length; page++) {
      @Nullable Object[] held = pages[page];
      for (int at = 0; held != null && at < SIZE; at++) {
        if (held[at] != null) {
          visitor.accept((page << SHIFT) + at);
        }
      }
    }
  }

  /** Visits the positions whose values differ. */
  void forEachChanged(RefPages<V> other, IntConsumer visitor) {
    for (int page = 0; page < Math.max(pages.length, other.pages.length); page++) {
      @Nullable Object[] mine = page < pages.length ? pages[page] : null;
      @Nullable Object[] theirs = page < other.pages.length ? other.pages[page] : null;
      for (int at = 0; mine != theirs && at < SIZE; at++) {
        if (!Objects.equals(mine == null ? null : mine[at], theirs == null ? null : theirs[at])) {
          visitor.accept((page << SHIFT) + at);
        }
      }
    }
  }

  /** Returns a view of the values as a list up to the last that ever was. */
  List<V> asList() {
    return new AbstractList<>() {
      @Override
      public V get(int position) {
        return at(position);
      }

      @Override
      public int size() {
        return limit;
      }
    };
  }

  /** Returns a copy for reading: the former one if nothing was written since. */
  RefPages<V> copy() {
    RefPages<V> known = copied;
    if (known == null) {
      Arrays.fill(isOwn, false);
      known = new RefPages<>(this, NOTHING);
      known.copied = known;
      copied = known;
    }
    return known;
  }

  /** Returns values to write that share all pages with this copy. */
  RefPages<V> fork() {
    return new RefPages<>(this, new boolean[pages.length]);
  }

  private @Nullable Object[] own(int page) {
    if (page >= pages.length) {
      int wider = Math.max(page + 1, pages.length + pages.length / 2 + 1);
      pages = Arrays.copyOf(pages, wider);
      isOwn = Arrays.copyOf(isOwn, wider);
    }
    @Nullable Object[] held = pages[page];
    if (held == null || !isOwn[page]) {
      held = held == null ? new Object[SIZE] : held.clone();
      pages[page] = held;
      isOwn[page] = true;
      copied = null;
    }
    return held;
  }
}
