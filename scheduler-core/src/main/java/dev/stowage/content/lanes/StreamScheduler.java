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
 * Assigns streams (lanes) by priority. Items of one priority share a stream; at the limit a stream
 * of lower priority without queued content is taken over. Ids chosen by hosts and assigned ids
 * never collide. Costs a logarithm of the streams. Confined to one thread at a time.
 */
public final class StreamScheduler implements Replayable {
  private static final Shape<Integer> SETTINGS =
      shape("stream_scheduler", narrow("max_streams", Integer::longValue), most -> most);

  private static final PartKind<Integer> KIND =
      new PartKind<>(
          "stream-scheduler", StreamRecords.STREAMS, SETTINGS, StreamScheduler::recording);

  /** The default number of concurrent streams. */
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

  /** Creates a scheduler of {@code maxStreams} concurrent streams; below 1 reads as 1. */
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

  int maxStreams() {
    return maxStreams;
  }

  boolean isUnused() {
    return version == 0 && nextStream == 1 && active.isEmpty();
  }

  /** Creates a scheduler that records into {@code log}. */
  public static StreamScheduler recording(int maxStreams, EvidenceLog log) {
    return new StreamScheduler(maxStreams, RecordWriter.into(log));
  }

  /** Creates a scheduler of at most {@value #DEFAULT_MAX_STREAMS} streams. */
  public static StreamScheduler withDefaults() {
    return new StreamScheduler(DEFAULT_MAX_STREAMS);
  }

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

  private record Released(long stream, StreamPriority priority, long freedAtNanos) {
    static final Comparator<Released> PREFERENCE =
        Comparator.comparing(Released::priority)
            .reversed()
            .thenComparingLong(Released::freedAtNanos)
            .thenComparing(Released::stream, (a, b) -> Long.compareUnsigned(b, a));
  }

  /**
   * Assigns a stream and counts the item as sent. Returns empty if every stream has an equal or
   * higher priority or queued content, or the item names a stream assigned to others.
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

  Optional<StreamAssignment> reserve(ContentItem item, long nowNanos) {
    Optional<StreamAssignment> found = find(item, nowNanos);
    if (found.isPresent()) {
      Lane lane = laneOf(found.get().stream());
      lane.queued++;
      takeable.remove(lane);
    }
    return found;
  }

  /** Counts {@code bytes}, at least 0, sent over a stream; ignores unknown streams. */
  public void recordSent(long stream, long bytes, long nowNanos) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + "; at least 0 is accepted");
    }
    shell.apply(new StreamRecords.StreamSent(stream, bytes, nowNanos));
  }

  void count(long stream, long bytes, long nowNanos) {
    Lane lane = byId.get(stream);
    if (lane != null) {
      TreeSet<Lane> order = orderOf(lane.assignment.priority());
      order.remove(lane);
      lane.usage = lane.usage.plus(bytes, nowNanos);
      order.add(lane);
    }
  }

  /** Changes whenever an item that found no stream may find one. */
  long version() {
    return version;
  }

  boolean isNamed(long stream) {
    return explicitIds.contains(stream);
  }

  /** Ends one reservation; the last one releases the stream. */
  void acknowledged(long stream, long nowNanos) {
    Lane lane = byId.get(stream);
    version++;
    if (lane != null && --lane.queued <= 0) {
      giveBack(stream, nowNanos);
    }
  }

  /** Releases a stream for reuse by its priority; reports whether it was in use. */
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

  /** Returns the assignment of a stream in use. */
  public Optional<StreamAssignment> assignment(long stream) {
    return Optional.ofNullable(byId.get(stream)).map(lane -> lane.assignment);
  }

  /** Returns the usage of a stream; {@link StreamUsage#NONE} if it is not in use. */
  public StreamUsage usage(long stream) {
    Lane lane = byId.get(stream);
    return lane == null ? StreamUsage.NONE : lane.usage;
  }

  /** Returns the number of streams in use. */
  public int activeCount() {
    return active.size();
  }

  /** Returns the number of reuses of returned streams. */
  public long reuses() {
    return reuses;
  }

  /** Returns the number of streams taken over by a higher priority. */
  public long takeOvers() {
    return takeOvers;
  }

  /** Returns the number of items for which no stream was available. */
  public long refusals() {
    return refusals;
  }

  /** Forgets every stream; ids start at 1 again. */
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

  /** Returns the header of a log from which such a scheduler is replayed. */
  public static EvidenceHeader header(int maxStreams, String libraryVersion) {
    return KIND.header(maxStreams, libraryVersion);
  }

  /** Returns a factory for replay from recorded settings. */
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

  /** The traffic of a stream: bytes, items, and the time of the last use (0 if never used). */
  public record StreamUsage(long bytesSent, long itemsSent, long lastUsedNanos) {
    /** No traffic. */
    public static final StreamUsage NONE = new StreamUsage(0, 0, 0);

    StreamUsage plus(long bytes, long nowNanos) {
      return new StreamUsage(SaturatedSum.of(bytesSent, bytes), itemsSent + 1, nowNanos);
    }
  }
}
