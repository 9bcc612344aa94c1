package dev.stowage.lifecycle.documents;

import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The binary form of a portal's documents; {@link DocumentFormat} says what it looks like. */
final class BinaryRoutes {
  /** The least bytes of a route: first and further blocks, id, counter, size, workers. */
  private static final int LEAST_ROUTE = 7;

  private BinaryRoutes() {}

  static void write(RoutesSource routes, ByteOutput bytes) throws IOException {
    BinaryWriter out = new BinaryWriter(bytes);
    out.begin(routes.from().isEmpty() ? BinaryLayout.ROUTES : BinaryLayout.ROUTES_DELTA);
    out.u64(routes.lineage().token());
    out.number(routes.id().value());
    if (routes.from().isPresent()) {
      out.number(routes.from().get().value());
    }
    List<Lineage> lineages = out.lineages(routes.lineages());
    List<String> names = routes.workers().stream().map(WorkerId::value).toList();
    out.strings(names);
    Map<String, Integer> places = new HashMap<>();
    names.forEach(name -> places.put(name, places.size()));
    if (routes.from().isPresent()) {
      writeRemoved(routes.removed(), out);
    }
    out.number(routes.groups().size());
    int width = BinaryLayout.width(names.size());
    for (RoutesSource.Group group : routes.groups()) {
      out.string(group.dataset().value());
      out.number(group.count());
      for (Route route : group.routes()) {
        out.number(route.range().first());
        out.number(route.range().last() - route.range().first());
        out.string(route.key().id());
        out.chunk(route.number(), lineages);
        out.number(route.sizeBytes());
        out.number(route.workers().size());
        for (WorkerId worker : route.workers()) {
          out.ref(places.getOrDefault(worker.value(), 0), width);
        }
      }
    }
  }

  private static void writeRemoved(List<ChunkKey> removed, BinaryWriter out) throws IOException {
    List<Integer> starts = RoutesSource.starts(removed, ChunkKey::dataset);
    out.number(starts.size() - 1);
    for (int group = 0; group + 1 < starts.size(); group++) {
      List<ChunkKey> keys = removed.subList(starts.get(group), starts.get(group + 1));
      out.string(keys.get(0).dataset().value());
      out.number(keys.size());
      for (ChunkKey key : keys) {
        out.string(key.id());
      }
    }
  }

  static RoutesDocument read(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    boolean isFull =
        in.begin(BinaryLayout.ROUTES, BinaryLayout.ROUTES_DELTA) == BinaryLayout.ROUTES;
    Lineage lineage = Lineage.of(in.u64());
    PortalAssignmentId id = PortalAssignmentId.of(in.number());
    Optional<PortalAssignmentId> from =
        isFull ? Optional.empty() : Optional.of(PortalAssignmentId.of(in.number()));
    int tables = in.offset();
    List<Lineage> lineages = in.lineages();
    List<WorkerId> workers = new ArrayList<>();
    for (String name : in.strings()) {
      workers.add(in.value(it -> WorkerId.of(name)));
    }
    List<ChunkKey> removed = isFull ? List.of() : readRemoved(in);
    Routes routes = new Routes(in, lineages, workers);
    List<Route> put = routes.read();
    in.end();
    Set<Lineage> used = new HashSet<>();
    put.forEach(route -> used.add(route.number().lineage()));
    Set<WorkerId> named = new HashSet<>();
    put.forEach(route -> named.addAll(route.workers()));
    if (used.size() < lineages.size() || named.size() < workers.size()) {
      throw in.malformed(tables, "a table has an entry that nothing refers to");
    }
    return new RoutesDocument(lineage, id, from, removed, put);
  }

  private static List<ChunkKey> readRemoved(BinaryReader in) {
    List<ChunkKey> removed = new ArrayList<>();
    int groups = in.count(3);
    for (int group = 0; group < groups; group++) {
      DatasetId dataset = dataset(in, removed.isEmpty() ? null : last(removed).dataset());
      int count = atLeastOne(in, 2);
      for (int i = 0; i < count; i++) {
        int from = in.offset();
        ChunkKey key = in.value(it -> new ChunkKey(dataset, it.string()));
        if (i > 0 && last(removed).compareTo(key) >= 0) {
          throw in.malformed(from, "chunk " + key + " is removed twice, or out of order");
        }
        removed.add(key);
      }
    }
    return removed;
  }

  private static DatasetId dataset(BinaryReader in, @Nullable DatasetId before) {
    int from = in.offset();
    DatasetId dataset = in.value(it -> DatasetId.of(it.string()));
    if (before != null && before.compareTo(dataset) >= 0) {
      throw in.malformed(from, "dataset " + dataset + " is named twice, or after " + before);
    }
    return dataset;
  }

  /** A dataset that is named has something. */
  private static int atLeastOne(BinaryReader in, int leastBytes) {
    int from = in.offset();
    int count = in.count(leastBytes);
    if (count == 0) {
      throw in.malformed(from, "a dataset is named, and nothing of it");
    }
    return count;
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  /** The routes, dataset by dataset. */
  private record Routes(BinaryReader in, List<Lineage> lineages, List<WorkerId> workers) {
    List<Route> read() {
      List<Route> put = new ArrayList<>();
      Set<ChunkNumber> numbers = new HashSet<>();
      int groups = in.count(2 + LEAST_ROUTE);
      for (int group = 0; group < groups; group++) {
        DatasetId dataset = dataset(in, put.isEmpty() ? null : last(put).key().dataset());
        int count = atLeastOne(in, LEAST_ROUTE);
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
          int from = in.offset();
          Route route = route(dataset);
          if (i > 0 && last(put).range().last() >= route.range().first()) {
            throw in.malformed(from, "chunk " + route.key() + " overlaps the one before it");
          }
          if (!ids.add(route.key().id()) || !numbers.add(route.number())) {
            throw in.malformed(from, "chunk " + route.key() + " is named twice");
          }
          put.add(route);
        }
      }
      return put;
    }

    private Route route(DatasetId dataset) {
      int from = in.offset();
      long first = in.number();
      long further = in.number();
      if (first + further < 0) {
        throw in.malformed(from, "a range ends behind block " + Long.MAX_VALUE);
      }
      ChunkKey key = in.value(it -> new ChunkKey(dataset, it.string()));
      ChunkNumber number = in.chunk(lineages);
      long size = in.number();
      int at = in.offset();
      int count = Math.toIntExact(Math.min(in.number(), Integer.MAX_VALUE));
      if (count > workers.size()) {
        throw in.malformed(at, count + " workers of " + workers.size());
      }
      List<WorkerId> named = new ArrayList<>(count);
      int before = -1;
      for (int i = 0; i < count; i++) {
        int place = in.ref(workers.size());
        if (place <= before) {
          throw in.malformed(at, "the workers of " + key + " are out of order");
        }
        before = place;
        named.add(workers.get(place));
      }
      return new Route(key, BlockRange.of(first, first + further), number, size, named);
    }
  }
}
