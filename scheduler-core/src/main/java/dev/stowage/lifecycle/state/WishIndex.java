package dev.stowage.lifecycle.state;

import dev.stowage.command.PlacementWish;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** An immutable index of pins and bans. */
public final class WishIndex {
  public static final WishIndex NONE = new WishIndex(List.of());

  private final List<PlacementWish> wishes;
  private final Map<DatasetId, List<PlacementWish>> ofDataset = new HashMap<>();
  private final Map<ChunkKey, List<PlacementWish>> ofChunk = new HashMap<>();

  public WishIndex(List<PlacementWish> wishes) {
    this.wishes = wishes;
    for (PlacementWish wish : wishes) {
      if (wish.chunkId().isEmpty()) {
        ofDataset.computeIfAbsent(wish.dataset(), key -> new ArrayList<>()).add(wish);
      } else {
        ChunkKey key = new ChunkKey(wish.dataset(), wish.chunkId().get());
        ofChunk.computeIfAbsent(key, each -> new ArrayList<>()).add(wish);
      }
    }
  }

  public boolean isEmpty() {
    return wishes.isEmpty();
  }

  @SuppressWarnings("ReferenceEquality")
  public boolean isOf(List<PlacementWish> others) {
    return wishes == others;
  }

  public void forEach(ChunkKey chunk, Consumer<PlacementWish> visitor) {
    ofDataset.getOrDefault(chunk.dataset(), List.of()).forEach(visitor);
    ofChunk.getOrDefault(chunk, List.of()).forEach(visitor);
  }

  public void forEachDifference(WishIndex other, Tables tables, IntConsumer visitor) {
    Set<PlacementWish> mine = new HashSet<>(wishes);
    Set<PlacementWish> theirs = new HashSet<>(other.wishes);
    for (PlacementWish wish : wishes) {
      if (!theirs.contains(wish)) {
        forEachMeant(wish, tables, visitor);
      }
    }
    for (PlacementWish wish : other.wishes) {
      if (!mine.contains(wish)) {
        forEachMeant(wish, tables, visitor);
      }
    }
  }

  public void forEachOn(WorkerId worker, Tables tables, IntConsumer visitor) {
    for (PlacementWish wish : wishes) {
      if (wish.worker().equals(worker)) {
        forEachMeant(wish, tables, visitor);
      }
    }
  }

  public static void forEachMeant(PlacementWish wish, Tables tables, IntConsumer visitor) {
    DatasetId dataset = wish.dataset();
    if (wish.chunkId().isPresent()) {
      int chunk = tables.chunks.find(new ChunkKey(dataset, wish.chunkId().get()));
      if (chunk >= 0) {
        visitor.accept(chunk);
      }
      return;
    }
    int number = tables.chunks.dataset(dataset);
    if (number >= 0) {
      tables.chunks.order(number).forEach(visitor);
    }
  }
}
