package dev.stowage.content;

/**
 * How urgent a kind of content is. The order of the constants is the order of their ranks, so the
 * greater of two is the more urgent.
 */
public enum PriorityClass {
  /** Metrics and traces. */
  TELEMETRY("telemetry"),
  /** What may be wanted later. */
  PREFETCH("prefetch"),
  /** What was lost and must be made again. */
  REPAIR("repair"),
  /** What was asked for. */
  DATA("data"),
  /** Checksums and proofs. */
  PROOF("proof"),
  /** What has arrived. */
  ACK_BITMAP("ack_bitmap"),
  /** What there is. */
  MANIFEST("manifest"),
  /** What keeps the system going. */
  CONTROL("control");

  private static final PriorityClass[] BY_RANK = values();

  private final String displayName;

  PriorityClass(String displayName) {
    this.displayName = displayName;
  }

  /** 0, least urgent, to 7. */
  public int rank() {
    return ordinal();
  }

  /** The name that people read. */
  public String displayName() {
    return displayName;
  }

  /** Whether it is control, manifest or acknowledgements. */
  public boolean isControlPlane() {
    return this == CONTROL || this == MANIFEST || this == ACK_BITMAP;
  }

  /** Whether it is anything else. */
  public boolean isDataPlane() {
    return !isControlPlane();
  }

  /** The urgency of RFC 9218 that means this class: 7 minus the rank, so 0 is most urgent. */
  public int urgency() {
    return BY_RANK.length - 1 - ordinal();
  }

  /**
   * The class that an urgency of RFC 9218 means.
   *
   * @param urgency 0 to 7
   */
  public static PriorityClass ofUrgency(int urgency) {
    if (urgency < 0 || urgency >= BY_RANK.length) {
      throw new IllegalArgumentException("urgency is " + urgency + "; 0 to 7 is accepted");
    }
    return BY_RANK[BY_RANK.length - 1 - urgency];
  }

  /** The class of this rank; 0 goes first. */
  public static PriorityClass ofRank(int rank) {
    return BY_RANK[rank];
  }
}
