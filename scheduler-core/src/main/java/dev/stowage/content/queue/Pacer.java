package dev.stowage.content.queue;

import dev.stowage.columns.Growth;
import dev.stowage.content.ByteRate;
import dev.stowage.content.ContentItem;
import dev.stowage.content.PriorityClass;
import dev.stowage.pressure.TokenBucket;
import java.util.Arrays;
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
public final class Pacer {
  private static final int NONE = ItemTable.NONE;
  private static final int LEAST_SWEEP = 1_024;

  private final @Nullable ByteRate rate;

  /** The least window of a destination; 0 for destinations without a bound. */
  private final int leastWindow;

  private @Nullable TokenBucket global;
  private final ItemTable table;
  private final Destination.Columns columns;
  private final Map<String, Destination> destinations = new HashMap<>();

  /** Stands for items without a destination, and for all items without pacing. */
  private final Destination anywhere;

  private @Nullable Destination[] ready = {};

  private int readyCount;
  private int sweepAbove = LEAST_SWEEP;
  private long search;
  private boolean allBlocked;
  private boolean refused;
  private long leastWait;

  private int controlBits;

  private int pacedBits;
  private boolean isSpent;
  private long overdueBefore;

  /** The limits of a destination, as {@link #limit} sets them. */
  public record Limit(int items, @Nullable ByteRate rate) {}

  Pacer(@Nullable ByteRate rate, int leastWindow, ItemTable table) {
    this.leastWindow = leastWindow;
    this.rate = rate;
    this.table = table;
    this.columns = new Destination.Columns(table);
    this.anywhere = new Destination(Integer.MAX_VALUE, columns);
    global = fullBucket();
  }

  private @Nullable TokenBucket fullBucket() {
    // A bucket that is full may be refilled from any time.
    return full(rate, Long.MIN_VALUE);
  }

  private static @Nullable TokenBucket full(@Nullable ByteRate rate, long now) {
    return rate == null ? null : new TokenBucket(rate.bytesPerSecond(), rate.burstBytes(), now);
  }

  @Nullable Destination enter(ContentItem item) {
    String name = item.details().destinationOrNull();
    if (name == null) {
      return null;
    }
    Destination destination = named(name);
    destination.items++;
    return destination;
  }

  private Destination named(String name) {
    Destination destination = destinations.get(name);
    if (destination == null) {
      sweep();
      destination = new Destination(windowOf(1), columns);
      destinations.put(name, destination);
    }
    return destination;
  }

  private int windowOf(int items) {
    return items == 0 ? 0 : leastWindow == 0 ? Integer.MAX_VALUE : Math.max(leastWindow, items);
  }

  /** Sets what a destination takes; another rate begins with its burst. */
  public void limit(String name, int items, @Nullable ByteRate rateThere, long now) {
    if (windowOf(items) == windowOf(1) && rateThere == null && !destinations.containsKey(name)) {
      return;
    }
    Destination to = named(name);
    to.window = windowOf(items);
    if (!Objects.equals(to.rate, rateThere)) {
      to.rate = rateThere;
      to.bucket = full(rateThere, now);
    }
  }

  private boolean isUsual(Destination to) {
    return to.window == windowOf(1) && to.rate == null;
  }

  /** Returns the limits that were set, by destination. */
  public Map<String, Limit> limits() {
    Map<String, Limit> set = new TreeMap<>();
    destinations.forEach((name, to) -> {
      if (!isUsual(to)) {
        set.put(name, new Limit(to.window, to.rate));
      }
    });
    return set;
  }

  void sent(ContentItem item) {
    Destination destination = of(item);
    if (destination != null) {
      destination.onTheWay++;
    }
  }

  void ended(ContentItem item) {
    Destination destination = of(item);
    if (destination != null) {
      destination.onTheWay--;
    }
  }

  void ready(int slot, @Nullable Destination to, int classAt) {
    Destination destination = to == null ? anywhere : to;
    destination.add(slot, classAt);
    if (destination.readyAt == NONE) {
      if (readyCount == ready.length) {
        ready =
            Arrays.copyOf(
                ready, Growth.capacity(readyCount + 8L + (readyCount >> 1), readyCount + 1L));
      }
      destination.readyAt = readyCount;
      ready[readyCount++] = destination;
    }
  }

  void unready(int slot, @Nullable Destination to, int classAt) {
    Destination destination = to == null ? anywhere : to;
    destination.remove(slot, classAt);
    if (!destination.isReady()) {
      Destination last = ready(--readyCount);
      ready[destination.readyAt] = last;
      last.readyAt = destination.readyAt;
      ready[readyCount] = null;
      destination.readyAt = NONE;
    }
  }

  private Destination ready(int position) {
    return Objects.requireNonNull(ready[position]);
  }

  void exit(ContentItem item) {
    Destination destination = of(item);
    if (destination != null) {
      destination.items--;
    }
  }

  @Nullable
  public Destination of(ContentItem item) {
    String name = item.details().destinationOrNull();
    return name == null ? null : destinations.get(name);
  }

  /** Without {@code hasSpare}, nothing more may be on the way to any destination with a window. */
  void beginSearch(int free, int controlBit, long overdue, boolean hasSpare) {
    search++;
    isSpent = leastWindow > 0 && !hasSpare;
    controlBits = free & controlBit;
    pacedBits = free & ~controlBit;
    overdueBefore = overdue;
    allBlocked = false;
    refused = false;
    leastWait = Long.MAX_VALUE;
  }

  boolean refused() {
    return refused;
  }

  /** Returns nanoseconds, at least 1; {@link Long#MAX_VALUE} if only an end makes room. */
  public long leastWait() {
    return leastWait;
  }

  private int ifOverdue(int slot) {
    return slot != NONE && table.since(slot) < overdueBefore ? slot : NONE;
  }

  /** Blocks all lower ranks by a refusal for want of permits. */
  boolean lets(int slot, long now) {
    Destination to = table.leaf(slot).destination();
    ContentItem item = table.item(slot);
    boolean lets = item.priorityClass() == PriorityClass.CONTROL || hasPermits(item, to, now);
    refused |= !lets;
    return lets;
  }

  /** Ignores items without permits, because their own destination may be slow for ever. */
  int oldestOverdue(long now) {
    int control = NONE;
    int found = NONE;
    for (int i = 0; i < readyCount; i++) {
      Destination to = ready(i);
      control = columns.byAge().older(control, ifOverdue(to.oldest(controlBits)));
      int slot = ifOverdue(to.oldest(pacedBits));
      if (slot != NONE
          && columns.byAge().older(slot, found) == slot
          && !isHeld(to)
          && (to.bucket == null || to.bucket.allows(table.item(slot).sizeBytes(), now))) {
        found = slot;
      }
    }
    if (found != NONE && (global == null || global.allows(table.item(found).sizeBytes(), now))) {
      return columns.byAge().older(control, found);
    }
    if (control == NONE) {
      blockOverdue(found, now);
    }
    return control;
  }

  private void blockOverdue(int last, long now) {
    for (int i = 0; i < readyCount; i++) {
      Destination to = ready(i);
      int slot = ifOverdue(to.oldest(pacedBits));
      if (slot != NONE && slot != last && columns.byAge().older(slot, last) == slot) {
        refused |= !hasPermits(table.item(slot), to, now);
      }
    }
    if (last != NONE) {
      refused |= !hasPermits(table.item(last), table.leaf(last).destination(), now);
    }
  }

  private boolean hasPermits(ContentItem item, @Nullable Destination to, long now) {
    if (allBlocked || (to != null && (to.blockedInSearch == search || isHeld(to)))) {
      return false;
    }
    long inAll = global == null ? 0 : global.nanosUntil(item.sizeBytes(), now);
    TokenBucket bucket = to == null ? null : to.bucket;
    long there = bucket == null ? 0 : bucket.nanosUntil(item.sizeBytes(), now);
    if (to != null && there > 0) {
      to.blockedInSearch = search;
      leastWait = Math.min(leastWait, Math.max(there, inAll));
      return false;
    }
    if (inAll > 0) {
      allBlocked = true;
      leastWait = Math.min(leastWait, inAll);
      return false;
    }
    return true;
  }

  private boolean isHeld(Destination to) {
    return to.isFull() || (isSpent && to != anywhere);
  }

  /** Reports whether an item for a destination waits. */
  public boolean isAwaited(String name) {
    Destination to = destinations.get(name);
    return to != null && to.items > to.onTheWay;
  }

  /** Reports whether an item waits for the end of another on the way. */
  boolean isHeld(ContentItem item, boolean hasSpare) {
    Destination to = of(item);
    return to != null && (to.isFull() || (leastWindow > 0 && !hasSpare));
  }

  /** Returns the nanoseconds until its destination has permits for an item. */
  public long waitThere(ContentItem item, long now) {
    Destination to = of(item);
    return to == null || to.bucket == null ? 0 : to.bucket.nanosUntil(item.sizeBytes(), now);
  }

  /** Returns the nanoseconds until all destinations together have permits for an item. */
  public long waitInAll(ContentItem item, long now) {
    return global == null ? 0 : global.nanosUntil(item.sizeBytes(), now);
  }

  public void pay(ContentItem item, @Nullable Destination to, long now) {
    if (to != null && to.bucket != null) {
      to.bucket.take(item.sizeBytes(), now);
    }
    if (global != null) {
      global.take(item.sizeBytes(), now);
    }
  }

  void clear() {
    destinations.clear();
    sweepAbove = LEAST_SWEEP;
    global = fullBucket();
  }

  private void sweep() {
    if (destinations.size() < sweepAbove) {
      return;
    }
    destinations.values().removeIf(to -> to.items == 0 && isUsual(to));
    sweepAbove = Math.max(LEAST_SWEEP, 2 * destinations.size());
  }
}
