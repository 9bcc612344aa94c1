package dev.stowage.content;

import dev.stowage.content.ContentStats.ContentWait;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.pressure.PressureGauge;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A queue of prioritised items, with lanes or without. Confined to one thread at a time. */
public interface ContentQueue {
  /** Queues an item. */
  ScheduleOutcome schedule(ContentItem item, long nowNanos);

  /** Selects the next item, or returns the reason why none may be sent. */
  Decision decide(long nowNanos);

  /**
   * Changes the class, utility and deadline of a waiting item; empty if no item with this id waits.
   */
  Optional<ScheduleOutcome> reclassify(
      long id, PriorityClass priorityClass, double utility, long deadlineNanos);

  /** Cancels an item that waits or is in flight. */
  Cancellation cancel(long id);

  /** Completes an item in flight; reports whether it was known. */
  boolean complete(long id);

  /**
   * Reports the failure of an item in flight, for a {@code reason} that no rule reads. The item
   * waits for another attempt unless it failed too often or the queue has no room.
   */
  FailureOutcome fail(long id, String reason, long nowNanos);

  /**
   * Sets what a destination takes: how many items may be on the way to it, the configured window or
   * more, and at which rate bytes go there, without a bound if null. No items hold back all but
   * Control.
   */
  void limit(String destination, int items, @Nullable ByteRate rate);

  /** Reports whether an item for a destination waits. */
  boolean isAwaited(String destination);

  /** Returns the number of waiting items, including failed ones in backoff. */
  int pendingCount();

  /** Reports whether an item with this id waits. */
  boolean isPending(long id);

  /** Explains the wait of an item, changing nothing; empty if no item with this id waits. */
  Optional<ContentWait> waiting(long id);

  /** Reports whether an item with this id is in flight, cancelled or not, and remembered. */
  boolean isInFlight(long id);

  /** Sets the listener for items that are shed, expire, or are forgotten in flight. */
  void onLoss(LongConsumer listener);

  /** Returns the gauge of pressure. */
  PressureGauge pressure();

  /** Returns the statistics. */
  ContentStats stats();

  /** Reports whether decisions are recorded. */
  boolean isRecording();

  /** Reports whether nothing was asked since it was made or cleared. */
  boolean isUnused();

  /** Reports whether it may {@linkplain #beginAnew begin anew}. */
  boolean isIdle();

  /** Returns the header of a log from which a queue like this is replayed. */
  EvidenceHeader header(String libraryVersion);

  /**
   * Records into a log from now on. Only a log that begins before the first call, as {@link
   * #isUnused} tells, replays. Throws {@link IllegalStateException} if it records already.
   */
  void record(EvidenceLog into);

  /**
   * Begins anew as an unused queue that records into another log. Throws {@link
   * IllegalStateException} unless {@link #isIdle}.
   */
  void beginAnew(EvidenceLog into);

  /** The items removed by a cancellation: waiting ones and those in flight, oldest first. */
  public record Cancellation(List<ContentItem> queued, List<ContentItem> inFlight) {
    /** A cancellation that found nothing. */
    public static final Cancellation NOTHING = new Cancellation(List.of(), List.of());

    /** Copies the lists. */
    public Cancellation {
      queued = List.copyOf(queued);
      inFlight = List.copyOf(inFlight);
    }

    /** Reports whether nothing was cancelled. */
    public boolean isEmpty() {
      return queued.isEmpty() && inFlight.isEmpty();
    }
  }

  /** The consequence of an item's failure. */
  public sealed interface FailureOutcome {
    /** The item is tried again at {@code atNanos} or later, after {@code failures} failures. */
    record Retry(long atNanos, int failures) implements FailureOutcome {}

    /** The item is given up after {@code failures} failures, or for want of room. */
    record GivenUp(int failures) implements FailureOutcome {}

    /** The item was cancelled in flight and is not tried again. */
    record Cancelled() implements FailureOutcome {}

    /** No item with this id is remembered in flight. */
    record Unknown() implements FailureOutcome {}
  }

  /** The result of offering an item to the queue. */
  public enum ScheduleOutcome {
    /** The item is queued. */
    ACCEPTED,
    /** An item with this id is already queued; nothing changed. */
    DUPLICATE,
    /** The queue has no room, and lower-ranked items cannot make any; nothing changed. */
    REJECTED_FULL,
    /** The policy threw or gave no rank; nothing changed. */
    REJECTED_INVALID;

    /** Reports whether the item is queued. */
    public boolean isAccepted() {
      return this == ACCEPTED;
    }
  }
}
