package dev.stowage.lifecycle.state;

import dev.stowage.config.WeightPolicy;
import dev.stowage.model.BlockRange;
import dev.stowage.model.DatasetId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/** Finds chunks that change segments of the weight policy because their dataset's end moved. */
public final class SlidSegments {
  private final Map<DatasetId, Long> seen;

  public SlidSegments() {
    this(new HashMap<>());
  }

  public SlidSegments(Map<DatasetId, Long> seen) {
    this.seen = seen;
  }

  public void visit(Tables tables, int dataset, IntConsumer visitor) {
    WeightPolicy policy = tables.fleet.config().weights();
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
        tables.chunks.order(dataset).forEachIn(range, tables.chunks.facts, visitor);
      }
    }
  }

  public void visitAll(Tables tables, IntConsumer visitor) {
    for (DatasetId id : tables.fleet.config().weights().all().keySet()) {
      int dataset = tables.chunks.dataset(id);
      if (dataset >= 0) {
        visit(tables, dataset, visitor);
      }
    }
  }
}
