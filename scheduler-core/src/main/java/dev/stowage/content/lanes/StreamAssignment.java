package dev.stowage.content.lanes;

import dev.stowage.content.PriorityClass;

/**
 * A stream that was handed out: a lane.
 *
 * @param stream its id, unsigned
 * @param priority what it is for
 * @param assignedAtNanos since when
 */
public record StreamAssignment(long stream, StreamPriority priority, long assignedAtNanos) {
  /** How urgent a stream is; later ones are more urgent. */
  public enum StreamPriority {
    /** Prefetch and telemetry. */
    BACKGROUND,
    /** Data and repair. */
    NORMAL,
    /** Acknowledgements and proofs. */
    IMPORTANT,
    /** Control and manifest. */
    CRITICAL;

    /** The priority of streams for a class. */
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
