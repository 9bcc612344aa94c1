package dev.stowage.content;

import dev.stowage.columns.TokenBucket;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Permits for bytes, and windows: how many items may be on the way to a destination. In a search,
 * the first item of a destination without permits blocks the destination for lower ranks, so that
 * small items cannot starve a large one; a lack of total permits blocks everything. Control waits
 * for neither, but uses both up.
 */
final class Pacer {
  /** The least window of a destination; 0 for destinations without a bound. */
  private final int leastWindow;

  private final @Nullable TokenBucket all;
  private final Map<String, Destination> destinations = new HashMap<>();

  /** Stands for the items without a destination. */
  private final Destination anywhere = new Destination("", Integer.MAX_VALUE);

  /** A destination with its window and permits; compared by identity. */
  static final class Destination {
    final String name;

    /** The most items on the way at once. */
    int window;

    @Nullable ByteRate rate;
    @Nullable TokenBucket bucket;
    int items;
    int onTheWay;

    /** The latest search in which permits for it were missing. */
    @Nullable Search blockedIn;

    Destination(String name, int window) {
      this.name = name;
      this.window = window;
    }

    boolean isFull() {
      return onTheWay >= window;
    }
  }

  /** The limits of a destination, as {@link #limit} sets them. */
  record Limit(int items, @Nullable ByteRate rate) {}

  Pacer(@Nullable ByteRate rate, int leastWindow) {
    this.leastWindow = leastWindow;
    // A bucket that is full may be refilled from any time.
    all = full(rate, Long.MIN_VALUE);
  }

  private static @Nullable TokenBucket full(@Nullable ByteRate rate, long now) {
    return rate == null ? null : new TokenBucket(rate.bytesPerSecond(), rate.burstBytes(), now);
  }

  /** Counts an item that comes in, and returns its destination. */
  Destination enter(ContentItem item) {
    String name = item.details().destinationOrNull();
    Destination to = name == null ? anywhere : named(name);
    to.items++;
    return to;
  }

  /** Forgets an item, and its destination if nothing is known of that any more. */
  void exit(Destination to) {
    to.items--;
    forgetUnused(to);
  }

  private Destination named(String name) {
    return destinations.computeIfAbsent(name, it -> new Destination(it, windowOf(1)));
  }

  private void forgetUnused(Destination to) {
    if (to.items == 0 && isUsual(to)) {
      destinations.remove(to.name, to);
    }
  }

  private boolean isUsual(Destination to) {
    return to.window == windowOf(1) && to.rate == null;
  }

  private int windowOf(int items) {
    return items == 0 ? 0 : leastWindow == 0 ? Integer.MAX_VALUE : Math.max(leastWindow, items);
  }

  /** Sets what a destination takes; another rate begins with its burst. */
  void limit(String name, int items, @Nullable ByteRate rate, long now) {
    Destination to = named(name);
    to.window = windowOf(items);
    if (!Objects.equals(to.rate, rate)) {
      to.rate = rate;
      to.bucket = full(rate, now);
    }
    forgetUnused(to);
  }

  /** Returns the limits that were set, by destination. */
  Map<String, Limit> limits() {
    Map<String, Limit> set = new TreeMap<>();
    destinations.values().stream()
        .filter(to -> !isUsual(to))
        .forEach(to -> set.put(to.name, new Limit(to.window, to.rate)));
    return set;
  }

  /** Reports whether an item for a destination waits. */
  boolean isAwaited(String name) {
    Destination to = destinations.get(name);
    return to != null && to.items > to.onTheWay;
  }

  /** Reports whether items for a destination wait for the end of one on the way. */
  boolean isFull(Destination to, boolean hasSpare) {
    return to.isFull() || (leastWindow > 0 && !hasSpare && to != anywhere);
  }

  /** Returns the nanoseconds until its destination has permits for an item. */
  static long waitThere(Entry entry, long now) {
    TokenBucket bucket = entry.to.bucket;
    return bucket == null ? 0 : bucket.nanosUntil(entry.item.sizeBytes(), now);
  }

  /** Returns the nanoseconds until all destinations together have permits for an item. */
  long waitInAll(Entry entry, long now) {
    return all == null ? 0 : all.nanosUntil(entry.item.sizeBytes(), now);
  }

  /** Takes the permits for an item, whether there are enough or not. */
  void pay(Entry entry, long now) {
    if (entry.to.bucket != null) {
      entry.to.bucket.take(entry.item.sizeBytes(), now);
    }
    if (all != null) {
      all.take(entry.item.sizeBytes(), now);
    }
  }

  /** The permits asked for in one decision. */
  final class Search {
    private final long now;
    private final boolean hasSpare;
    private boolean isAllBlocked;
    private boolean isRefused;
    private long leastWait = Long.MAX_VALUE;

    /** Without {@code hasSpare}, nothing more may be on the way to a destination with a window. */
    Search(long now, boolean hasSpare) {
      this.now = now;
      this.hasSpare = hasSpare;
    }

    /** Reports whether any item was refused. */
    boolean isRefused() {
      return isRefused;
    }

    /** Returns nanoseconds, at least 1; {@link Long#MAX_VALUE} if only an end makes room. */
    long leastWait() {
      return leastWait;
    }

    /** Asks for an item; a refusal for want of permits blocks all lower ranks. */
    boolean lets(Entry entry) {
      boolean lets = entry.item.priorityClass() == PriorityClass.CONTROL || tryPermits(entry);
      isRefused |= !lets;
      return lets;
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean tryPermits(Entry entry) {
      Destination to = entry.to;
      if (isAllBlocked || to.blockedIn == this || isFull(to, hasSpare)) {
        return false;
      }
      long there = waitThere(entry, now);
      long inAll = waitInAll(entry, now);
      if (there > 0) {
        to.blockedIn = this;
      } else if (inAll > 0) {
        isAllBlocked = true;
      } else {
        return true;
      }
      leastWait = Math.min(leastWait, Math.max(there, inAll));
      return false;
    }
  }
}
