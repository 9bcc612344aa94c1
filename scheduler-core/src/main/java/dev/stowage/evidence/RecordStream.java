package dev.stowage.evidence;

/** The two streams that share one chain. */
public enum RecordStream {
  /**
   * What an engine is told and cannot derive: commands, roster, confirmations, pressure, time
   * advances, external results. A replay feeds these.
   */
  INPUT,
  /** What an engine decides from its inputs. A replay must reproduce these. */
  OUTCOME
}
