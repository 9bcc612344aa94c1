package dev.stowage.deterministic;

import dev.stowage.evidence.Hash256;
import java.util.Objects;

/**
 * What an observation hands back.
 *
 * @param taskId unsigned
 * @param fired the guards that held, in the task's order
 * @param steps ticks it took
 * @param output SHA-256 of the canonical encoding of task id, fired guards, steps and context
 */
public record Receipt(long taskId, Guards fired, long steps, Hash256 output) {
  /** Refuses null. */
  public Receipt {
    Objects.requireNonNull(fired, "fired");
    Objects.requireNonNull(output, "output");
  }
}
