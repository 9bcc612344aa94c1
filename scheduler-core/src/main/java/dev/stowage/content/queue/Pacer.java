package dev.stowage.content.queue;

import dev.stowage.columns.Growth;
import dev.stowage.content.ContentItem;
import dev.stowage.content.Pacing;
import dev.stowage.content.PriorityClass;
import dev.stowage.pressure.TokenBucket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Permits for bytes. Within one search, the first item for a destination that lacks permits blocks
 * the destination for all that rank behind it, so that small items cannot keep a large one waiting
 * for ever; the first that lacks permits in all blocks everything. An overdue item that is larger
 * than its destination's burst, the oldest of those that pressure lets pass, saves up the permits
 * there once others went before it as often as they may: nothing else goes to the destination in
 * the order of classes until it went. Control never waits for permits, but uses them up.
 */
public final class Pacer {
  private static final int NONE = ItemTable.NONE;
  private static final int LEAST_SWEEP = 1_024;

  private final Pacing pacing;

  /** Limits how many items go before one that is overdue and larger than the burst. */
  private final int mostPasses;

  private final boolean unlimited;
  private @Nullable TokenBucket global;
  private final ItemTable table;
  private final Destination.Columns columns;
  private final Map<String, Destination> destinations = new HashMap<>();

  /** Stands for the destination of items that name none, and of all while nothing is paced. */
  private final Destination anywhere;

  /** Those for which something is ready, in no order. */
  private @Nullable Destination[] ready = {};

  private int readyCount;
  private int sweepAbove = LEAST_SWEEP;
  private long search;
  private boolean allBlocked;
  private boolean refused;
  private long leastWait;

  /** The classes that may go in this search: Control, and those that need permits. */
  private int controlBits;

  private int pacedBits;
  private long overdueBefore;

  Pacer(Pacing pacing, int mostPasses, ItemTable table) {
    this.mostPasses = mostPasses;
    this.pacing = pacing;
    this.table = table;
    this.columns = new Destination.Columns(table);
    this.anywhere = new Destination(null, columns);
    this.unlimited = pacing.isUnlimited();
    global = fullBucket();
  }

  private @Nullable TokenBucket fullBucket() {
    Pacing.Rate rate = pacing.global();
    // a full bucket is as old as one likes
    return rate == null
        ? null
        : new TokenBucket(rate.bytesPerSecond(), rate.burstBytes(), Long.MIN_VALUE);
  }

  /** The destination of an item that begins to wait; null if it names none or nothing is paced. */
  @Nullable Destination enter(ContentItem item, long now) {
    String name = item.details().destinationOrNull();
    if (name == null || isUnlimited()) {
      return null;
    }
    Destination destination = destinations.get(name);
    if (destination == null) {
      sweep(now);
      Pacing.Rate rate = pacing.rateTo(name);
      TokenBucket bucket =
          rate == null ? null : new TokenBucket(rate.bytesPerSecond(), rate.burstBytes(), now);
      destination = new Destination(bucket, columns);
      destinations.put(name, destination);
    }
    destination.items++;
    return destination;
  }

  /** An item becomes ready; its class stands at a place of the order. */
  void ready(int slot, ContentItem item, @Nullable Destination to, int classAt) {
    Destination destination = to == null ? anywhere : to;
    destination.add(slot, item, classAt);
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

  /** An item is ready no more. */
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

  /** An item that entered waits no more, or will not be sent. */
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

  public boolean isUnlimited() {
    return unlimited;
  }

  /**
   * Begins a search.
   *
   * @param free the classes that may go, by their places in the order
   * @param controlBit the place of Control
   * @param overdue items that wait since before this may save up permits
   */
  void beginSearch(int free, int controlBit, long overdue) {
    search++;
    controlBits = free & controlBit;
    pacedBits = free & ~controlBit;
    overdueBefore = overdue;
    allBlocked = false;
    refused = false;
    leastWait = Long.MAX_VALUE;
  }

  /** Whether an item was refused in this search. */
  boolean refused() {
    return refused;
  }

  /** The least time after which something that was refused in this search may go; at least 1. */
  public long leastWait() {
    return leastWait;
  }

  /** The item that saves up the permits of a destination, or -1 if none does. */
  int saver(@Nullable Destination to) {
    int oldest = oldestLarge(to);
    return oldest != NONE && table.passes(oldest) >= mostPasses ? oldest : NONE;
  }

  /** Returns the oldest overdue item that is larger than the burst of a destination, or -1. */
  private int oldestLarge(@Nullable Destination to) {
    if (to == null || !to.hadLarge()) {
      return NONE;
    }
    if (to.foundInSearch != search) {
      to.oldestLarge = ifOverdue(to.oldestLarge(pacedBits));
      to.foundInSearch = search;
    }
    return to.oldestLarge;
  }

  /** Counts an item that was found as one that goes before the oldest larger than the burst. */
  void goes(int slot) {
    int oldest = oldestLarge(table.leaf(slot).destination());
    if (oldest != NONE && oldest != slot) {
      table.addPass(oldest);
    }
  }

  private int ifOverdue(int slot) {
    return slot != NONE && table.since(slot) < overdueBefore ? slot : NONE;
  }

  /**
   * Whether an item may go in the order of classes; a refusal for want of permits holds for all
   * that rank behind it.
   */
  boolean lets(int slot, long now) {
    Destination to = table.leaf(slot).destination();
    ContentItem item = table.item(slot);
    int saver = saver(to);
    boolean lets =
        item.priorityClass() == PriorityClass.CONTROL
            || ((saver == NONE || saver == slot) && hasPermits(item, to, now));
    refused |= !lets;
    return lets;
  }

  /**
   * Returns the oldest overdue item that has permits, or -1. What lacks permits keeps nothing for
   * another destination from a rescue, because its own may be slow for ever; what saves up waits
   * for nothing but what is older.
   */
  int oldestOverdue(long now) {
    int control = NONE;
    int found = NONE;
    for (int i = 0; i < readyCount; i++) {
      Destination to = ready(i);
      control = columns.byAge().older(control, ifOverdue(to.oldest(controlBits)));
      int slot = ifOverdue(to.oldest(pacedBits));
      if (slot != NONE
          && columns.byAge().older(slot, found) == slot
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

  /**
   * The overdue items that lack permits block what ranks behind them.
   *
   * @param last the one that lacks permits in all, and blocks what is younger; -1 if none does
   */
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
    if (allBlocked || (to != null && to.blockedInSearch == search)) {
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

  /** Takes the permits of an item that goes out. */
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

  /** Forgets destinations for which nothing waits and whose permits are all back. */
  private void sweep(long now) {
    if (destinations.size() < sweepAbove) {
      return;
    }
    destinations
        .values()
        .removeIf(d ->
            d.items == 0 && (d.bucket == null || d.bucket.tokens(now) == d.bucket.burstBytes()));
    sweepAbove = Math.max(LEAST_SWEEP, 2 * destinations.size());
  }
}
