package dev.stowage.transfer;

import dev.stowage.transfer.TransferScheduler.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A model of {@link TransferScheduler} that looks at every waiting chunk. */
final class NaiveTransfers {
  private final List<Known> known = new ArrayList<>();

  private static final class Known {
    final TransferChunk chunk;
    boolean isSent;
    int failures;

    Known(TransferChunk chunk) {
      this.chunk = chunk;
    }
  }

  boolean offer(TransferChunk chunk) {
    return find(chunk.object(), chunk.offset()).isEmpty() && known.add(new Known(chunk));
  }

  /** The chunk that is sent, if any is. */
  Optional<TransferChunk> next(long budget, long now) {
    if (sent() >= TransferFormulas.MAX_IN_FLIGHT) {
      return Optional.empty();
    }
    boolean isRoom = busy() < TransferScheduler.MAX_TRANSFERS;
    Optional<Known> best =
        known.stream()
            .filter(it -> !it.isSent && TransferFormulas.budgetCost(it.chunk) <= budget)
            .filter(it -> isRoom || isBusy(it.chunk.object()))
            .min(
                Comparator.<Known, TransferPriority>comparing(it -> it.chunk.priority())
                    .thenComparingDouble(it -> -TransferFormulas.score(it.chunk, now))
                    .thenComparingLong(it -> it.chunk.offset())
                    .thenComparing(it -> it.chunk.object(), Long::compareUnsigned));
    best.ifPresent(it -> it.isSent = true);
    return best.map(it -> it.chunk);
  }

  boolean complete(long object, long offset) {
    return known.removeIf(it -> it.isSent && is(it.chunk, object, offset));
  }

  boolean withdraw(long object, long offset) {
    return known.removeIf(it -> !it.isSent && is(it.chunk, object, offset));
  }

  Failure fail(long object, long offset) {
    Optional<Known> failed = find(object, offset).filter(it -> it.isSent);
    if (failed.isEmpty()) {
      return Failure.UNKNOWN;
    }
    failed.get().isSent = false;
    if (++failed.get().failures > TransferScheduler.MAX_RETRIES) {
      known.remove(failed.get());
      return Failure.GIVEN_UP;
    }
    return Failure.RETRY;
  }

  int sent() {
    return count(it -> it.isSent);
  }

  int waiting() {
    return count(it -> !it.isSent);
  }

  /** Objects of which something is under way. */
  int busy() {
    return (int)
        known.stream().filter(it -> it.isSent).map(it -> it.chunk.object()).distinct().count();
  }

  private boolean isBusy(long object) {
    return known.stream().anyMatch(it -> it.isSent && it.chunk.object() == object);
  }

  private Optional<Known> find(long object, long offset) {
    return known.stream().filter(it -> is(it.chunk, object, offset)).findFirst();
  }

  private int count(Predicate<Known> which) {
    return (int) known.stream().filter(which).count();
  }

  private static boolean is(TransferChunk chunk, long object, long offset) {
    return chunk.object() == object && chunk.offset() == offset;
  }
}
