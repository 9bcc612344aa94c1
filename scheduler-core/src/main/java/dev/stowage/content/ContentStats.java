package dev.stowage.content;

import dev.stowage.content.ContentItem.Flow;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Unit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The counts since a scheduler was created or cleared, and its state. Flows are listed in the order
 * of their turns; evidence counts are of all engines that share the log, 0 without a log.
 * Immutable.
 */
public record ContentStats(
    Map<PriorityClass, ClassStats> byClass,
    Map<PriorityClass, List<FlowStats>> flows,
    int inFlight,
    int waitingForRetry,
    long timeRegressions,
    long evidenceKept,
    long evidenceTrimmed,
    PressureBand band,
    StreamStats streams) {
  /** Copies the maps. */
  public ContentStats {
    byClass = Collections.unmodifiableMap(new EnumMap<>(byClass));
    flows = Collections.unmodifiableMap(new EnumMap<>(flows));
  }

  /**
   * The counts of one class, with saturating sums of bytes; {@code throttled} counts refusals while
   * the class was the highest waiting one.
   */
  public record ClassStats(
      int pendingItems,
      long pendingBytes,
      long selected,
      long selectedBytes,
      long throttled,
      long expired,
      long cancelled,
      long shed,
      long refused,
      WaitHistogram waits) {}

  /**
   * A flow in a class: bytes sent since it became backlogged, and bytes left in its turn, negative
   * after a turn out of order.
   */
  public record FlowStats(Flow flow, long sentBytes, long deficitBytes) {
    static final Shape<FlowStats> SHAPE = Shape.derived("flow_stats", FlowStats.class);
  }

  /** The streams in use, and how many were used again, taken over, and not to be had. */
  public record StreamStats(int active, long reuses, long takeOvers, long refusals) {
    /** No streams. */
    public static final StreamStats NONE = new StreamStats(0, 0, 0, 0);
  }

  /** The waits of selected items: how many lasted 0 ns, and how many up to each power of two. */
  public record WaitHistogram(List<Long> counts) {
    static final int BUCKETS = 64;

    /** Copies the counts. */
    public WaitHistogram {
      counts = List.copyOf(counts);
    }

    /** Returns the bucket of a wait in nanoseconds: the bits of its number. */
    public static int bucketOf(long nanos) {
      return Long.SIZE - Long.numberOfLeadingZeros(nanos);
    }
  }

  /**
   * The wait of an item, as of the scheduler's latest time.
   *
   * @param priorityClass the item's class
   * @param band the band of pressure
   * @param heldBy what holds the item back by itself: backoff, pressure on its class, the window of
   *     its destination, permits, or a missing lane; empty if it may go when its turn comes
   * @param isOfAll true if all destinations together lack permits, false if its own does
   * @param retryAfterNanos the least time until that may end; 0 if nothing holds it, or another end
   * @param waitedNanos the time since it was queued, or failed; 0 in backoff and without a lane
   * @param moreUrgent the number of ready items of classes that go before its own
   * @param besides the number of other ready items of its class
   */
  public record ContentWait(
      PriorityClass priorityClass,
      PressureBand band,
      Optional<ScheduleReason> heldBy,
      boolean isOfAll,
      long retryAfterNanos,
      long waitedNanos,
      int moreUrgent,
      int besides) {
    /** Returns the wait in words. */
    public String inWords() {
      String name = priorityClass.displayName();
      return switch (heldBy.orElse(ScheduleReason.PRIORITY_CLASS)) {
        case BACKOFF -> "it failed, and is tried again in " + Unit.NANOS.print(retryAfterNanos);
        case NO_LANE -> "it waits as " + name + " for a free lane";
        case PRESSURE_THROTTLE ->
            "it waits as " + name + ", which pressure in band " + band + " holds back";
        case WINDOW ->
            "it waits as " + name + " until the end of something on the way to its destination";
        case PACING ->
            "it waits as "
                + name
                + " for permits "
                + (isOfAll ? "of all destinations" : "of its destination")
                + ", at least "
                + Unit.NANOS.print(retryAfterNanos);
        default ->
            "it waits as "
                + name
                + " behind "
                + moreUrgent
                + " items of more urgent classes, among "
                + besides
                + " others of its class, since "
                + Unit.NANOS.print(waitedNanos);
      };
    }
  }
}
