package dev.stowage.sim.tool.plan;

import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.sim.tool.csv.CsvColumns;
import dev.stowage.sim.tool.csv.CsvFile;
import dev.stowage.sim.tool.csv.CsvRow;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import dev.stowage.sim.tool.plan.PlanFields.Truth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The chunks of a plan, in canonical order. */
final class ChunkList {
  private static final CsvColumns COLUMNS = PlanFields.columns(PlanFields.CHUNKS_FILE);

  /**
   * A chunk as its line describes it.
   *
   * @param established {@code UNSAID} where visibility and the held replicas decide, as for {@code
   *     oncePossessed}
   * @param floor its floor; empty for what the settings say
   * @param raising whether copies up to that floor are a raise
   * @param replaces the ids of the chunks that it will replace
   */
  record Row(
      Chunk chunk,
      long line,
      boolean visible,
      boolean marked,
      Truth established,
      Truth oncePossessed,
      long admitted,
      OptionalInt floor,
      boolean raising,
      List<String> replaces) {}

  private record Flags(
      boolean visible, boolean marked, Truth established, Truth oncePossessed, boolean raising) {}

  private final Map<ChunkKey, Long> lines = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();
  private final Map<ChunkKey, Integer> positions = new HashMap<>();
  private final boolean complete;
  private final Swaps swaps;

  private ChunkList(CsvFile file, ProblemList problems) {
    long before = problems.found();
    file.read(COLUMNS, problems, this::row);
    rows.sort(Comparator.comparing(Row::chunk, Chunk.CANONICAL_ORDER));
    for (int i = 0; i < rows.size(); i++) {
      positions.put(rows.get(i).chunk().key(), i);
    }
    boolean readable = problems.found() == before;
    swaps = readable ? Swaps.of(this, file.name(), problems) : Swaps.NONE;
    if (problems.found() == before) {
      new RangeClaims(this, swaps).report(file.name(), problems);
    }
    complete = problems.found() == before;
  }

  static ChunkList read(CsvFile file, ProblemList problems) {
    return new ChunkList(file, problems);
  }

  /** Reports whether the file had no problem, so that an absent chunk was not listed. */
  boolean isComplete() {
    return complete;
  }

  int count() {
    return rows.size();
  }

  Row row(int position) {
    return rows.get(position);
  }

  Swaps swaps() {
    return swaps;
  }

  /** Returns the position of a chunk, or -1. */
  int position(ChunkKey key) {
    return positions.getOrDefault(key, -1);
  }

  Map<DatasetId, Long> lastBlocks() {
    Map<DatasetId, Long> last = new HashMap<>();
    for (Row row : rows) {
      last.merge(row.chunk().key().dataset(), row.chunk().range().last(), Math::max);
    }
    return last;
  }

  private void row(CsvRow row) {
    Optional<ChunkKey> key = key(row);
    Optional<BlockRange> range = range(row);
    OptionalLong size = row.bytes(PlanFields.SIZE);
    OptionalLong weight = numberOr(row, PlanFields.WEIGHT, 1, Integer.MAX_VALUE, 0);
    OptionalLong admitted = numberOr(row, PlanFields.ADMITTED, 0, Long.MAX_VALUE, 0);
    OptionalLong floor = numberOr(row, PlanFields.FLOOR, 1, Integer.MAX_VALUE, 0);
    Optional<Eligibility> eligibility = eligibility(row);
    Optional<Flags> flags = flags(row);
    boolean once = key.isPresent() && checkOnce(row, key.get());
    if (!once
        || range.isEmpty()
        || size.isEmpty()
        || weight.isEmpty()
        || admitted.isEmpty()
        || floor.isEmpty()
        || eligibility.isEmpty()
        || flags.isEmpty()) {
      return;
    }
    rows.add(
        new Row(
            new Chunk(key.get(), range.get(), size.getAsLong(), said(weight), eligibility.get()),
            row.line(),
            flags.get().visible(),
            flags.get().marked(),
            flags.get().established(),
            flags.get().oncePossessed(),
            admitted.getAsLong(),
            said(floor),
            flags.get().raising(),
            row.has(PlanFields.REPLACES)
                ? PlanFields.parts(row.text(PlanFields.REPLACES).orElse(""))
                : List.of()));
  }

  private static OptionalInt said(OptionalLong number) {
    long said = number.orElse(0);
    return said == 0 ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(said));
  }

  static Optional<ChunkKey> key(CsvRow row) {
    Optional<DatasetId> dataset = row.value(PlanFields.DATASET, PlanFields.NAME, DatasetId::of);
    return row.value(
            PlanFields.CHUNK,
            PlanFields.NAME,
            id -> new ChunkKey(dataset.orElse(DatasetId.of("unreadable")), id))
        .filter(key -> dataset.isPresent());
  }

  private boolean checkOnce(CsvRow row, ChunkKey key) {
    Long before = lines.putIfAbsent(key, row.line());
    if (before != null) {
      String found = InputProblem.quoted(key.toString()) + ", which line " + before + " has";
      row.refuse(PlanFields.CHUNK, "a chunk that is listed once", found);
    }
    return before == null;
  }

  private static Optional<BlockRange> range(CsvRow row) {
    OptionalLong first = row.number(PlanFields.FIRST, 0, Long.MAX_VALUE);
    OptionalLong last = row.number(PlanFields.LAST, 0, Long.MAX_VALUE);
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    if (last.getAsLong() < first.getAsLong()) {
      String expected = "at least the first block, " + first.getAsLong();
      row.refuse(PlanFields.LAST, expected, "" + last.getAsLong());
      return Optional.empty();
    }
    return Optional.of(BlockRange.of(first.getAsLong(), last.getAsLong()));
  }

  private static OptionalLong numberOr(
      CsvRow row, String column, long least, long most, long otherwise) {
    return row.has(column) ? row.number(column, least, most) : OptionalLong.of(otherwise);
  }

  private static Optional<Eligibility> eligibility(CsvRow row) {
    Optional<WorkerVersion> version = PlanFields.version(row, PlanFields.MIN_VERSION);
    Optional<Labels> labels = PlanFields.labels(row);
    return version.isEmpty() || labels.isEmpty()
        ? Optional.empty()
        : Optional.of(new Eligibility(version.get(), labels.get()));
  }

  private static Optional<Flags> flags(CsvRow row) {
    Optional<Truth> visible = PlanFields.truth(row, PlanFields.VISIBLE, Truth.FALSE);
    Optional<Truth> marked = PlanFields.truth(row, PlanFields.MARKED, Truth.FALSE);
    Optional<Truth> established = PlanFields.truth(row, PlanFields.ESTABLISHED, Truth.UNSAID);
    Optional<Truth> possessed = PlanFields.truth(row, PlanFields.ONCE_POSSESSED, Truth.UNSAID);
    Optional<Truth> raising = PlanFields.truth(row, PlanFields.RAISING, Truth.FALSE);
    return visible.isEmpty()
            || marked.isEmpty()
            || established.isEmpty()
            || possessed.isEmpty()
            || raising.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Flags(
                visible.get().or(false),
                marked.get().or(false),
                established.get(),
                possessed.get(),
                raising.get().or(false)));
  }
}
