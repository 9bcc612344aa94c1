package dev.stowage.content;

import java.util.Optional;
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
}
