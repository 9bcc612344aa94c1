package dev.stowage.evidence;

import dev.stowage.evidence.RecordType.RecordStream;

/**
 * An engine that can be run again from its recorded inputs. It writes to an {@link EvidenceLog}
 * that it was given when it was made.
 */
@FunctionalInterface
public interface Replayable {
  /**
   * Does again what the engine did when it first appended this input: appends an equal record to
   * its log, and behind it every outcome that follows before the next input.
   *
   * @param input a record of {@link RecordStream#INPUT}
   * @throws EvidenceException.UnknownType if the engine does not know the type
   * @throws EvidenceException.Malformed if the payload cannot be read
   */
  void replay(EvidenceRecord input);

  /** Makes engines that have seen nothing yet. */
  @FunctionalInterface
  interface Factory {
    /**
     * A fresh engine with the configuration of the recorded run.
     *
     * @param header what the recorded run began with
     * @param log where the engine must append
     * @throws EvidenceException.Mismatch if this host cannot run what the header describes
     */
    Replayable fresh(EvidenceHeader header, EvidenceLog log);
  }
}
