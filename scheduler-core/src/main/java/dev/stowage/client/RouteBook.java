package dev.stowage.client;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Routes by dataset and first block, changed in place by deltas. Not thread-safe. */
final class RouteBook {
  private final Map<DatasetId, TreeMap<Long, Route>> byBlock = new HashMap<>();
  private final Map<ChunkKey, Route> byKey = new HashMap<>();

  @Nullable Route at(DatasetId dataset, long block) {
    TreeMap<Long, Route> routes = byBlock.get(dataset);
    Map.Entry<Long, Route> found = routes == null ? null : routes.floorEntry(block);
    return found != null && found.getValue().range().last() >= block ? found.getValue() : null;
  }

  @Nullable Route of(ChunkKey key) {
    return byKey.get(key);
  }

  int size() {
    return byKey.size();
  }

  void take(RoutesDocument document) {
    if (document.isFull()) {
      byBlock.clear();
      byKey.clear();
    }
    document.removed().forEach(this::remove);
    document.put().forEach(route -> remove(route.key()));
    document.put().forEach(this::put);
  }

  private void put(Route route) {
    byKey.put(route.key(), route);
    byBlock
        .computeIfAbsent(route.key().dataset(), any -> new TreeMap<>())
        .put(route.range().first(), route);
  }

  private void remove(ChunkKey key) {
    Route gone = byKey.remove(key);
    if (gone == null) {
      return;
    }
    TreeMap<Long, Route> routes = byBlock.get(key.dataset());
    if (routes != null) {
      routes.remove(gone.range().first());
    }
  }
}
