package dev.stowage.lifecycle;

import java.util.Comparator;

/** Chunk positions in canonical order: (dataset, first block, chunk id). */
final class CanonicalOrder implements Comparator<Integer> {
  private final Tables tables;

  CanonicalOrder(Tables tables) {
    this.tables = tables;
  }

  @Override
  public int compare(Integer left, Integer right) {
    ChunkFacts facts = tables.chunks.facts;
    int leftDataset = facts.dataset(left);
    int rightDataset = facts.dataset(right);
    return leftDataset == rightDataset
        ? facts.compare(left, right)
        : facts.datasets().get(leftDataset).compareTo(facts.datasets().get(rightDataset));
  }
}
