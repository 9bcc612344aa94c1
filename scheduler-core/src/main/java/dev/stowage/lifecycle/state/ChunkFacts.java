package dev.stowage.lifecycle.state;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the facts of chunks by position, which do not change but for the number. */
public record ChunkFacts(
    RowPages rows, RefPages<String> ids, List<DatasetId> datasets, List<Lineage> lineages) {
  static final int FIRST = 0;
  static final int LAST = 2;
  static final int SIZE = 4;
  static final int HASH = 6;
  static final int NUMBER = 8;
  static final int LINEAGE = 10;
  static final int DATASET = 11;
  static final int WEIGHT = 12;
  static final int ELIGIBILITY = 13;
  static final int WIDTH = 14;

  public long first(int position) {
    return rows.readLong(position, FIRST);
  }

  public long last(int position) {
    return rows.readLong(position, LAST);
  }

  public long sizeBytes(int position) {
    return rows.readLong(position, SIZE);
  }

  public long hash(int position) {
    return rows.readLong(position, HASH);
  }

  int weight(int position) {
    return rows.read(position, WEIGHT);
  }

  int eligibility(int position) {
    return rows.read(position, ELIGIBILITY);
  }

  public int dataset(int position) {
    return rows.read(position, DATASET);
  }

  public String id(int position) {
    return ids.at(position);
  }

  public long counter(int position) {
    return rows.readLong(position, NUMBER);
  }

  public int lineage(int position) {
    return rows.read(position, LINEAGE);
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
