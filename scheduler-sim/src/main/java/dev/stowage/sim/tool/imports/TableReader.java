package dev.stowage.sim.tool.imports;

import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.tool.csv.CsvColumns;
import dev.stowage.sim.tool.csv.CsvFile;
import dev.stowage.sim.tool.csv.CsvRow;
import dev.stowage.sim.tool.csv.InputProblem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * CSV: each row is a replica if it names a chunk and a worker, else it describes a chunk or a
 * worker. A row of a replica may describe both as well.
 */
final class TableReader implements FleetFormat.Reader {
  /** The keys that a column can have. */
  static final List<String> KEYS =
      List.of(
          "dataset",
          "chunk_id",
          "first_block",
          "last_block",
          "size_bytes",
          "floor",
          "worker_id",
          "capacity_bytes",
          "zone",
          "status",
          "complete",
          "leaving");

  private final Map<String, String> columns = new LinkedHashMap<>();
  private final Map<String, Long> positions = new HashMap<>();
  private final Map<ImportedChunk, String> chunkLines = new HashMap<>();

  TableReader(Map<String, String> given) {
    KEYS.forEach(key -> columns.put(key, given.getOrDefault(key, key)));
  }

  @Override
  public void read(PrintedFile source, ImportedFleet fleet) throws Refused {
    CsvColumns known =
        new CsvColumns(List.of(), List.copyOf(columns.values().stream().distinct().toList()));
    CsvFile.at(source.path()).read(known, fleet.problems(), row -> row(source, row, fleet));
  }

  private String column(String key) {
    return columns.getOrDefault(key, key);
  }

  private void row(PrintedFile source, CsvRow row, ImportedFleet fleet) {
    try {
      boolean isOfChunk = row.hasColumn(column("chunk_id"));
      boolean isOfWorker = row.hasColumn(column("worker_id"));
      if (!isOfChunk && !isOfWorker) {
        throw new Refused(
            new InputProblem(
                source.path().toString(),
                1,
                column("worker_id"),
                "a column for chunk_id or worker_id, or --map KEY=COLUMN",
                "neither"));
      }
      Optional<ImportedWorker> worker = isOfWorker ? worker(source, row, fleet) : Optional.empty();
      Optional<ImportedChunk> chunk = isOfChunk ? chunk(source, row, fleet) : Optional.empty();
      if (worker.isPresent() && chunk.isPresent()) {
        boolean isComplete = isTrue(row, "complete", true);
        boolean isLeaving = isTrue(row, "leaving", false);
        chunk
            .get()
            .replica(
                source.at(row.line()).at(column("worker_id")),
                worker.get().id.value(),
                Holding.of(!isLeaving, isComplete));
      }
    } catch (Refused refused) {
      fleet.problems().add(refused.problem());
    }
  }

  private boolean isTrue(CsvRow row, String key, boolean otherwise) {
    return !row.has(column(key))
        ? otherwise
        : row.value(column(key), "true or false", TableReader::truth).orElse(otherwise);
  }

  private static boolean truth(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("true");
  }

  private Optional<ImportedWorker> worker(PrintedFile source, CsvRow row, ImportedFleet fleet)
      throws Refused {
    Optional<String> id = row.text(column("worker_id"));
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Place at = source.at(row.line());
    ImportedWorker worker = fleet.workerAnyway(at, id.get());
    if (row.has(column("capacity_bytes"))) {
      OptionalLong bytes = row.bytes(column("capacity_bytes"));
      long before = worker.capacity();
      if (bytes.isPresent() && before != ImportedWorker.UNKNOWN && before != bytes.getAsLong()) {
        throw at.at(column("capacity_bytes"))
            .refused(before + ", as for this worker before", bytes.getAsLong() + "");
      }
      bytes.ifPresent(worker::capacity);
    }
    if (row.has(column("zone"))) {
      String zone = row.text(column("zone")).orElse("");
      if (!worker.zone().isEmpty() && !worker.zone().equals(zone)) {
        throw at.at(column("zone"))
            .refusedText("'" + worker.zone() + "', as for this worker before", zone);
      }
      worker.zone(zone);
    }
    if (row.has(column("status"))) {
      row.value(
              column("status"),
              "active, cordoned, leaving, suspect or departed",
              text -> WorkerStatus.valueOf(text.toUpperCase(Locale.ROOT)))
          .ifPresent(worker::status);
    }
    return Optional.of(worker);
  }

  private Optional<ImportedChunk> chunk(PrintedFile source, CsvRow row, ImportedFleet fleet)
      throws Refused {
    Optional<String> dataset = row.text(column("dataset"));
    Optional<String> id = row.text(column("chunk_id"));
    Place at = source.at(row.line());
    if (!row.hasColumn(column("dataset"))) {
      throw at.at(column("dataset")).refused("this column, or --map dataset=COLUMN", "none");
    }
    if (dataset.isEmpty() || id.isEmpty()) {
      return Optional.empty();
    }
    Optional<ImportedChunk> known = fleet.find(at, dataset.get(), id.get());
    ImportedChunk chunk =
        known.isPresent() ? known.get() : added(at, row, dataset.get(), id.get(), fleet);
    String described = described(row);
    String before = chunkLines.putIfAbsent(chunk, described);
    if (before != null && !described.isEmpty() && !before.equals(described)) {
      throw at.refused("blocks and floor " + before + ", as for this chunk before", described);
    }
    if (row.has(column("size_bytes"))) {
      row.bytes(column("size_bytes")).ifPresent(chunk::size);
    }
    if (row.has(column("floor"))) {
      OptionalLong floor = row.number(column("floor"), 1, Integer.MAX_VALUE);
      if (floor.isPresent()) {
        chunk.floor(floor.getAsLong());
      }
    }
    return Optional.of(chunk);
  }

  /** Returns what every row of one chunk has to say alike. */
  private String described(CsvRow row) {
    StringBuilder all = new StringBuilder();
    for (String key : List.of("first_block", "last_block", "floor")) {
      if (row.has(column(key))) {
        all.append(all.length() == 0 ? "" : " ").append(row.text(column(key)).orElse(""));
      }
    }
    return all.toString();
  }

  private ImportedChunk added(Place at, CsvRow row, String dataset, String id, ImportedFleet fleet)
      throws Refused {
    long position = positions.merge(dataset, 1L, Long::sum) - 1;
    long first = block(row, "first_block", position);
    long last = block(row, "last_block", first);
    if (last < first) {
      throw at.at(column("last_block")).refused("at least " + first, last + "");
    }
    return fleet.chunk(at, dataset, id, first, last);
  }

  private long block(CsvRow row, String key, long otherwise) {
    return row.has(column(key))
        ? row.number(column(key), 0, Long.MAX_VALUE).orElse(otherwise)
        : otherwise;
  }
}
