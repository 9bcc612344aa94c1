package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.ChunkNumber;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Values;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** First publications by runs of numbers: a first placement must not rewrite millions of rows. */
final class EstablishedSql {
  /** The shortest run that is not written into the rows of its chunks. */
  private static final int SHORTEST_RUN = 256;

  private final Map<Long, TreeMap<Long, Run>> byLineage = new TreeMap<>();

  private EstablishedSql() {}

  private static final class Run {
    private final long first;
    private final long assignment;
    private boolean isUsed;

    Run(long first, long assignment) {
      this.first = first;
      this.assignment = assignment;
    }
  }

  static EstablishedSql read(SqlTransaction from) {
    EstablishedSql table = new EstablishedSql();
    from.visit(
        "SELECT lineage, last_number, first_number, assignment FROM $.established",
        row ->
            table
                .byLineage
                .computeIfAbsent(row.getLong(1), lineage -> new TreeMap<>())
                .put(row.getLong(2), new Run(row.getLong(3), row.getLong(4))));
    return table;
  }

  /** Returns a row, with the stamp of its run if it has no stamp of its own. */
  ChunkRow stamped(Values values) {
    ChunkRow row = Shape.of(ChunkRow.class).make(values);
    ChunkNumber number = row.number();
    if (row.establishedAt() != 0 || number == null) {
      return row;
    }
    TreeMap<Long, Run> runs = byLineage.get(number.lineage().token());
    Map.Entry<Long, Run> run = runs == null ? null : runs.ceilingEntry(number.counter());
    if (run == null || run.getValue().first > number.counter()) {
      return row;
    }
    run.getValue().isUsed = true;
    ChunkRow.ESTABLISHED_AT.set(values, run.getValue().assignment);
    return Shape.of(ChunkRow.class).make(values);
  }

  /** Deletes the runs that {@link #stamped} did not use since the table was read. */
  void deleteUnused(SqlTransaction to) {
    List<Long> lineages = new ArrayList<>();
    List<Long> lasts = new ArrayList<>();
    byLineage.forEach((lineage, runs) ->
        runs.forEach((last, run) -> {
          if (!run.isUsed) {
            lineages.add(lineage);
            lasts.add(last);
          }
        }));
    if (!lasts.isEmpty()) {
      to.update(
          "DELETE FROM $.established e USING unnest(?, ?) AS u (lineage, last_number)"
              + " WHERE e.lineage = u.lineage AND e.last_number = u.last_number",
          lineages.stream().mapToLong(Long::longValue).toArray(),
          lasts.stream().mapToLong(Long::longValue).toArray());
    }
  }

  /** Writes the stamps of chunks without other changes. */
  static void put(Writes to, Collection<ChunkRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<ChunkRow> sorted = new ArrayList<>(rows);
    sorted.sort(
        Comparator.comparingLong((ChunkRow row) -> number(row).lineage().token())
            .thenComparingLong(row -> number(row).counter()));
    List<ChunkRow> single = new ArrayList<>();
    List<long[]> runs = new ArrayList<>();
    int begin = 0;
    for (int end = 1; end <= sorted.size(); end++) {
      if (end < sorted.size() && continues(sorted.get(end - 1), sorted.get(end))) {
        continue;
      }
      if (end - begin < SHORTEST_RUN) {
        single.addAll(sorted.subList(begin, end));
      } else {
        ChunkNumber last = number(sorted.get(end - 1));
        runs.add(
            new long[] {
              last.lineage().token(),
              last.counter(),
              number(sorted.get(begin)).counter(),
              sorted.get(begin).establishedAt()
            });
      }
      begin = end;
    }
    putRuns(to, runs);
    putSingle(to, single);
  }

  private static boolean continues(ChunkRow before, ChunkRow row) {
    return number(before).lineage().equals(number(row).lineage())
        && number(before).counter() + 1 == number(row).counter()
        && before.establishedAt() == row.establishedAt();
  }

  private static ChunkNumber number(ChunkRow row) {
    return Objects.requireNonNull(row.number(), () -> row.key() + " has no number");
  }

  private static void putRuns(Writes to, List<long[]> runs) {
    if (runs.isEmpty()) {
      return;
    }
    to.write(
        "INSERT INTO $.established (lineage, last_number, first_number, assignment)"
            + " SELECT * FROM unnest(?, ?, ?, ?)",
        ColumnSet.of(
            runs,
            (columns, run) -> columns.bigint(run[0]).bigint(run[1]).bigint(run[2]).bigint(run[3])));
  }

  private static void putSingle(Writes to, List<ChunkRow> rows) {
    if (rows.isEmpty()) {
      return;
    }
    to.writeEach(
        "UPDATE $.chunk c SET established_at = u.at FROM unnest(?, ?) AS u (position, at)"
            + " WHERE c.position = u.position",
        ColumnSet.of(
            rows, (columns, row) -> columns.integer(row.position()).bigint(row.establishedAt())),
        "chunks that are named for the first time",
        "chunk");
  }
}
