package dev.stowage.lifecycle.state;

import dev.stowage.model.BlockRange;
import dev.stowage.model.DatasetId;
import dev.stowage.placement.WeightPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Finds the chunks that belong to another segment of the weight policy because the last block of
 * their dataset moved. Remembers for one reader what it has seen.
 */
public final class SlidSegments {
  private final Map<DatasetId, Long> seen;

  /** Has seen nothing. */
  public SlidSegments() {
    this(new HashMap<>());
  }

  /**
   * Goes on from what a reader has seen.
   *
   * @param seen the last block of each dataset when it was visited; kept up to date
   */
  public SlidSegments(Map<DatasetId, Long> seen) {
    this.seen = seen;
  }

  /** Visits the positions of a dataset's chunks of which that is so since it was visited before. */
  public void visit(Tables tables, int dataset, IntConsumer visitor) {
    WeightPolicy policy = tables.fleet.config.weights();
    DatasetId id = tables.chunks.datasets().get(dataset);
    if (policy.segments(id).isEmpty()) {
      seen.remove(id);
      return;
    }
    long last = tables.rules.lastBlock(dataset);
    Long before = seen.put(id, last);
    if (before == null) {
      tables.chunks.order(dataset).forEach(visitor);
    } else if (before != last) {
      for (BlockRange range : policy.slid(id, before, last)) {
        tables.chunks.order(dataset).forEachIn(range, visitor);
      }
    }
  }

  /** Does so for every dataset that the policy names and that has chunks. */
  public void visitAll(Tables tables, IntConsumer visitor) {
    for (DatasetId id : tables.fleet.config.weights().all().keySet()) {
      int dataset = tables.chunks.dataset(id);
      if (dataset >= 0) {
        visit(tables, dataset, visitor);
      }
    }
  }
}
