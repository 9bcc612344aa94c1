package dev.stowage.content;

import dev.stowage.columns.Nanos;
import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentStats.ContentWait;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.Entry.Rank;
import dev.stowage.content.Entry.Stage;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The items that wait, by class, and those in flight. Only this class changes a stage. */
final class Backlog {
  final Pacer pacer;
  final @Nullable StreamScheduler streams;

  /** The classes, most urgent first. */
  final List<ClassQueue> inOrder = new ArrayList<>();

  /** The failed items, the first one to be tried again at the front. */
  final TreeSet<Entry> backoff =
      new TreeSet<>(
          Comparator.<Entry>comparingLong(it -> it.sinceNanos).thenComparing(Entry.BY_ID));

  /** The items that lack a lane. */
  final TreeSet<Entry> laneless = new TreeSet<>(Entry.BY_AGE);

  long nowNanos = Long.MIN_VALUE;
  long nextGeneration;

  private final ContentConfig config;
  private final Map<Long, Entry> items = new HashMap<>();
  private final Set<Entry> inFlight = new LinkedHashSet<>();
  private final ClassQueue[] byRank = new ClassQueue[PriorityClass.values().length];
  private final Set<PressureBand> smallFirst = EnumSet.noneOf(PressureBand.class);
  private int waitingItems;
  private long waitingBytes;

  /** No ready item waits since before. */
  private long oldestNanos = Long.MAX_VALUE;

  /** The version of the streams in which waiting items last sought a lane. */
  private long soughtVersion = -1;

  Backlog(ContentConfig config) {
    this.config = config;
    SelectionPolicy policy = config.policy();
    int window = config.inFlightLimit() == 0 ? 0 : config.destinationWindow();
    pacer = new Pacer(config.rate(), window);
    streams = config.maxStreams() == 0 ? null : new StreamScheduler(config.maxStreams());
    int[] weights = new int[byRank.length];
    for (PriorityClass c : PriorityClass.values()) {
      Set<PressureBand> holding = EnumSet.allOf(PressureBand.class);
      holding.removeIf(band -> !policy.holds(band, c));
      byRank[c.rank()] = new ClassQueue(c, holding);
      inOrder.add(0, byRank[c.rank()]);
      weights[c.rank()] = policy.weight(c);
    }
    inOrder.sort(
        Comparator.<ClassQueue>comparingInt(it -> weights[it.priorityClass.rank()]).reversed());
    smallFirst.addAll(EnumSet.allOf(PressureBand.class));
    smallFirst.removeIf(band -> !policy.prefersSmall(band));
  }

  ClassQueue queueOf(ContentItem item) {
    return byRank[item.priorityClass().rank()];
  }

  void order(PressureBand band) {
    boolean isSmallFirst = smallFirst.contains(band);
    inOrder.forEach(queue -> queue.preferSmall(isSmallFirst));
  }

  int waitingItems() {
    return waitingItems;
  }

  /** Returns the most urgent class with a ready item, held back or not. */
  PriorityClass highestReady() {
    return inOrder.stream()
        .filter(it -> it.readyItems() > 0)
        .map(it -> it.priorityClass)
        .findFirst()
        .orElseThrow();
  }

  /** Reports whether a band holds every ready item back. */
  boolean isAllHeld(PressureBand band) {
    return inOrder.stream().allMatch(it -> it.readyItems() == 0 || it.isHeld(band));
  }

  int readyItems() {
    return waitingItems - backoff.size() - laneless.size();
  }

  Set<Entry> inFlight() {
    return inFlight;
  }

  /** Reports whether one more item in flight is remembered without forgetting another. */
  boolean hasSpare() {
    return inFlight.size() < config.inFlightLimit();
  }

  @Nullable Entry find(long id) {
    return items.get(id);
  }

  @Nullable Entry waiting(long id) {
    Entry entry = items.get(id);
    return entry != null && entry.isWaiting() ? entry : null;
  }

  @Nullable Entry inFlight(long id) {
    Entry entry = items.get(id);
    return entry != null && !entry.isWaiting() ? entry : null;
  }

  /** Returns the items of a flow, oldest first. */
  List<Entry> itemsOf(Flow flow) {
    List<Entry> found = new ArrayList<>(items.values());
    found.removeIf(it -> !it.item.flow().isSameAs(flow));
    found.sort(Entry.BY_AGE);
    return found;
  }

  /** Adds an item, which replaces one in flight with its id, and reserves its lane. */
  void add(ContentItem item, Rank rank, long generation) {
    Entry entry = new Entry(item, pacer.enter(item), rank);
    Entry sent = items.put(item.id(), entry);
    if (sent != null) {
      end(sent);
    }
    entry.generation = generation;
    entry.sinceNanos = nowNanos;
    entry.stage = tryReserveLane(entry) ? Stage.READY : Stage.NO_LANE;
    enter(entry);
  }

  private boolean tryReserveLane(Entry entry) {
    entry.lane = streams == null ? null : streams.reserve(entry.item, nowNanos).orElse(null);
    return streams == null || entry.lane != null;
  }

  /** Lets the items that find a lane wait for their turn, and tells of them first. */
  void seekLanes(Consumer<Entry> found) {
    // A lane that one item opens may carry another that found none before.
    while (streams != null && soughtVersion != streams.version()) {
      soughtVersion = streams.version();
      for (Entry entry : List.copyOf(laneless)) {
        if (tryReserveLane(entry)) {
          found.accept(entry);
          makeReady(entry);
        }
      }
    }
  }

  /** Lets an item begin to wait for its turn, as a new one does. */
  void makeReady(Entry entry) {
    leave(entry);
    entry.stage = Stage.READY;
    entry.generation = nextGeneration++;
    entry.sinceNanos = nowNanos;
    enter(entry);
  }

  /** Changes a waiting item; flow, size and destination are equal, its age and wait stay. */
  void change(Entry entry, ContentItem changed, Rank rank) {
    leave(entry);
    entry.become(changed, rank);
    enter(entry);
    if (streams != null) {
      soughtVersion = -1;
      entry.lane = entry.lane == null ? null : streams.exchange(entry.lane, changed, nowNanos);
    }
  }

  /** Lets the deadline of an item pass without effect. */
  void ignoreDeadline(Entry entry) {
    queueOf(entry.item).deadlines.remove(entry);
    entry.isExpiring = false;
  }

  private void enter(Entry entry) {
    switch (entry.stage) {
      case BACKOFF -> backoff.add(entry);
      case NO_LANE -> laneless.add(entry);
      default -> {
        queueOf(entry.item).add(entry);
        oldestNanos = Math.min(oldestNanos, entry.sinceNanos);
      }
    }
    if (entry.isExpiring) {
      queueOf(entry.item).deadlines.add(entry);
    }
    count(entry.item, 1);
  }

  private void leave(Entry entry) {
    switch (entry.stage) {
      case BACKOFF -> backoff.remove(entry);
      case NO_LANE -> laneless.remove(entry);
      default -> queueOf(entry.item).remove(entry);
    }
    if (entry.isExpiring) {
      queueOf(entry.item).deadlines.remove(entry);
    }
    count(entry.item, -1);
  }

  private void count(ContentItem item, int change) {
    queueOf(item).count(item, change);
    waitingItems += change;
    waitingBytes += change * item.sizeBytes();
  }

  /** Lets an item go, for which its flow pays. */
  void send(Entry entry) {
    queueOf(entry.item).pay(entry);
    leave(entry);
    entry.stage = Stage.IN_FLIGHT;
    pacer.pay(entry, nowNanos);
    if (streams != null && entry.lane != null) {
      streams.count(entry.lane.stream(), entry.item.sizeBytes());
    }
  }

  /** Remembers an item that went, or forgets it without a bound for items in flight. */
  void remember(Entry entry) {
    if (config.inFlightLimit() == 0) {
      end(entry);
    } else {
      inFlight.add(entry);
      entry.to.onTheWay++;
    }
  }

  /** Lets an item in flight wait for another attempt. */
  void backOff(Entry entry, long untilNanos) {
    land(entry);
    entry.stage = Stage.BACKOFF;
    entry.sinceNanos = untilNanos;
    enter(entry);
  }

  private void land(Entry entry) {
    if (inFlight.remove(entry)) {
      entry.to.onTheWay--;
    }
  }

  /** Forgets an item that waits, or marks one in flight. */
  void cancel(Entry entry) {
    if (entry.isWaiting()) {
      end(entry);
    } else {
      entry.stage = Stage.CANCELLED;
      entry.token().cancel();
    }
  }

  /** Forgets an item. */
  void end(Entry entry) {
    if (entry.isWaiting()) {
      leave(entry);
    }
    land(entry);
    items.remove(entry.item.id(), entry);
    pacer.exit(entry.to);
    if (streams != null && entry.lane != null) {
      streams.acknowledge(entry.lane.stream(), nowNanos);
    }
  }

  /** Returns the longest waiting items of each class and destination, the oldest first. */
  List<Entry> overdue(PressureBand band) {
    long before = nowNanos - config.maxWaitNanos();
    // A wrapped difference lies before the start of time: no item waits that long.
    if (before > nowNanos || before <= oldestNanos) {
      return List.of();
    }
    List<Entry> found = new ArrayList<>();
    oldestNanos = Long.MAX_VALUE;
    for (ClassQueue queue : inOrder) {
      for (Entry oldest : (Iterable<Entry>) queue.oldest()::iterator) {
        oldestNanos = Math.min(oldestNanos, oldest.sinceNanos);
        if (oldest.sinceNanos < before && !queue.isHeld(band)) {
          found.add(oldest);
        }
      }
    }
    found.sort(Entry.BY_AGE);
    return found;
  }

  /** Explains the wait of an item. */
  ContentWait explain(Entry entry, PressureBand band) {
    ClassQueue own = queueOf(entry.item);
    int before = 0;
    for (ClassQueue queue : inOrder.subList(0, inOrder.indexOf(own))) {
      before += queue.isHeld(band) ? 0 : queue.readyItems();
    }
    long there = Pacer.waitThere(entry, nowNanos);
    long inAll = pacer.waitInAll(entry, nowNanos);
    Optional<ScheduleReason> heldBy = heldBy(entry, band, Math.max(there, inAll));
    long retry =
        switch (heldBy.orElse(ScheduleReason.PRIORITY_CLASS)) {
          case BACKOFF -> Math.max(0, entry.sinceNanos - nowNanos);
          case PRESSURE_THROTTLE -> ContentScheduler.PRESSURE_RETRY_NANOS;
          case PACING -> Math.max(there, inAll);
          default -> 0;
        };
    boolean isReady = entry.stage == Stage.READY;
    return new ContentWait(
        own.priorityClass,
        band,
        heldBy,
        inAll > there,
        retry,
        isReady ? Nanos.between(entry.sinceNanos, nowNanos) : 0,
        before,
        own.readyItems() - (isReady ? 1 : 0));
  }

  private Optional<ScheduleReason> heldBy(Entry entry, PressureBand band, long wait) {
    boolean isControl = entry.item.priorityClass() == PriorityClass.CONTROL;
    return Optional.ofNullable(
        entry.stage == Stage.BACKOFF
            ? ScheduleReason.BACKOFF
            : entry.stage == Stage.NO_LANE
                ? ScheduleReason.NO_LANE
                : queueOf(entry.item).isHeld(band)
                    ? ScheduleReason.PRESSURE_THROTTLE
                    : isControl
                        ? null
                        : pacer.isFull(entry.to, hasSpare())
                            ? ScheduleReason.WINDOW
                            : wait > 0 ? ScheduleReason.PACING : null);
  }

  /** Returns the ready items that give way to one that comes; null if it finds no room. */
  @Nullable List<Entry> victims(ContentItem coming) {
    ClassQueue own = queueOf(coming);
    List<Entry> victims = new ArrayList<>(0);
    if (hasRoom(coming, victims) && own.hasRoom(coming, victims, config.limits())) {
      return victims;
    }
    if (config.limits().overflow() == QueueLimits.Overflow.REJECT) {
      return null;
    }
    Iterator<Entry> lesser =
        own.worstFirst().stream()
            .takeWhile(it -> it.item.efficiency() < coming.efficiency())
            .iterator();
    while (!own.hasRoom(coming, victims, config.limits())) {
      if (!lesser.hasNext()) {
        return null;
      }
      victims.add(lesser.next());
    }
    Iterator<Entry> lower = Collections.emptyIterator();
    for (int lowest = inOrder.size() - 1; !hasRoom(coming, victims); ) {
      while (!lower.hasNext() && inOrder.get(lowest) != own) {
        lower = inOrder.get(lowest--).worstFirst().iterator();
      }
      Iterator<Entry> next = lower.hasNext() ? lower : lesser;
      if (!next.hasNext()) {
        return null;
      }
      victims.add(next.next());
    }
    return victims;
  }

  /** Reports whether the bounds of its class have room for an item. */
  boolean hasRoomInClass(ContentItem coming) {
    return queueOf(coming).hasRoom(coming, List.of(), config.limits());
  }

  private boolean hasRoom(ContentItem coming, List<Entry> without) {
    QueueLimits limits = config.limits();
    return waitingItems - without.size() < limits.maxItems()
        && waitingBytes - bytes(without) <= limits.maxBytes() - coming.sizeBytes();
  }

  /** Returns the bytes of items. */
  static long bytes(List<Entry> of) {
    long bytes = 0;
    for (Entry each : of) {
      bytes += each.item.sizeBytes();
    }
    return bytes;
  }
}
