package dev.stowage.content;

import dev.stowage.content.Decision.StreamAssignment.StreamPriority;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The result of a request for the next item. */
public sealed interface Decision {
  /** The decision of an empty queue. */
  Idle IDLE = new Idle();

  /** An item that is sent and no longer queued, with its lane, or null without lanes. */
  record Selected(ContentItem item, @Nullable StreamAssignment lane, ScheduleEvidence evidence)
      implements Decision {}

  /**
   * A refusal while items wait, with the nanoseconds until the next request, at least 1; {@link
   * Long#MAX_VALUE} if only the end of an item on the way makes room.
   */
  record Throttled(ThrottleEvidence evidence, long retryAfterNanos) implements Decision {}

  /** The answer of an empty queue. */
  record Idle() implements Decision {}

  /** Returns the selection, if this is one. */
  default Optional<Selected> selected() {
    return this instanceof Selected selected ? Optional.of(selected) : Optional.empty();
  }

  /**
   * The reason for a selection, as recorded. Decision ids are unsigned, from 1; alternatives are
   * the best other items that are not held back, up to three; the record index is -1 without a log.
   */
  public record ScheduleEvidence(
      long decisionId,
      long selectedId,
      ScheduleReason reason,
      List<Long> alternatives,
      PressureBand band,
      PressureSnapshot pressure,
      long decidedAtNanos,
      long recordIndex) {
    /** Copies the alternatives. */
    public ScheduleEvidence {
      alternatives = List.copyOf(alternatives);
    }
  }

  /**
   * The reason for a refusal: {@link ScheduleReason#PRESSURE_THROTTLE}, {@link
   * ScheduleReason#PACING}, {@link ScheduleReason#WINDOW}, {@link ScheduleReason#BACKOFF} or {@link
   * ScheduleReason#NO_LANE}. The record index is -1 without a log or for a repeated reason.
   */
  public record ThrottleEvidence(
      ScheduleReason reason,
      PriorityClass highestHeld,
      PressureBand band,
      PressureSnapshot pressure,
      long decidedAtNanos,
      long recordIndex) {}

  /**
   * The first rule, in order of precedence, that set the selected item before the best other one.
   */
  public enum ScheduleReason {
    /** The item is alone or of a higher class. */
    PRIORITY_CLASS,
    /** The item has more utility per cost. */
    EFFICIENCY_OPTIMAL,
    /** The item was scheduled earlier. */
    FIFO_ORDER,
    /** The item has the smaller id. */
    DETERMINISTIC_TIE_BREAK,
    /** Pressure holds back all waiting items. */
    PRESSURE_THROTTLE,
    /** The item's flow has the turn, although another flow has a better item. */
    STREAM_FAIRNESS,
    /** The item waited too long and a rescue slot was due. */
    AGING,
    /** The item is due soon, and sooner than the others. */
    DEADLINE,
    /** The item is smaller, which counts under elevated pressure. */
    PRESSURE_SIZE,
    /** The policy ranks the item higher by its own rule. */
    POLICY_ORDER,
    /** Better items lack permits for bytes or room in a window; when throttled, all items do. */
    PACING,
    /** All waiting items failed before and are in backoff. */
    BACKOFF,
    /** All waiting items need a lane, and none is free. */
    NO_LANE,
    /** Enough items are on the way to the destination of each waiting item. */
    WINDOW
  }

  /** A stream in use, also called a lane, with its unsigned id. */
  public record StreamAssignment(long stream, StreamPriority priority, long assignedAtNanos) {
    /** The urgency of a stream, ascending. */
    public enum StreamPriority {
      /** Prefetch and telemetry. */
      BACKGROUND,
      /** Data and repair. */
      NORMAL,
      /** Acknowledgements and proofs. */
      IMPORTANT,
      /** Control and manifest. */
      CRITICAL;

      /** Returns the priority of streams for a class. */
      public static StreamPriority of(PriorityClass priorityClass) {
        return switch (priorityClass) {
          case CONTROL, MANIFEST -> CRITICAL;
          case ACK_BITMAP, PROOF -> IMPORTANT;
          case DATA, REPAIR -> NORMAL;
          case PREFETCH, TELEMETRY -> BACKGROUND;
        };
      }
    }
  }
}
