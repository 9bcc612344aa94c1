package dev.stowage.content;

import dev.stowage.content.lanes.StreamAssignment;
import dev.stowage.content.lanes.StreamAssignment.StreamPriority;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The answer to "what goes out next?" */
public sealed interface Decision {
  /** Nothing waits. */
  Idle IDLE = new Idle();

  /**
   * This goes out. It is no longer queued.
   *
   * @param item what goes out
   * @param lane the stream it goes out on, where lanes are handed out
   * @param evidence why it was chosen
   */
  record Selected(ContentItem item, @Nullable StreamAssignment lane, ScheduleEvidence evidence)
      implements Decision {
    /** Whose priority the lane has; the class's where no lanes are handed out. */
    public StreamPriority lanePriority() {
      return lane == null ? StreamPriority.of(item.priorityClass()) : lane.priority();
    }
  }

  /**
   * Something waits, and nothing may go.
   *
   * @param evidence why
   * @param retryAfterNanos how long to wait before asking again if nothing else happens, at least 1
   */
  record Throttled(ThrottleEvidence evidence, long retryAfterNanos) implements Decision {}

  /** Nothing waits. */
  record Idle() implements Decision {}

  /** What goes out, if anything does. */
  default Optional<Selected> selected() {
    return this instanceof Selected selected ? Optional.of(selected) : Optional.empty();
  }

  /**
   * Why an item was chosen. The record in the log says the same, and how the flows of its class
   * stood.
   *
   * @param decisionId 1 for the first decision, unsigned
   * @param selectedId the chosen item
   * @param reason the rule that decided
   * @param alternativeCount how many of the three alternatives there are
   * @param firstAlternative the best-ranked of those that were not chosen, held back ones left out
   * @param secondAlternative the next
   * @param thirdAlternative the next
   * @param band the band in force
   * @param pressure the snapshot in force
   * @param decidedAtNanos when
   * @param recordIndex where the log holds the record; -1 without a log
   */
  public record ScheduleEvidence(
      long decisionId,
      long selectedId,
      ScheduleReason reason,
      int alternativeCount,
      long firstAlternative,
      long secondAlternative,
      long thirdAlternative,
      PressureBand band,
      PressureSnapshot pressure,
      long decidedAtNanos,
      long recordIndex) {
    /** Ids of the next three in rank that were not chosen; fewer if fewer were there. */
    public List<Long> alternatives() {
      List<Long> ids = new ArrayList<>(alternativeCount);
      long[] all = {firstAlternative, secondAlternative, thirdAlternative};
      for (int i = 0; i < alternativeCount; i++) {
        ids.add(all[i]);
      }
      return ids;
    }

    /** Index of the log's record from which the decision can be replayed; empty without a log. */
    public OptionalLong replayPointer() {
      return recordIndex < 0 ? OptionalLong.empty() : OptionalLong.of(recordIndex);
    }
  }

  /**
   * Why nothing was chosen although something waits.
   *
   * @param reason {@link ScheduleReason#PRESSURE_THROTTLE}, {@link ScheduleReason#PACING}, {@link
   *     ScheduleReason#BACKOFF} or {@link ScheduleReason#NO_LANE}
   * @param highestHeld the most urgent class that waits
   * @param band the band in force
   * @param pressure the snapshot in force
   * @param decidedAtNanos when
   * @param recordIndex where the log holds the record; -1 without a log, or where the record was
   *     left out because it would say what one before it said
   */
  public record ThrottleEvidence(
      ScheduleReason reason,
      @Nullable PriorityClass highestHeld,
      PressureBand band,
      PressureSnapshot pressure,
      long decidedAtNanos,
      long recordIndex) {
    /** Index of the log's record; empty where there is none. */
    public OptionalLong replayPointer() {
      return recordIndex < 0 ? OptionalLong.empty() : OptionalLong.of(recordIndex);
    }
  }
}
