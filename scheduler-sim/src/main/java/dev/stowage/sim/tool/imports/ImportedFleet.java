package dev.stowage.sim.tool.imports;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.tool.csv.CsvColumns;
import dev.stowage.sim.tool.csv.CsvFile;
import dev.stowage.sim.tool.csv.CsvRow;
import dev.stowage.sim.tool.csv.ProblemList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A fleet in the making: what the files of a source say, with the place of each statement, so that
 * a contradiction can be named. Not thread-safe.
 */
final class ImportedFleet {
  private static final String SIZE = "size_bytes";
  private static final String CAPACITY = "capacity_bytes";

  private final ProblemList problems;
  private final Map<String, ImportedWorker> workers = new LinkedHashMap<>();
  private final Map<ChunkKey, ImportedChunk> chunks = new LinkedHashMap<>();
  private final Map<String, List<String>> leftOut = new TreeMap<>();
  private boolean areWorkersListed;

  ImportedFleet(ProblemList problems) {
    this.problems = problems;
  }

  ProblemList problems() {
    return problems;
  }

  Collection<ImportedWorker> workers() {
    return workers.values();
  }

  Collection<ImportedChunk> chunks() {
    return chunks.values();
  }

  /** Declares that the source lists all workers, so that another holder is a contradiction. */
  void listWorkers() {
    areWorkersListed = true;
  }

  /** Adds a worker that no other statement has added. */
  ImportedWorker worker(Place at, String id) throws Refused {
    ImportedWorker worker = new ImportedWorker(at, workerId(at, id));
    if (workers.putIfAbsent(id, worker) != null) {
      throw at.refusedText("each worker once", id);
    }
    return worker;
  }

  /** Returns a worker, added if it is new. */
  ImportedWorker workerAnyway(Place at, String id) throws Refused {
    ImportedWorker known = workers.get(id);
    return known == null ? worker(at, id) : known;
  }

  private static WorkerId workerId(Place at, String id) throws Refused {
    try {
      return WorkerId.of(id);
    } catch (IllegalArgumentException noName) {
      throw at.refusedText("the name of a worker", id);
    }
  }

  /** Adds a chunk of one block. */
  ImportedChunk chunk(Place at, String dataset, String id, long block) throws Refused {
    return chunk(at, dataset, id, block, block);
  }

  /** Adds a chunk of some blocks. */
  ImportedChunk chunk(Place at, String dataset, String id, long first, long last) throws Refused {
    ImportedChunk chunk = new ImportedChunk(at, key(at, dataset, id), first, last);
    if (chunks.putIfAbsent(chunk.key, chunk) != null) {
      throw at.refusedText("each chunk once", chunk.key.path());
    }
    return chunk;
  }

  Optional<ImportedChunk> find(Place at, String dataset, String id) throws Refused {
    return Optional.ofNullable(chunks.get(key(at, dataset, id)));
  }

  private static ChunkKey key(Place at, String dataset, String id) throws Refused {
    try {
      return ChunkKey.of(dataset, id);
    } catch (IllegalArgumentException noName) {
      throw at.refusedText("names of 1 to 512 characters without control characters", dataset);
    }
  }

  /**
   * Leaves something out.
   *
   * @param why the kind of thing, with the reason
   * @param name the name of the thing
   */
  void leaveOut(String why, String name) {
    leftOut.computeIfAbsent(why, reason -> new ArrayList<>()).add(name);
  }

  /** Returns a line for each reason to leave something out, and one for copies above floors. */
  List<String> warnings() {
    List<String> lines = new ArrayList<>();
    leftOut.forEach((why, names) -> lines.add("left out " + why + ": " + counted(names)));
    List<String> above =
        chunks.values().stream()
            .filter(ImportedChunk::isAboveFloor)
            .map(chunk -> chunk.key.path())
            .toList();
    if (!above.isEmpty()) {
      lines.add(
          "chunks with more copies than their floor, of which plans give up the rest unless"
              + " max_replication or the floor is raised: "
              + counted(above));
    }
    return lines;
  }

  private static String counted(List<String> names) {
    int shown = Math.min(names.size(), ProblemList.SHOWN);
    String more = shown < names.size() ? ", and " + (names.size() - shown) + " more" : "";
    return names.size() + " (" + String.join(", ", names.subList(0, shown)) + more + ")";
  }

  /** Takes what the options add, and records a problem for each thing that still lacks. */
  void complete(ImportOptions options) {
    dropUnheld();
    Map<ChunkKey, Long> sizes = new HashMap<>();
    options
        .sizes()
        .ifPresent(file ->
            CsvFile.at(file)
                .read(
                    CsvColumns.required("dataset", "chunk_id", SIZE),
                    problems,
                    row -> sizeIn(row, sizes)));
    Map<String, Long> capacities = new HashMap<>();
    options
        .capacities()
        .ifPresent(file ->
            CsvFile.at(file)
                .read(
                    CsvColumns.required("worker_id", CAPACITY),
                    problems,
                    row -> capacityIn(row, capacities)));
    Lack size = new Lack();
    Lack floor = new Lack();
    for (ImportedChunk chunk : chunks.values()) {
      if (chunk.size() == ImportedChunk.UNKNOWN) {
        chunk.size(sizes.getOrDefault(chunk.key, options.size().orElse(ImportedChunk.UNKNOWN)));
      }
      size.add(chunk.size() == ImportedChunk.UNKNOWN, chunk.at, chunk.key.path());
      try {
        chunk.floor(chunk.floor() == 0 ? options.floor().orElse(0) : chunk.floor());
      } catch (Refused refused) {
        problems.add(refused.problem());
      }
      floor.add(chunk.floor() == 0, chunk.at, chunk.key.path());
      holders(chunk);
    }
    Lack capacity = new Lack();
    for (ImportedWorker worker : workers.values()) {
      String id = worker.id.value();
      if (worker.capacity() == ImportedWorker.UNKNOWN) {
        worker.capacity(
            capacities.getOrDefault(id, options.capacity().orElse(ImportedWorker.UNKNOWN)));
      }
      capacity.add(worker.capacity() == ImportedWorker.UNKNOWN, worker.at, id);
    }
    size.report("the size of each chunk; give --size SIZE or --sizes FILE", "chunk");
    floor.report("the replicas that each chunk must have; give --floor N", "chunk");
    capacity.report(
        "the capacity of each worker; give --capacity SIZE or --capacities FILE", "worker");
    checkBlocks();
    checkLevels();
  }

  /** Counts what lacks of one kind. */
  private final class Lack {
    private long count;
    private Place first = new Place("", 0, "");
    private String name = "";

    void add(boolean isLacking, Place at, String of) {
      if (isLacking && count++ == 0) {
        first = at;
        name = of;
      }
    }

    void report(String expected, String what) {
      if (count > 0) {
        String found =
            "none for " + count + " " + what + (count == 1 ? "" : "s") + ", such as " + name;
        problems.add(first.refused(expected, found).problem());
      }
    }
  }

  private static void sizeIn(CsvRow row, Map<ChunkKey, Long> sizes) {
    Optional<String> dataset = row.text("dataset");
    Optional<String> id = row.text("chunk_id");
    OptionalLong bytes = row.bytes(SIZE);
    if (dataset.isPresent() && id.isPresent() && bytes.isPresent()) {
      row.value("chunk_id", "the name of a chunk", text -> ChunkKey.of(dataset.get(), text))
          .ifPresent(key -> {
            if (sizes.put(key, bytes.getAsLong()) != null) {
              row.refuse("chunk_id", "each chunk once", "'" + key.path() + "' twice");
            }
          });
    }
  }

  private static void capacityIn(CsvRow row, Map<String, Long> capacities) {
    Optional<String> id = row.text("worker_id");
    OptionalLong bytes = row.bytes(CAPACITY);
    if (id.isPresent()
        && bytes.isPresent()
        && capacities.put(id.get(), bytes.getAsLong()) != null) {
      row.refuse("worker_id", "each worker once", "'" + id.get() + "' twice");
    }
  }

  /** Leaves out chunks that no worker holds any of: there is nothing that a plan could copy. */
  private void dropUnheld() {
    chunks
        .values()
        .removeIf(chunk -> {
          boolean isUnheld = chunk.replicas().isEmpty();
          if (isUnheld) {
            leaveOut("chunks that no worker holds", chunk.key.path());
          }
          return isUnheld;
        });
  }

  private void holders(ImportedChunk chunk) {
    chunk
        .replicas()
        .forEach((worker, replica) -> {
          try {
            if (areWorkersListed && !workers.containsKey(worker)) {
              throw replica.at().refusedText("a worker that the source lists", worker);
            }
            workerAnyway(replica.at(), worker);
          } catch (Refused refused) {
            problems.add(refused.problem());
          }
        });
  }

  private void checkBlocks() {
    Map<String, ImportedChunk> before = new HashMap<>();
    chunks.values().stream()
        .sorted(Comparator.comparingLong(chunk -> chunk.first))
        .forEach(chunk -> {
          ImportedChunk earlier = before.get(chunk.key.dataset().value());
          if (earlier != null && earlier.last >= chunk.first) {
            problems.add(
                chunk
                    .at
                    .refused(
                        "blocks that no other chunk of the dataset has",
                        "those of " + chunk.key.path() + " and of " + earlier.key.path())
                    .problem());
          }
          if (earlier == null || earlier.last < chunk.last) {
            before.put(chunk.key.dataset().value(), chunk);
          }
        });
  }

  private void checkLevels() {
    ImportedWorker first = null;
    for (ImportedWorker worker : workers.values()) {
      if (!worker.zone().isEmpty()) {
        first = first == null ? worker : first;
        if (levels(worker) != levels(first)) {
          String expected =
              "as many levels above each worker as above "
                  + first.id.value()
                  + ", '"
                  + first.zone()
                  + "'";
          problems.add(worker.at.refusedText(expected, worker.zone()).problem());
        }
      }
    }
  }

  private static int levels(ImportedWorker worker) {
    return worker.zone().split("/", -1).length;
  }
}
