package dev.stowage.content.lanes;

import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.content.ContentItem;
import dev.stowage.content.lanes.StreamAssignment.StreamPriority;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.Outcomes;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.RecordWriter;
import dev.stowage.evidence.parts.Recorded;
import dev.stowage.shape.Shape;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Hands out streams (lanes) by priority: items of one priority share a stream where there is one,
 * and at the limit a stream of lower priority is taken over, but never one with queued content.
 *
 * <p>An assignment costs a logarithm of the number of streams. Ids that hosts choose and ids that
 * are handed out cannot meet: before an id is handed out, and before one that a host chose is
 * taken, it is checked against the other kind. Belongs to one thread at a time.
 */
public final class StreamScheduler implements Replayable {
  private static final Shape<Integer> SETTINGS =
      shape("stream_scheduler", narrow("max_streams", Integer::longValue), most -> most);

  private static final PartKind<Integer> KIND =
      new PartKind<>(
          "stream-scheduler", StreamRecords.STREAMS, SETTINGS, StreamScheduler::recording);

  /** Streams at a time unless another number is asked for. */
  public static final int DEFAULT_MAX_STREAMS = 256;

  private final int maxStreams;
  private final Recorded<StreamRecords.StreamInput, StreamRecords.StreamOutcome> shell;
  private final TreeMap<Long, Lane> active = new TreeMap<>(Long::compareUnsigned);
  private final Map<StreamPriority, TreeSet<Lane>> leastUsed = new EnumMap<>(StreamPriority.class);
  private final Map<StreamPriority, TreeSet<Released>> reusable =
      new EnumMap<>(StreamPriority.class);
  private final TreeSet<Released> pool = new TreeSet<>(Released.PREFERENCE);
  private final Map<Long, Released> poolById = new HashMap<>();
  private final TreeSet<Lane> takeable = new TreeSet<>(Lane.LEAST_URGENT);
  private final Set<Long> explicitIds = new HashSet<>();
  private final Map<Long, Lane> byId = new HashMap<>();
  private long nextStream = 1;
  private long version;
  private long reuses;
  private long takeOvers;
  private long refusals;

  /**
   * Nothing is handed out yet.
   *
   * @param maxStreams streams at a time; less than 1 reads as 1
   */
  public StreamScheduler(int maxStreams) {
    this(maxStreams, RecordWriter.none());
  }

  private StreamScheduler(int maxStreams, RecordWriter log) {
    this.maxStreams = Math.max(1, maxStreams);
    shell = new Recorded<>(log, StreamRecords.STREAMS, this::apply);
    for (StreamPriority priority : StreamPriority.values()) {
      leastUsed.put(priority, new TreeSet<>(Lane.LEAST_USED));
      reusable.put(priority, new TreeSet<>(Released.PREFERENCE));
    }
  }

  /** A scheduler that records what it is told and which streams it hands out. */
  public static StreamScheduler recording(int maxStreams, EvidenceLog log) {
    return new StreamScheduler(maxStreams, RecordWriter.into(log));
  }

  /** At most {@value #DEFAULT_MAX_STREAMS} streams. */
  public static StreamScheduler withDefaults() {
    return new StreamScheduler(DEFAULT_MAX_STREAMS);
  }

  /** A stream that is handed out. Its place in the ordered set changes only with its usage. */
  private static final class Lane {
    static final Comparator<Lane> LEAST_USED =
        Comparator.<Lane>comparingLong(lane -> lane.usage.bytesSent())
            .thenComparingLong(lane -> lane.usage.itemsSent())
            .thenComparingLong(lane -> lane.assignment.assignedAtNanos())
            .thenComparing(lane -> lane.assignment.stream(), Long::compareUnsigned);

    static final Comparator<Lane> LEAST_URGENT =
        Comparator.<Lane, StreamPriority>comparing(lane -> lane.assignment.priority())
            .thenComparingLong(lane -> lane.assignment.assignedAtNanos())
            .thenComparing(lane -> lane.assignment.stream(), Long::compareUnsigned);

    final StreamAssignment assignment;
    StreamUsage usage = StreamUsage.NONE;
    int queued;

    Lane(StreamAssignment assignment) {
      this.assignment = assignment;
    }
  }

  /** A stream that was given back. */
  private record Released(long stream, StreamPriority priority, long freedAtNanos) {
    static final Comparator<Released> PREFERENCE =
        Comparator.comparing(Released::priority)
            .reversed()
            .thenComparingLong(Released::freedAtNanos)
            .thenComparing(Released::stream, (a, b) -> Long.compareUnsigned(b, a));
  }

  /**
   * Assigns an item its stream and counts the item as sent: its own if it names one, else one of
   * its class's priority.
   *
   * @return the assignment; empty if every stream is taken by its equals or betters, or holds
   *     queued content, or the item names a stream that was handed out to others
   */
  public Optional<StreamAssignment> assign(ContentItem item, long nowNanos) {
    return ((StreamRecords.StreamAssigned)
            shell.answer(new StreamRecords.StreamAssign(nowNanos, item)))
        .assignment();
  }

  private void apply(StreamRecords.StreamInput input, Outcomes<StreamRecords.StreamOutcome> to) {
    if (input instanceof StreamRecords.StreamAssign it) {
      Optional<StreamAssignment> assigned = find(it.item(), it.atNanos());
      assigned.ifPresent(lane -> count(lane.stream(), it.item().sizeBytes(), it.atNanos()));
      to.add(new StreamRecords.StreamAssigned(assigned));
    } else if (input instanceof StreamRecords.StreamSent it) {
      count(it.stream(), it.bytes(), it.atNanos());
    } else if (input instanceof StreamRecords.StreamRelease it) {
      to.add(new StreamRecords.StreamReleased(giveBack(it.stream(), it.atNanos())));
    } else if (input instanceof StreamRecords.StreamClear) {
      forgetAll();
    }
  }

  /**
   * Reserves a stream for an item that is queued; {@link #recordSent} and {@link #acknowledged}
   * follow.
   */
  Optional<StreamAssignment> reserve(ContentItem item, long nowNanos) {
    Optional<StreamAssignment> found = find(item, nowNanos);
    if (found.isPresent()) {
      Lane lane = laneOf(found.get().stream());
      lane.queued++;
      takeable.remove(lane);
    }
    return found;
  }

  /**
   * An item went over a stream. Unknown streams are ignored.
   *
   * @param bytes its size, at least 0
   */
  public void recordSent(long stream, long bytes, long nowNanos) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + "; at least 0 is accepted");
    }
    shell.apply(new StreamRecords.StreamSent(stream, bytes, nowNanos));
  }

  /** Counts what went over a stream, unrecorded. */
  void count(long stream, long bytes, long nowNanos) {
    Lane lane = byId.get(stream);
    if (lane != null) {
      TreeSet<Lane> order = orderOf(lane.assignment.priority());
      order.remove(lane);
      lane.usage = lane.usage.plus(bytes, nowNanos);
      order.add(lane);
    }
  }

  /** Counts what may let an item find a stream that found none before. */
  long version() {
    return version;
  }

  /** Reports whether an item named a stream that is handed out. */
  boolean isNamed(long stream) {
    return explicitIds.contains(stream);
  }

  /** The last that was reserved for a stream has arrived or is gone: the stream is given back. */
  void acknowledged(long stream, long nowNanos) {
    Lane lane = byId.get(stream);
    version++;
    if (lane != null && --lane.queued <= 0) {
      giveBack(stream, nowNanos);
    }
  }

  /** Gives a stream back, for others of its priority. Returns whether it was handed out. */
  public boolean release(long stream, long nowNanos) {
    return ((StreamRecords.StreamReleased)
            shell.answer(new StreamRecords.StreamRelease(stream, nowNanos)))
        .handedOut();
  }

  private boolean giveBack(long stream, long nowNanos) {
    Lane lane = byId.get(stream);
    if (lane == null) {
      return false;
    }
    forget(lane);
    if (!explicitIds.remove(stream)) {
      keep(new Released(stream, lane.assignment.priority(), nowNanos));
    }
    return true;
  }

  /** The assignment of a stream that is handed out. */
  public Optional<StreamAssignment> assignment(long stream) {
    return Optional.ofNullable(byId.get(stream)).map(lane -> lane.assignment);
  }

  /** What went over a stream that is handed out; nothing for any other. */
  public StreamUsage usage(long stream) {
    Lane lane = byId.get(stream);
    return lane == null ? StreamUsage.NONE : lane.usage;
  }

  /** Streams that are handed out. */
  public int activeCount() {
    return active.size();
  }

  /** How often a stream that was given back was handed out again. */
  public long reuses() {
    return reuses;
  }

  /** How often a stream was taken over by a higher priority. */
  public long takeOvers() {
    return takeOvers;
  }

  /** How often no stream could be had because all that could be taken over hold queued content. */
  public long refusals() {
    return refusals;
  }

  /** Forgets every stream; ids begin at 1 again. */
  public void clear() {
    shell.apply(new StreamRecords.StreamClear());
  }

  private void forgetAll() {
    version++;
    active.clear();
    byId.clear();
    pool.clear();
    poolById.clear();
    takeable.clear();
    explicitIds.clear();
    leastUsed.values().forEach(TreeSet::clear);
    reusable.values().forEach(TreeSet::clear);
    nextStream = 1;
    reuses = 0;
    takeOvers = 0;
    refusals = 0;
  }

  /** What a log must begin with for such a scheduler to be run again. */
  public static EvidenceHeader header(int maxStreams, String libraryVersion) {
    return KIND.header(maxStreams, libraryVersion);
  }

  /** Makes fresh schedulers of the recorded size, for replay. */
  public static Factory factory() {
    return KIND;
  }

  @Override
  public void replay(EvidenceRecord input) {
    shell.replay(input);
  }

  private Optional<StreamAssignment> find(ContentItem item, long nowNanos) {
    StreamPriority priority = StreamPriority.of(item.priorityClass());
    if (item.flow().named()) {
      return explicit(item.flow().stream(), priority, nowNanos);
    }
    TreeSet<Lane> mine = orderOf(priority);
    if (!mine.isEmpty()) {
      return Optional.of(mine.first().assignment);
    }
    if (active.size() >= maxStreams) {
      return takeOver(priority, nowNanos);
    }
    return Optional.of(open(freeId(priority), priority, nowNanos));
  }

  /** A stream that the host names: opened if it is unknown, refused if it is somebody else's. */
  private Optional<StreamAssignment> explicit(long stream, StreamPriority priority, long nowNanos) {
    Lane lane = byId.get(stream);
    if (lane != null) {
      boolean usable = explicitIds.contains(stream) || lane.assignment.priority() == priority;
      refusals += usable ? 0 : 1;
      return usable ? Optional.of(lane.assignment) : Optional.empty();
    }
    if (active.size() >= maxStreams) {
      refusals++;
      return Optional.empty();
    }
    dropFromPool(stream);
    explicitIds.add(stream);
    return Optional.of(open(stream, priority, nowNanos));
  }

  private Optional<StreamAssignment> takeOver(StreamPriority priority, long nowNanos) {
    Lane lowest = takeable.isEmpty() ? null : takeable.first();
    if (lowest == null) {
      refusals++;
      return Optional.empty();
    }
    takeOvers++;
    long stream = lowest.assignment.stream();
    StreamUsage usage = lowest.usage;
    forget(lowest);
    StreamAssignment taken = open(stream, priority, nowNanos);
    Lane lane = laneOf(stream);
    orderOf(priority).remove(lane);
    lane.usage = usage;
    orderOf(priority).add(lane);
    return Optional.of(taken);
  }

  private StreamAssignment open(long stream, StreamPriority priority, long nowNanos) {
    StreamAssignment assignment = new StreamAssignment(stream, priority, nowNanos);
    Lane lane = new Lane(assignment);
    version++;
    active.put(stream, lane);
    byId.put(stream, lane);
    orderOf(priority).add(lane);
    if (!explicitIds.contains(stream)) {
      takeable.add(lane);
    }
    return assignment;
  }

  private long freeId(StreamPriority priority) {
    TreeSet<Released> mine = Objects.requireNonNull(reusable.get(priority));
    if (!mine.isEmpty()) {
      Released again = mine.first();
      mine.remove(again);
      pool.remove(again);
      poolById.remove(again.stream());
      reuses++;
      return again.stream();
    }
    while (explicitIds.contains(nextStream) || byId.containsKey(nextStream)) {
      nextStream++;
    }
    return nextStream++;
  }

  private void keep(Released released) {
    pool.add(released);
    poolById.put(released.stream(), released);
    Objects.requireNonNull(reusable.get(released.priority())).add(released);
    if (pool.size() > maxStreams / 2) {
      dropFromPool(pool.last().stream());
    }
  }

  private void dropFromPool(long stream) {
    Released released = poolById.remove(stream);
    if (released != null) {
      pool.remove(released);
      Objects.requireNonNull(reusable.get(released.priority())).remove(released);
    }
  }

  private void forget(Lane lane) {
    version++;
    active.remove(lane.assignment.stream());
    byId.remove(lane.assignment.stream());
    takeable.remove(lane);
    orderOf(lane.assignment.priority()).remove(lane);
  }

  private TreeSet<Lane> orderOf(StreamPriority priority) {
    return Objects.requireNonNull(leastUsed.get(priority));
  }

  private Lane laneOf(long stream) {
    return Objects.requireNonNull(byId.get(stream));
  }

  /**
   * What went over a stream.
   *
   * @param bytesSent bytes
   * @param itemsSent items
   * @param lastUsedNanos when it was used last; 0 if never
   */
  public record StreamUsage(long bytesSent, long itemsSent, long lastUsedNanos) {
    /** Nothing yet. */
    public static final StreamUsage NONE = new StreamUsage(0, 0, 0);

    StreamUsage plus(long bytes, long nowNanos) {
      return new StreamUsage(SaturatedSum.of(bytesSent, bytes), itemsSent + 1, nowNanos);
    }
  }
}
