package dev.stowage.content.queue;

import dev.stowage.columns.IntOrder;
import dev.stowage.columns.OrderHeap;
import dev.stowage.columns.SparseColumn;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.Flow;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.SelectionPolicy;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.pressure.PressureBand;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The waiting items by class, and the items in flight. */
public final class Backlog {
  private static final int CLASSES = PriorityClass.values().length;
  private static final int NONE = ItemTable.NONE;

  public final ItemTable table = new ItemTable();
  public final Pacer pacer;

  public final OrderHeap backoff;

  /** Failed items with a deadline, earliest first. */
  public final OrderHeap backoffDeadlines;

  /** Classes by weight, most urgent first. */
  public final ClassQueue[] inOrder = new ClassQueue[CLASSES];

  private final ClassQueue[] byRank = new ClassQueue[CLASSES];
  private final int[] heldBits = new int[PressureBand.values().length];

  /** Bit n is set if the n-th class in order has a ready item. */
  private int readyBits;

  private final RankOrder order = new RankOrder(table);
  private final boolean[] prefersSmall = new boolean[PressureBand.values().length];
  private final int[] waitingItems = new int[CLASSES];
  private final long[] waitingBytes = new long[CLASSES];
  private final int inFlightLimit;
  private final ObjectIndex objects = new ObjectIndex(table);
  private final Shedder shedder;
  private long totalBytes;
  private int totalItems;
  private int oldestInFlight = NONE;
  private int newestInFlight = NONE;
  private int inFlight;

  public Backlog(ContentConfig config) {
    SelectionPolicy policy = config.policy();
    boolean fair = policy.fairness() == Fairness.DEFICIT_ROUND_ROBIN;
    long quantum = config.quantumBytes();
    int window = config.inFlightLimit() == 0 ? 0 : config.destinationWindow();
    this.pacer = new Pacer(config.rate(), window, table);
    TurnRing nobody = new TurnRing(quantum);
    SparseColumn deadlineAt = new SparseColumn();
    DeadlineOrder byDeadline = new DeadlineOrder(table, order);
    Supplier<TurnRing> rings = () -> fair ? new TurnRing(quantum) : nobody;
    for (PriorityClass c : PriorityClass.values()) {
      OrderHeap deadlines = new OrderHeap(byDeadline, deadlineAt);
      byRank[c.rank()] = new ClassQueue(c, order, deadlines, pacer, fair, rings);
    }
    int[] weights = new int[CLASSES];
    Arrays.setAll(weights, rank -> policy.weight(PriorityClass.ofRank(rank)));
    System.arraycopy(byRank, 0, inOrder, 0, CLASSES);
    Arrays.sort(
        inOrder,
        Comparator.<ClassQueue>comparingInt(q -> weights[q.priorityClass.rank()])
            .thenComparingInt(q -> q.priorityClass.rank())
            .reversed());
    for (int i = 0; i < CLASSES; i++) {
      inOrder[i].bit = 1 << i;
    }
    for (PressureBand band : PressureBand.values()) {
      prefersSmall[band.ordinal()] = policy.prefersSmall(band);
      for (int i = 0; i < CLASSES; i++) {
        heldBits[band.ordinal()] |= policy.holds(band, inOrder[i].priorityClass) ? 1 << i : 0;
      }
    }
    this.backoff = new OrderHeap(new ReadyOrder(table), new SparseColumn());
    this.backoffDeadlines = new OrderHeap(new ExpiryOrder(table), deadlineAt);
    this.inFlightLimit = config.inFlightLimit();
    this.shedder = new Shedder(config.limits(), this);
  }

  public Shedder shedder() {
    return shedder;
  }

  public ClassQueue queueOf(PriorityClass c) {
    return byRank[c.rank()];
  }

  int readyBits() {
    return readyBits;
  }

  public int freeBits(PressureBand band) {
    return readyBits & ~heldBits[band.ordinal()];
  }

  public boolean isHeld(PriorityClass c, PressureBand band) {
    return (heldBits[band.ordinal()] & queueOf(c).bit) != 0;
  }

  int controlBit() {
    return queueOf(PriorityClass.CONTROL).bit;
  }

  public void order(PressureBand band) {
    boolean small = prefersSmall[band.ordinal()];
    if (small != order.smallFirst()) {
      order.smallFirst(small);
      for (ClassQueue queue : inOrder) {
        queue.reorder();
      }
    }
  }

  public boolean hasDeadlines() {
    if (!backoffDeadlines.isEmpty()) {
      return true;
    }
    for (int bits = readyBits; bits != 0; bits &= bits - 1) {
      if (!inOrder[Integer.numberOfTrailingZeros(bits)].deadlines.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  public int items() {
    return totalItems;
  }

  long bytes() {
    return totalBytes;
  }

  int items(PriorityClass c) {
    return waitingItems[c.rank()];
  }

  long bytes(PriorityClass c) {
    return waitingBytes[c.rank()];
  }

  public int ready() {
    return totalItems - backoff.size();
  }

  public int inFlight() {
    return inFlight;
  }

  public boolean isWaiting(int slot) {
    byte state = table.state(slot);
    return state == ItemTable.READY || state == ItemTable.BACKOFF;
  }

  public void add(ContentItem item, double merit, long tie, long generation, long now) {
    int sent = table.find(item.id());
    if (sent != NONE) {
      forget(sent);
    }
    int slot = table.claim(item, merit, tie);
    pacer.enter(item);
    objects.add(slot);
    table.stamp(slot, generation, now);
    counted(item);
    makeReady(slot, true);
  }

  public void readyAgain(int slot, long generation, long now) {
    leaveBackoff(slot);
    table.stamp(slot, generation, now);
    makeReady(slot, true);
  }

  private void enterBackoff(int slot) {
    backoff.add(slot);
    if (table.item(slot).details().hasDeadline()) {
      backoffDeadlines.add(slot);
    }
  }

  private void leaveBackoff(int slot) {
    backoff.remove(slot);
    if (backoffDeadlines.contains(slot)) {
      backoffDeadlines.remove(slot);
    }
  }

  /** Requires an equal id, flow, size and destination; generation and wait are kept. */
  public void reclassify(int slot, ContentItem changed, double merit, long tie) {
    ContentItem item = table.item(slot);
    boolean isReady = table.state(slot) == ItemTable.READY;
    if (isReady) {
      leaveReady(slot, item);
    } else {
      leaveBackoff(slot);
    }
    uncounted(item);
    table.replace(slot, changed, merit, tie);
    counted(changed);
    if (isReady) {
      makeReady(slot, false);
    } else {
      enterBackoff(slot);
    }
  }

  private void leaveReady(int slot, ContentItem item) {
    shedder.removed(slot, item);
    ClassQueue queue = queueOf(item.priorityClass());
    queue.remove(slot);
    readyBits &= queue.isEmpty() ? ~queue.bit : -1;
  }

  private void makeReady(int slot, boolean isNewest) {
    ContentItem item = table.item(slot);
    table.state(slot, ItemTable.READY);
    ClassQueue queue = queueOf(item.priorityClass());
    queue.add(slot, item, pacer.of(item), isNewest);
    readyBits |= queue.bit;
    shedder.added(slot, item);
  }

  public void drop(int slot) {
    ContentItem item = table.item(slot);
    if (table.state(slot) == ItemTable.BACKOFF) {
      leaveBackoff(slot);
    } else {
      leaveReady(slot, item);
    }
    uncounted(item);
    vanish(slot, item);
  }

  public void send(int slot, ContentItem item, boolean inTurn) {
    shedder.removed(slot, item);
    ClassQueue queue = queueOf(item.priorityClass());
    queue.send(slot, item, inTurn);
    readyBits &= queue.isEmpty() ? ~queue.bit : -1;
    uncounted(item);
  }

  public void sent(int slot, ContentItem item) {
    if (inFlightLimit == 0) {
      vanish(slot, item);
      return;
    }
    table.state(slot, ItemTable.IN_FLIGHT);
    table.previous(slot, newestInFlight);
    table.next(slot, NONE);
    if (newestInFlight == NONE) {
      oldestInFlight = slot;
    } else {
      table.next(newestInFlight, slot);
    }
    newestInFlight = slot;
    inFlight++;
    pacer.sent(item);
  }

  public void forget(int slot) {
    unlinkInFlight(slot);
    vanish(slot, table.item(slot));
  }

  public void backOff(int slot, long untilNanos) {
    unlinkInFlight(slot);
    table.stamp(slot, table.generation(slot), untilNanos);
    table.state(slot, ItemTable.BACKOFF);
    enterBackoff(slot);
    counted(table.item(slot));
  }

  public int[] slotsOf(Flow flow) {
    IntStream.Builder found = IntStream.builder();
    for (ClassQueue queue : inOrder) {
      queue.slotsOf(flow, found::add);
    }
    for (int i = 0; i < backoff.size(); i++) {
      addIfIn(flow, backoff.slotAt(i), found);
    }
    for (int slot = oldestInFlight; slot != NONE; slot = table.next(slot)) {
      addIfIn(flow, slot, found);
    }
    return found.build().toArray();
  }

  private void addIfIn(Flow flow, int slot, IntStream.Builder found) {
    if (table.item(slot).flow().isSameAs(flow)) {
      found.add(slot);
    }
  }

  /** Reports whether one more item in flight is remembered without forgetting another. */
  boolean hasSpare() {
    return inFlight < inFlightLimit;
  }

  /** Reports whether an item waits for the end of another on the way. */
  public boolean isBehindWindow(ContentItem item) {
    return item.priorityClass() != PriorityClass.CONTROL && pacer.isHeld(item, hasSpare());
  }

  public int oldestInFlight() {
    return oldestInFlight;
  }

  public ObjectIndex objects() {
    return objects;
  }

  public void clear() {
    for (ClassQueue queue : inOrder) {
      while (!queue.isEmpty()) {
        drop(queue.best.first().head());
      }
    }
    while (!backoff.isEmpty()) {
      drop(backoff.first());
    }
    while (oldestInFlight != NONE) {
      forget(oldestInFlight);
    }
    table.clear();
    pacer.clear();
  }

  private void vanish(int slot, ContentItem item) {
    pacer.exit(item);
    objects.remove(slot);
    table.release(slot);
  }

  private void unlinkInFlight(int slot) {
    int before = table.previous(slot);
    int after = table.next(slot);
    if (before == NONE) {
      oldestInFlight = after;
    } else {
      table.next(before, after);
    }
    if (after == NONE) {
      newestInFlight = before;
    } else {
      table.previous(after, before);
    }
    inFlight--;
    pacer.ended(table.item(slot));
  }

  private void counted(ContentItem item) {
    int rank = item.priorityClass().rank();
    waitingItems[rank]++;
    waitingBytes[rank] += item.sizeBytes();
    totalItems++;
    totalBytes += item.sizeBytes();
  }

  private void uncounted(ContentItem item) {
    int rank = item.priorityClass().rank();
    waitingItems[rank]--;
    waitingBytes[rank] -= item.sizeBytes();
    totalItems--;
    totalBytes -= item.sizeBytes();
  }

  private record ExpiryOrder(ItemTable table) implements IntOrder {
    @Override
    public boolean before(int a, int b) {
      long first = table.item(a).details().deadlineOrNever();
      long second = table.item(b).details().deadlineOrNever();
      return first != second
          ? first < second
          : Long.compareUnsigned(table.idOf(a), table.idOf(b)) < 0;
    }
  }

  private record ReadyOrder(ItemTable table) implements IntOrder {
    @Override
    public boolean before(int a, int b) {
      int byTime = Long.compare(table.since(a), table.since(b));
      return byTime != 0 ? byTime < 0 : Long.compareUnsigned(table.idOf(a), table.idOf(b)) < 0;
    }
  }
}
