package dev.stowage.evidence;

/** An engine that can repeat its recorded inputs into an {@link EvidenceLog}. */
@FunctionalInterface
public interface Replayable {
  /**
   * Repeats an input: appends an equal record and all outcomes before the next input. Throws {@link
   * EvidenceException} for an unknown type or an unreadable payload.
   */
  void replay(EvidenceRecord input);

  /**
   * Hears of a recorded outcome, before the next input. An engine appends an equal record here only
   * if it did not repeat the input, which is then told and not verified; by default it does not.
   */
  default void heard(EvidenceRecord outcome) {}

  /** Makes engines without inputs so far. */
  @FunctionalInterface
  interface Factory {
    /** Creates an engine; throws {@link EvidenceException.Mismatch} if this host cannot run it. */
    Replayable fresh(EvidenceHeader header, EvidenceLog log);
  }
}
