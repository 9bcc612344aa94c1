package dev.stowage.lifecycle;

import dev.stowage.model.DatasetId;
import dev.stowage.placement.WeightPolicy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the weight policy for chunks of configured datasets. Segments may be counted back from
 * the dataset's last live block, which is looked up once for each change of what is live.
 */
final class PolicyClaims {
  private final Tables tables;
  private final Map<Integer, Long> lastBlocks = new HashMap<>();
  private final Map<Integer, Long> judgedAt = new HashMap<>();
  private long version = -1;

  PolicyClaims(Tables tables) {
    this.tables = tables;
  }

  /** What the policy says of a chunk, or null where its dataset is not configured. */
  WeightPolicy.@Nullable Claim of(int chunk) {
    WeightPolicy policy = tables.fleet.config.weights();
    if (policy.all().isEmpty()) {
      return null;
    }
    int dataset = tables.chunks.facts.dataset(chunk);
    if (policy.segments(tables.chunks.datasets().get(dataset)).isEmpty()) {
      return null;
    }
    return policy.claim(tables.chunks.row(chunk).chunk(), lastBlock(dataset));
  }

  /** Touches every chunk of a configured dataset whose last block moved since the last time. */
  void touchSliding() {
    for (DatasetId configured : tables.fleet.config.weights().all().keySet()) {
      int dataset = tables.chunks.dataset(configured);
      if (dataset < 0) {
        continue;
      }
      long last = lastBlock(dataset);
      Long before = judgedAt.put(dataset, last);
      if (before == null || before != last) {
        tables.chunks.order(dataset).forEach(tables.work.touched::add);
      }
    }
  }

  private long lastBlock(int dataset) {
    if (version != tables.chunks.liveVersion) {
      version = tables.chunks.liveVersion;
      lastBlocks.clear();
    }
    return lastBlocks.computeIfAbsent(
        dataset, which -> tables.chunks.order(which).lastBlock(tables.chunks::isLive));
  }
}
