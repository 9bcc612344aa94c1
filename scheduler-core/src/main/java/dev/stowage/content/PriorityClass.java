package dev.stowage.content;

import java.util.Locale;

/** The urgency of a kind of content, in ascending order. */
public enum PriorityClass {
  /** Metrics and traces. */
  TELEMETRY,
  /** Content that may be wanted later. */
  PREFETCH,
  /** Lost content that is made again. */
  REPAIR,
  /** Requested content. */
  DATA,
  /** Checksums and proofs. */
  PROOF,
  /** Acknowledgements of received content. */
  ACK_BITMAP,
  /** Descriptions of available content. */
  MANIFEST,
  /** Messages that keep the system running. */
  CONTROL;

  /** Returns the rank, 0 (least urgent) to 7. */
  public int rank() {
    return ordinal();
  }

  /** Returns the readable name. */
  public String displayName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
