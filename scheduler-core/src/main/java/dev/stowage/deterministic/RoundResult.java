package dev.stowage.deterministic;

import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.queues.Timestamp;
import java.util.List;

/**
 * The counts of a round or an ordered run. {@code round} counts from 0; an ordered run gives the
 * completed rounds. Receipts go by (core, sequence), ordered tasks first.
 */
public record RoundResult(
    long round,
    Timestamp clock,
    long executed,
    long failed,
    long rejected,
    long emitted,
    long refused,
    List<Receipt> receipts) {
  /** Copies the receipts. */
  public RoundResult {
    receipts = List.copyOf(receipts);
  }

  /** Returns the number of tasks taken from queues. */
  public long ran() {
    return executed + failed + rejected;
  }

  /** Reports whether no task ran; such a round is neither logged nor counted. */
  public boolean isIdle() {
    return ran() == 0;
  }
}
