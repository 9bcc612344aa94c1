package dev.stowage.sim.tool.catalogue;

import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.csv.CsvColumns;
import dev.stowage.sim.tool.csv.CsvFile;
import dev.stowage.sim.tool.csv.CsvRow;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads a catalogue from CSV files; refuses what breaks a rule, naming all of it.
 *
 * <p>Chunks: {@code dataset,chunk_id,first_block,last_block,size_bytes[,weight][,priority]}; the
 * priority (required, important, standard, optional, extra) gives the weight where none is written;
 * with neither it is 1. Corrections: {@code
 * dataset,old_chunk_id,new_chunk_id,first_block,last_block,size_bytes}, in order, over exactly the
 * blocks of the old side.
 */
public final class CatalogueReader {
  private static final String DATASET = "dataset";
  private static final String CHUNK = "chunk_id";
  private static final String OLD = "old_chunk_id";
  private static final String NEW = "new_chunk_id";
  private static final String FIRST = "first_block";
  private static final String LAST = "last_block";
  private static final String SIZE = "size_bytes";
  private static final String WEIGHT = "weight";
  private static final String PRIORITY = "priority";
  private static final String NAME = "1 to 512 characters without control characters";

  private static final CsvColumns CHUNK_COLUMNS =
      CsvColumns.required(DATASET, CHUNK, FIRST, LAST, SIZE).withOptional(WEIGHT, PRIORITY);
  private static final CsvColumns CORRECTION_COLUMNS =
      CsvColumns.required(DATASET, OLD, NEW, FIRST, LAST, SIZE);

  private record Entry(Chunk chunk, long line, String file) {}

  private final ProblemList problems = new ProblemList();
  private final Map<ChunkKey, Entry> known = new HashMap<>();
  private final Map<ChunkKey, Long> replacedInLine = new HashMap<>();
  private final List<Chunk> chunks = new ArrayList<>();
  private final List<Correction> corrections = new ArrayList<>();
  private long totalBytes;

  private CatalogueReader() {}

  /**
   * Returns the catalogue of two files.
   *
   * @param chunkFile the chunks
   * @param correctionFile the corrections, if there are any
   * @throws BadInputException if a file is missing, unreadable or malformed
   */
  public static ChunkCatalogue read(Path chunkFile, Optional<Path> correctionFile)
      throws BadInputException {
    return new CatalogueReader().both(CsvFile.at(chunkFile), correctionFile.map(CsvFile::at));
  }

  /**
   * Returns the catalogue that comes with Stowage: every package of Debian 12 and its security
   * updates.
   *
   * @throws BadInputException if {@code correctionFile} is given and does not fit
   */
  public static ChunkCatalogue debian12(Optional<Path> correctionFile) throws BadInputException {
    CsvFile shipped = resource("corrections.csv.gz");
    return new CatalogueReader()
        .both(
            resource("chunks.csv.gz"),
            Optional.of(correctionFile.map(CsvFile::at).orElse(shipped)));
  }

  private static CsvFile resource(String name) {
    String path = "/dev/stowage/sim/debian12/" + name;
    return CsvFile.of(
        name,
        () -> {
          var bytes = CatalogueReader.class.getResourceAsStream(path);
          if (bytes == null) {
            throw new java.io.FileNotFoundException("no resource " + path);
          }
          return bytes;
        });
  }

  private ChunkCatalogue both(CsvFile chunkFile, Optional<CsvFile> correctionFile)
      throws BadInputException {
    RangeOverlaps overlaps = new RangeOverlaps();
    chunkFile.read(CHUNK_COLUMNS, problems, row -> chunk(row, chunkFile.name(), overlaps));
    overlaps.report(chunkFile.name(), problems);
    problems.refuseIfAny();
    correctionFile.ifPresent(
        file -> file.read(CORRECTION_COLUMNS, problems, row -> correction(row, file.name())));
    problems.refuseIfAny();
    return new ChunkCatalogue(chunks, corrections);
  }

  private void chunk(CsvRow row, String file, RangeOverlaps overlaps) {
    Optional<ChunkKey> key = key(row, CHUNK);
    Optional<BlockRange> range = range(row);
    OptionalLong size = size(row);
    OptionalInt weight = weight(row);
    if (key.isPresent() && checkNew(row, CHUNK, key.get())) {
      range.ifPresent(blocks -> overlaps.add(key.get(), blocks, row.line()));
      if (range.isPresent() && size.isPresent() && weight.isPresent()) {
        Chunk chunk = new Chunk(key.get(), range.get(), size.getAsLong(), weight, Eligibility.ANY);
        chunks.add(chunk);
        known.put(key.get(), new Entry(chunk, row.line(), file));
      } else {
        Chunk placeholder = Chunk.of(key.get(), BlockRange.of(0, 0), 0);
        known.put(key.get(), new Entry(placeholder, row.line(), file));
      }
    }
  }

  private void correction(CsvRow row, String file) {
    Optional<ChunkKey> oldKey = key(row, OLD);
    Optional<ChunkKey> newKey = key(row, NEW);
    Optional<BlockRange> range = range(row);
    OptionalLong size = size(row);
    if (oldKey.isEmpty() || newKey.isEmpty() || range.isEmpty() || size.isEmpty()) {
      return;
    }
    Entry old = known.get(oldKey.get());
    if (old == null) {
      row.refuse(OLD, "a chunk of the catalogue or of a line above", quoted(oldKey.get()));
      return;
    }
    Long elsewhere = replacedInLine.putIfAbsent(oldKey.get(), row.line());
    boolean good = true;
    if (elsewhere != null) {
      String found = quoted(oldKey.get()) + ", which line " + elsewhere + " replaces";
      row.refuse(OLD, "a chunk that no line above replaces", found);
      good = false;
    }
    if (!old.chunk().range().equals(range.get())) {
      row.refuse(
          FIRST, "the blocks " + old.chunk().range() + " of the old chunk", "" + range.get());
      good = false;
    }
    if (checkNew(row, NEW, newKey.get()) && good) {
      Chunk chunk =
          new Chunk(
              newKey.get(),
              range.get(),
              size.getAsLong(),
              old.chunk().weight(),
              old.chunk().eligibility());
      known.put(newKey.get(), new Entry(chunk, row.line(), file));
      corrections.add(new Correction(oldKey.get(), chunk));
    }
  }

  private static Optional<ChunkKey> key(CsvRow row, String column) {
    Optional<DatasetId> dataset = row.value(DATASET, NAME, DatasetId::of);
    return row.value(
            column, NAME, id -> new ChunkKey(dataset.orElse(DatasetId.of("unreadable")), id))
        .filter(key -> dataset.isPresent());
  }

  private boolean checkNew(CsvRow row, String column, ChunkKey key) {
    Entry before = known.get(key);
    if (before == null) {
      return true;
    }
    String place = "line " + before.line() + " of " + before.file();
    row.refuse(column, "a key that occurs once", quoted(key) + ", which " + place + " has");
    return false;
  }

  private static Optional<BlockRange> range(CsvRow row) {
    OptionalLong first = row.number(FIRST, 0, Long.MAX_VALUE);
    OptionalLong last = row.number(LAST, 0, Long.MAX_VALUE);
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    if (last.getAsLong() < first.getAsLong()) {
      row.refuse(LAST, "at least the first block, " + first.getAsLong(), "" + last.getAsLong());
      return Optional.empty();
    }
    return Optional.of(BlockRange.of(first.getAsLong(), last.getAsLong()));
  }

  private OptionalLong size(CsvRow row) {
    OptionalLong size = row.bytes(SIZE);
    if (size.isPresent()) {
      if (size.getAsLong() > Long.MAX_VALUE - totalBytes) {
        String most = "sizes that add up to at most " + Long.MAX_VALUE;
        row.refuse(SIZE, most, totalBytes + " so far and " + size.getAsLong() + " here");
        return OptionalLong.empty();
      }
      totalBytes += size.getAsLong();
    }
    return size;
  }

  private static OptionalInt weight(CsvRow row) {
    if (row.has(WEIGHT)) {
      OptionalLong weight = row.number(WEIGHT, 1, Integer.MAX_VALUE);
      return weight.isPresent()
          ? OptionalInt.of(Math.toIntExact(weight.getAsLong()))
          : OptionalInt.empty();
    }
    if (row.has(PRIORITY)) {
      String words = "required, important, standard, optional or extra";
      Optional<DebianPriority> priority = row.value(PRIORITY, words, DebianPriority::named);
      return priority.isPresent() ? OptionalInt.of(priority.get().weight()) : OptionalInt.empty();
    }
    return OptionalInt.of(1);
  }

  private static String quoted(ChunkKey key) {
    return InputProblem.quoted(key.toString());
  }
}
