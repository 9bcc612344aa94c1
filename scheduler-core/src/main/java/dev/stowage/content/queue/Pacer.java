package dev.stowage.content.queue;

import dev.stowage.columns.SparseColumn;
import dev.stowage.content.ContentItem;
import dev.stowage.content.Pacing;
import dev.stowage.content.PriorityClass;
import dev.stowage.pressure.TokenBucket;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Permits for bytes. Within one search, the first item for a destination that lacks permits blocks
 * the destination for all that rank behind it, so that small items cannot keep a large one waiting
 * for ever; the first that lacks permits in all blocks everything. An overdue item that is larger
 * than its destination's burst, the oldest of those that pressure lets pass, saves up the permits
 * there: nothing else goes to the destination in the order of classes until it went. Control never
 * waits for permits, but uses them up.
 */
public final class Pacer {
  private static final int LEAST_SWEEP = 1_024;

  private final Pacing pacing;
  private final boolean unlimited;
  private @Nullable TokenBucket global;
  private final ItemTable table;
  private final Ages.ByAge byAge;
  private final SparseColumn oversizeAt = new SparseColumn();
  private final Map<String, Destination> destinations = new HashMap<>();
  private int sweepAbove = LEAST_SWEEP;
  private long search;
  private boolean allBlocked;
  private boolean refused;
  private long leastWait;
  private int freeBits;
  private long overdueBefore;

  Pacer(Pacing pacing, ItemTable table) {
    this.pacing = pacing;
    this.table = table;
    this.byAge = new Ages.ByAge(table);
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
      destination = new Destination(bucket);
      destinations.put(name, destination);
    }
    destination.items++;
    return destination;
  }

  /** An item becomes ready; the class stands at a place of the order. */
  void ready(int slot, ContentItem item, Destination to, int classAt) {
    if (to.isOversize(item)) {
      to.addOversize(slot, classAt, table, oversizeAt);
    }
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
   * @param freeClassBits the classes that may go, by their places in the order
   * @param overdue items that wait since before this may save up permits
   */
  void beginSearch(int freeClassBits, long overdue) {
    search++;
    freeBits = freeClassBits;
    overdueBefore = overdue;
    allBlocked = false;
    refused = false;
    leastWait = Long.MAX_VALUE;
  }

  /** Whether nothing but Control may go in this search. */
  boolean allBlocked() {
    return allBlocked;
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
    if (to == null || !to.hadOversize()) {
      return ItemTable.NONE;
    }
    if (to.saverOfSearch != search) {
      int oldest = to.oldestOversize(freeBits, byAge);
      boolean saves = oldest != ItemTable.NONE && table.since(oldest) < overdueBefore;
      to.saver = saves ? oldest : ItemTable.NONE;
      to.saverOfSearch = search;
    }
    return to.saver;
  }

  /**
   * Whether an item may go in the order of classes; a refusal for want of permits holds for all
   * that rank behind it.
   */
  boolean lets(int slot, long now) {
    int saver = saver(table.leaf(slot).destination());
    if (saver == ItemTable.NONE
        || saver == slot
        || table.item(slot).priorityClass() == PriorityClass.CONTROL) {
      return letsByAge(slot, now);
    }
    refused = true;
    return false;
  }

  /** The same in the order of age, where what saves up waits for nothing but what is older. */
  boolean letsByAge(int slot, long now) {
    ContentItem item = table.item(slot);
    boolean lets =
        item.priorityClass() == PriorityClass.CONTROL
            || hasPermits(item, table.leaf(slot).destination(), now);
    refused |= !lets;
    return lets;
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
