package dev.stowage.lifecycle.state;

import dev.stowage.config.WeightPolicy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Evaluates the weight policy and caches the last live block of datasets. */
final class PolicyClaims {
  private final Tables tables;

  /** Written by readers, of which a copy may have several at once. */
  private final Map<Integer, LastBlock> lastBlocks = new ConcurrentHashMap<>();

  private final SlidSegments slid = new SlidSegments();

  private record LastBlock(long version, long block) {}

  PolicyClaims(Tables tables) {
    this.tables = tables;
  }

  WeightPolicy.@Nullable Claim of(int chunk) {
    WeightPolicy policy = tables.fleet.config().weights();
    if (policy.all().isEmpty()) {
      return null;
    }
    int dataset = tables.chunks.facts.dataset(chunk);
    if (policy.segments(tables.chunks.datasets().get(dataset)).isEmpty()) {
      return null;
    }
    return policy.claim(tables.chunks.row(chunk).chunk(), lastBlock(dataset));
  }

  void touchSliding(Journal journal) {
    for (int dataset : journal.drain(tables.chunks.slidDatasets)) {
      slid.visit(tables, dataset, tables::touch);
    }
  }

  long lastBlock(int dataset) {
    long version = tables.chunks.liveVersion(dataset);
    LastBlock known = lastBlocks.get(dataset);
    if (known == null || known.version() != version) {
      long block =
          tables.chunks.order(dataset).lastBlock(tables.chunks.facts, tables.chunks::isLive);
      known = new LastBlock(version, block);
      lastBlocks.put(dataset, known);
    }
    return known.block();
  }
}
