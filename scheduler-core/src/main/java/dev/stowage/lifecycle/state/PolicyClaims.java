package dev.stowage.lifecycle.state;

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
  private final Map<Integer, LastBlock> lastBlocks = new HashMap<>();
  private final SlidSegments slid = new SlidSegments();

  private record LastBlock(long version, long block) {}

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

  /** Touches every chunk that belongs to another segment because its dataset's end moved. */
  void touchSliding(Journal journal) {
    for (int dataset : journal.drain(tables.chunks.slidDatasets)) {
      slid.visit(tables, dataset, tables::touch);
    }
  }

  /** The last block of a dataset's live chunks, -1 for none. */
  long lastBlock(int dataset) {
    long version = tables.chunks.liveVersion(dataset);
    LastBlock known = lastBlocks.get(dataset);
    if (known == null || known.version() != version) {
      long block = tables.chunks.order(dataset).lastBlock(tables.chunks::isLive);
      known = new LastBlock(version, block);
      lastBlocks.put(dataset, known);
    }
    return known.block();
  }
}
