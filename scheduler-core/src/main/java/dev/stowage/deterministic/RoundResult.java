package dev.stowage.deterministic;

import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.queues.Timestamp;
import java.util.List;

/**
 * What a round or an ordered run did. Every task taken from a queue is counted once, as executed,
 * failed or rejected.
 *
 * @param round the round's number, from 0; for an ordered run the rounds completed
 * @param clock the clock afterwards
 * @param executed tasks that did their work
 * @param failed tasks that failed
 * @param rejected tasks that a guard refused
 * @param emitted tasks that tasks put into queues
 * @param refused tasks that tasks wanted to put into full queues
 * @param stolen tasks moved to idle cores
 * @param receipts of observations, in (core, sequence) order, ordered tasks first
 */
public record RoundResult(
    long round,
    Timestamp clock,
    long executed,
    long failed,
    long rejected,
    long emitted,
    long refused,
    long stolen,
    List<Receipt> receipts) {
  /** Copies the receipts. */
  public RoundResult {
    receipts = List.copyOf(receipts);
  }

  /** Tasks taken from queues. */
  public long ran() {
    return executed + failed + rejected;
  }

  /** Whether there was nothing to do; then nothing was logged and the round is not counted. */
  public boolean isIdle() {
    return ran() == 0;
  }
}
