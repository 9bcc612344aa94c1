package dev.stowage.lifecycle.state;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the unchanging facts of chunks by position; lock-free, see {@link FactsPage}. */
public record ChunkFacts(
    @Nullable FactsPage[] pages, List<DatasetId> datasets, List<Lineage> lineages) {
  FactsPage page(int position) {
    return Objects.requireNonNull(pages[position >>> FactsPage.SHIFT]);
  }

  public long first(int position) {
    return page(position).first[position & FactsPage.MASK];
  }

  public long last(int position) {
    return page(position).last[position & FactsPage.MASK];
  }

  public long sizeBytes(int position) {
    return page(position).size[position & FactsPage.MASK];
  }

  public long hash(int position) {
    return page(position).hash[position & FactsPage.MASK];
  }

  int weight(int position) {
    return page(position).weight[position & FactsPage.MASK];
  }

  int eligibility(int position) {
    return page(position).eligibility[position & FactsPage.MASK];
  }

  public int dataset(int position) {
    return page(position).dataset[position & FactsPage.MASK];
  }

  public String id(int position) {
    return Objects.requireNonNull(page(position).id[position & FactsPage.MASK]);
  }

  public long counter(int position) {
    return page(position).number[position & FactsPage.MASK];
  }

  public int lineage(int position) {
    return page(position).lineage[position & FactsPage.MASK];
  }

  public ChunkKey key(int position) {
    return new ChunkKey(datasets.get(dataset(position)), id(position));
  }

  public BlockRange range(int position) {
    return new BlockRange(first(position), last(position));
  }

  @Nullable
  public ChunkNumber number(int position) {
    long counter = counter(position);
    return counter == 0 ? null : new ChunkNumber(lineages.get(lineage(position)), counter);
  }

  public boolean hasKey(int position, ChunkKey key) {
    return id(position).equals(key.id()) && datasets.get(dataset(position)).equals(key.dataset());
  }

  public int compare(int left, int right) {
    int byFirst = Long.compare(first(left), first(right));
    return byFirst != 0 ? byFirst : Utf8Order.compare(id(left), id(right));
  }
}
