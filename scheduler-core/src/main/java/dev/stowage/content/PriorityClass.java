package dev.stowage.content;

/** The urgency of a kind of content, in ascending order. */
public enum PriorityClass {
  /** Metrics and traces. */
  TELEMETRY("telemetry"),
  /** Content that may be wanted later. */
  PREFETCH("prefetch"),
  /** Lost content that is made again. */
  REPAIR("repair"),
  /** Requested content. */
  DATA("data"),
  /** Checksums and proofs. */
  PROOF("proof"),
  /** Acknowledgements of received content. */
  ACK_BITMAP("ack_bitmap"),
  /** Descriptions of available content. */
  MANIFEST("manifest"),
  /** Messages that keep the system running. */
  CONTROL("control");

  private final String displayName;

  PriorityClass(String displayName) {
    this.displayName = displayName;
  }

  /** Returns the rank, 0 (least urgent) to 7. */
  public int rank() {
    return ordinal();
  }

  /** Returns the readable name. */
  public String displayName() {
    return displayName;
  }

  /** Reports whether this is control, manifest or acknowledgements. */
  public boolean isControlPlane() {
    return this == CONTROL || this == MANIFEST || this == ACK_BITMAP;
  }

  /** Reports whether this is not of the control plane. */
  public boolean isDataPlane() {
    return !isControlPlane();
  }
}
