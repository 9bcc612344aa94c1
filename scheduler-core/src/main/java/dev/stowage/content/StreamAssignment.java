package dev.stowage.content;

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
