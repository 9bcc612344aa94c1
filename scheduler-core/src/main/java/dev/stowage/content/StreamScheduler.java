package dev.stowage.content;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.ContentStats.StreamStats;
import dev.stowage.content.Decision.StreamAssignment;
import dev.stowage.content.Decision.StreamAssignment.StreamPriority;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Assigns streams (lanes) by priority. Items of one priority share a stream; at the limit the least
 * urgent stream without queued content is taken over. Streams that items name and those that are
 * assigned never meet. Costs a logarithm of the streams.
 */
final class StreamScheduler {
  private final int maxStreams;
  private final Map<Long, Lane> active = new HashMap<>();

  /** The streams by priority, within it the least used first. */
  private final TreeSet<Lane> leastUsed =
      new TreeSet<>(
          Comparator.comparing(Lane::priority)
              .thenComparingLong(it -> it.usage.bytesSent())
              .thenComparingLong(it -> it.usage.itemsSent())
              .thenComparing(Lane.BY_AGE));

  /** The assigned streams without queued content, least urgent and oldest first. */
  private final TreeSet<Lane> idle =
      new TreeSet<>(Comparator.comparing(Lane::priority).thenComparing(Lane.BY_AGE));

  /** The streams to use again: the preferred half of {@link #maxStreams}. */
  private final TreeSet<Released> pool =
      new TreeSet<>(
          Comparator.comparing(Released::priority)
              .reversed()
              .thenComparingLong(Released::freedAtNanos)
              .thenComparing(Released::stream, (a, b) -> Long.compareUnsigned(b, a)));

  private final Map<Long, Released> poolById = new HashMap<>();
  private long nextStream = 1;
  private long version;
  private long reuses;
  private long takeOvers;
  private long refusals;

  /** Creates a scheduler of {@code maxStreams} concurrent streams; below 1 reads as 1. */
  StreamScheduler(int maxStreams) {
    this.maxStreams = Math.max(1, maxStreams);
  }

  private static final class Lane {
    static final Comparator<Lane> BY_AGE =
        Comparator.<Lane>comparingLong(it -> it.assignment.assignedAtNanos())
            .thenComparing(it -> it.assignment.stream(), Long::compareUnsigned);

    final StreamAssignment assignment;

    /** Reports whether an item chose the id. */
    final boolean isNamed;

    StreamUsage usage = StreamUsage.NONE;
    int queued;

    Lane(StreamAssignment assignment, boolean isNamed) {
      this.assignment = assignment;
      this.isNamed = isNamed;
    }

    StreamPriority priority() {
      return assignment.priority();
    }
  }

  private record Released(long stream, StreamPriority priority, long freedAtNanos) {}

  /** The bytes and items that a stream has sent. */
  record StreamUsage(long bytesSent, long itemsSent) {
    static final StreamUsage NONE = new StreamUsage(0, 0);

    StreamUsage plus(long bytes) {
      return new StreamUsage(SaturatedSum.of(bytesSent, bytes), itemsSent + 1);
    }
  }

  /**
   * Assigns a stream and counts the item as sent. Returns empty if no stream can be opened or taken
   * over, or the item names a stream assigned to others.
   */
  Optional<StreamAssignment> assign(ContentItem item, long nowNanos) {
    Optional<StreamAssignment> found = find(item, nowNanos);
    found.ifPresent(it -> count(it.stream(), item.sizeBytes()));
    return found;
  }

  /** Assigns a stream, which nobody takes over until it is acknowledged as often. */
  Optional<StreamAssignment> reserve(ContentItem item, long nowNanos) {
    Optional<StreamAssignment> found = find(item, nowNanos);
    found
        .map(it -> active.get(it.stream()))
        .ifPresent(lane -> {
          lane.queued++;
          idle.remove(lane);
        });
    return found;
  }

  /** Returns the stream of an item of another class: its own if that fits or no other is free. */
  StreamAssignment exchange(StreamAssignment own, ContentItem changed, long nowNanos) {
    Lane lane = active.get(own.stream());
    boolean isFitting = own.priority() == StreamPriority.of(changed.priorityClass());
    if (isFitting || (lane != null && lane.isNamed)) {
      return own;
    }
    Optional<StreamAssignment> other = reserve(changed, nowNanos);
    other.ifPresent(it -> acknowledge(own.stream(), nowNanos));
    return other.orElse(own);
  }

  /** Counts bytes sent over a stream. */
  void count(long stream, long bytes) {
    Lane lane = active.get(stream);
    if (lane != null) {
      leastUsed.remove(lane);
      lane.usage = lane.usage.plus(bytes);
      leastUsed.add(lane);
    }
  }

  /** Ends one reservation; the last one releases the stream. */
  void acknowledge(long stream, long nowNanos) {
    Lane lane = active.get(stream);
    version++;
    if (lane != null && --lane.queued <= 0) {
      release(stream, nowNanos);
    }
  }

  /** Releases a stream for reuse by its priority; reports whether it was in use. */
  boolean release(long stream, long nowNanos) {
    Lane lane = active.get(stream);
    if (lane == null) {
      return false;
    }
    forget(lane);
    if (!lane.isNamed) {
      keep(new Released(stream, lane.priority(), nowNanos));
    }
    return true;
  }

  /** Changes whenever an item that found no stream may find one. */
  long version() {
    return version;
  }

  StreamUsage usage(long stream) {
    Lane lane = active.get(stream);
    return lane == null ? StreamUsage.NONE : lane.usage;
  }

  StreamStats stats() {
    return new StreamStats(active.size(), reuses, takeOvers, refusals);
  }

  private Optional<StreamAssignment> find(ContentItem item, long nowNanos) {
    StreamPriority priority = StreamPriority.of(item.priorityClass());
    Lane found = item.flow().named() ? active.get(item.flow().stream()) : leastUsed(priority);
    if (found != null && (found.isNamed || found.priority() == priority)) {
      return Optional.of(found.assignment);
    }
    if (found == null && active.size() < maxStreams) {
      return Optional.of(open(item.flow(), priority, nowNanos));
    }
    if (found == null && !item.flow().named() && !idle.isEmpty()) {
      return Optional.of(takeOver(idle.first(), priority, nowNanos));
    }
    refusals++;
    return Optional.empty();
  }

  private @Nullable Lane leastUsed(StreamPriority priority) {
    Lane least = new Lane(new StreamAssignment(0, priority, Long.MIN_VALUE), false);
    Lane found = leastUsed.ceiling(least);
    return found != null && found.priority() == priority ? found : null;
  }

  private StreamAssignment takeOver(Lane lane, StreamPriority priority, long nowNanos) {
    takeOvers++;
    forget(lane);
    return begin(
        new StreamAssignment(lane.assignment.stream(), priority, nowNanos), false, lane.usage);
  }

  private StreamAssignment open(Flow flow, StreamPriority priority, long nowNanos) {
    long stream = flow.named() ? flow.stream() : freeId(priority);
    dropFromPool(stream);
    return begin(new StreamAssignment(stream, priority, nowNanos), flow.named(), StreamUsage.NONE);
  }

  private StreamAssignment begin(StreamAssignment as, boolean isNamed, StreamUsage usage) {
    Lane lane = new Lane(as, isNamed);
    lane.usage = usage;
    version++;
    active.put(as.stream(), lane);
    leastUsed.add(lane);
    if (!isNamed) {
      idle.add(lane);
    }
    return as;
  }

  private long freeId(StreamPriority priority) {
    Released again = pool.ceiling(new Released(-1, priority, Long.MIN_VALUE));
    if (again != null && again.priority() == priority) {
      reuses++;
      return again.stream();
    }
    while (active.containsKey(nextStream)) {
      nextStream++;
    }
    return nextStream++;
  }

  private void keep(Released released) {
    pool.add(released);
    poolById.put(released.stream(), released);
    if (pool.size() > maxStreams / 2) {
      dropFromPool(pool.last().stream());
    }
  }

  private void dropFromPool(long stream) {
    Released released = poolById.remove(stream);
    if (released != null) {
      pool.remove(released);
    }
  }

  private void forget(Lane lane) {
    version++;
    active.remove(lane.assignment.stream());
    leastUsed.remove(lane);
    idle.remove(lane);
  }
}
