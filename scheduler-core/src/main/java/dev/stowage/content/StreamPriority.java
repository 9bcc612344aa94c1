package dev.stowage.content;

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
