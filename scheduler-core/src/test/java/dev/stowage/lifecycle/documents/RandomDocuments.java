package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.documents.SliceDocument.SliceHeader;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Draws documents of every shape: empty and large, of many lineages, with any text and number. */
final class RandomDocuments {
  private static final String[] SYLLABLES = {"a", "zz", "\"", "\\", "é", "ﬀ", "水", "😀", "/", " "};

  private final SplittableRandom random;
  private int names;

  RandomDocuments(long seed) {
    random = new SplittableRandom(seed);
  }

  SliceDocument slice() {
    boolean isFull = random.nextBoolean();
    List<Lineage> lineages = lineages();
    TreeSet<ChunkNumber> removed = numbers(lineages, isFull ? 0 : size());
    List<DatasetId> datasets = new ArrayList<>();
    for (int i = 0; i <= size() / 8; i++) {
      datasets.add(DatasetId.of(name()));
    }
    List<SliceEntry> put = new ArrayList<>();
    for (ChunkNumber number : numbers(lineages, size())) {
      if (!removed.contains(number)) {
        DatasetId dataset = datasets.get(random.nextInt(datasets.size()));
        put.add(new SliceEntry(new ChunkKey(dataset, name()), number, whole(), whole()));
      }
    }
    return new SliceDocument(
        new SliceHeader(
            Lineage.of(random.nextLong()),
            WorkerAssignmentId.of(whole()),
            isFull ? Optional.empty() : Optional.of(WorkerAssignmentId.of(whole())),
            WorkerId.of(name()),
            Incarnation.of(whole()),
            whole(),
            whole(),
            random.nextBoolean()),
        new ArrayList<>(numbers(lineages, size() / 4)),
        new ArrayList<>(removed),
        put);
  }

  RoutesDocument routes() {
    boolean isFull = random.nextBoolean();
    List<Lineage> lineages = lineages();
    TreeSet<WorkerId> workers = new TreeSet<>();
    for (int i = 0; i < size(); i++) {
      workers.add(WorkerId.of(name()));
    }
    boolean isZoned = random.nextBoolean();
    Map<WorkerId, String> zones = new TreeMap<>();
    workers.forEach(worker -> zones.put(worker, isZoned && random.nextInt(3) > 0 ? zone() : ""));
    TreeSet<DatasetId> datasets = new TreeSet<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      datasets.add(DatasetId.of(name()));
    }
    TreeSet<ChunkKey> removed = new TreeSet<>();
    List<Route> put = new ArrayList<>();
    List<ChunkNumber> numbers = new ArrayList<>(numbers(lineages, size()));
    for (DatasetId dataset : datasets) {
      long block = whole() >>> random.nextInt(64);
      for (int i = 0; i < random.nextInt(12); i++) {
        removed.add(new ChunkKey(dataset, name()));
      }
      while (block >= 0 && !numbers.isEmpty() && random.nextInt(20) > 0) {
        long last = block + (whole() >>> random.nextInt(64));
        BlockRange range = BlockRange.of(block, last < block ? Long.MAX_VALUE : last);
        ChunkNumber number = numbers.remove(random.nextInt(numbers.size()));
        List<WorkerId> named = new ArrayList<>(workers);
        named.removeIf(worker -> random.nextInt(3) > 0);
        put.add(
            new Route(
                new ChunkKey(dataset, name()),
                range,
                number,
                whole(),
                named,
                named.stream().map(zones::get).toList()));
        block = range.last() + 1;
      }
    }
    return new RoutesDocument(
        Lineage.of(random.nextLong()),
        PortalAssignmentId.of(whole()),
        isFull ? Optional.empty() : Optional.of(PortalAssignmentId.of(whole())),
        isFull ? List.of() : new ArrayList<>(removed),
        put);
  }

  private String zone() {
    int rack = random.nextInt(5);
    return random.nextBoolean() ? "zone-é" : "eu/hall-" + rack + "/rack\"" + rack;
  }

  /** Small, or as large as a number can be, or anything between. */
  private long whole() {
    return random.nextInt(8) == 0 ? Long.MAX_VALUE : random.nextLong() >>> (1 + random.nextInt(63));
  }

  private int size() {
    int size = random.nextInt(4) == 0 ? 0 : random.nextInt(30);
    return random.nextInt(30) == 0 ? 300 : size;
  }

  private List<Lineage> lineages() {
    List<Lineage> all = new ArrayList<>();
    int count = random.nextInt(40) == 0 ? 300 : 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      all.add(Lineage.of(random.nextLong()));
    }
    return all;
  }

  private TreeSet<ChunkNumber> numbers(List<Lineage> lineages, int count) {
    TreeSet<ChunkNumber> numbers = new TreeSet<>(BinaryLayout.NUMBERS);
    for (int i = 0; i < count; i++) {
      Lineage lineage = lineages.get(random.nextInt(lineages.size()));
      numbers.add(new ChunkNumber(lineage, Math.max(1, whole())));
    }
    return numbers;
  }

  /** Never the same twice. */
  private String name() {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < random.nextInt(6); i++) {
      name.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
    }
    if (random.nextInt(40) == 0) {
      name.append("x".repeat(random.nextInt(400)));
    }
    return name.append(names++).toString();
  }
}
