package dev.stowage.deterministic.crew;

import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.RoundResult;
import dev.stowage.deterministic.SchedulerEvent.Enqueued;
import dev.stowage.deterministic.queues.Timestamp;
import java.util.ArrayList;
import java.util.List;

/** Counts of a round, step or ordered run. */
public final class RoundTally {
  private long executed;
  private long failed;
  private long rejected;
  private long emitted;
  private long refused;
  private final List<Receipt> receipts = new ArrayList<>();

  void count(Execution execution) {
    if (execution.output() != null) {
      executed++;
    } else if (execution.failure() != null) {
      failed++;
    } else {
      rejected++;
    }
    if (execution.receipt() != null) {
      receipts.add(execution.receipt());
    }
  }

  void count(Enqueued emission) {
    if (emission instanceof Enqueued.Accepted) {
      emitted++;
    } else {
      refused++;
    }
  }

  public long ran() {
    return executed + failed + rejected;
  }

  public RoundResult result(long round, Timestamp clock) {
    return new RoundResult(round, clock, executed, failed, rejected, emitted, refused, receipts);
  }
}
