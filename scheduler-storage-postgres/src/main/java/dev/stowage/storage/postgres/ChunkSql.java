package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.InvariantViolation;
import dev.stowage.storage.postgres.sql.BinaryCopy;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.RowColumns;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The rows of table {@code chunk}; the leader has not consumed rows without a position. */
final class ChunkSql {
  private static final int ROWS_AT_ONCE = 50_000;

  /** The fewest rows that are worth another round trip. */
  static final int MANY = 16;

  private static final RowColumns<ChunkRow> COLUMNS = RowColumns.CHUNKS;

  /** The columns without those that the leader gives, which are null until then. */
  private static final RowColumns<ChunkRow> AHEAD = COLUMNS.only(~ChunkRow.GIVEN);

  /** The columns of a chunk that the leader has not consumed, as a list of names. */
  static final String PROMISED = AHEAD.names(name -> name);

  private static final RowColumns<ChunkRow> CHANGING = COLUMNS.only(ChunkRow.CHANGING);

  private static final RowColumns<ChunkRow> FRESH =
      RowColumns.of(ChunkRow.SHAPE, ChunkRow.FRESH & ~ChunkRow.GIVEN).sparse();

  private static final String BASE =
      "COPY (SELECT "
          + COLUMNS.selected()
          + " FROM $.chunk WHERE position IS NOT NULL) TO STDOUT (FORMAT binary)";

  /** Selects the columns for {@link #read} from a chunk named {@code c}. */
  static final String READ =
      "SELECT c.removal_ahead, c.dataset, c.id, "
          + COLUMNS
              .selected("c.")
              .replace(
                  "c.established_at",
                  "$.established_at(c.established_at, c.number_lineage, c.number_counter)")
          + " FROM ";

  /** Omitted columns have the values of a freshly admitted chunk. */
  private static final String ADMITTED =
      insert(FRESH)
          .replace(
              "u.dataset", "(SELECT d.id FROM $.dataset d WHERE d.name = u.dataset COLLATE \"C\")");

  /** Overwrites even a row changed by hand, because the next leader could not load that row. */
  private static final String PUT =
      insert(COLUMNS)
          + " ON CONFLICT (dataset, id) DO UPDATE SET (removal_ahead, "
          + COLUMNS.names(name -> name)
          + ") = (c.removal_ahead AND NOT EXCLUDED.marked, "
          + COLUMNS.names(name -> "EXCLUDED." + name)
          + ")";

  private static final String CHANGE =
      "UPDATE $.chunk c SET (removal_ahead, "
          + CHANGING.names(name -> name)
          + ") = (c.removal_ahead AND NOT u.marked, "
          + CHANGING.unnested()
          + ") FROM unnest(?, ?, "
          + CHANGING.parameters()
          + ") AS u (at, of, "
          + CHANGING.names(name -> name)
          + ") WHERE c.position = u.at AND c.id = u.of COLLATE \"C\"";

  private ChunkSql() {}

  private static String insert(RowColumns<ChunkRow> columns) {
    return "INSERT INTO $.chunk AS c ("
        + columns.names(name -> name)
        + ") SELECT "
        + columns.unnested()
        + " FROM unnest("
        + columns.parameters()
        + ") AS u ("
        + columns.names(name -> name)
        + ")";
  }

  record Stored(ChunkRow row, boolean removalAhead) {
    /** Returns the row as its writers know it. */
    ChunkRow ahead() {
      return removalAhead ? ChunkRow.SHAPE.with(row, ChunkRow.MARKED, true) : row;
    }

    boolean isBase() {
      return row.position() >= 0;
    }
  }

  static void visitBase(
      SqlTransaction from, Datasets datasets, EstablishedSql established, Consumer<ChunkRow> to) {
    from.copyOut(BASE, in -> to.accept(readBase(in, datasets, established)));
  }

  private static ChunkRow readBase(
      BinaryCopy.Reader in, Datasets datasets, EstablishedSql established) {
    try {
      return established.stamped(COLUMNS.values(in, datasets));
    } catch (RuntimeException e) {
      in.rewind();
      in.skip(COLUMNS.place("dataset"));
      int dataset = (int) in.number(-1);
      throw unreadable(String.valueOf(in.text()), dataset, e);
    }
  }

  private static StorageException.Corrupt unreadable(String id, int dataset, RuntimeException e) {
    return StoredFleet.unreadableRow("chunk " + id + " in dataset number " + dataset, e);
  }

  /** Returns a subquery by key: one B-tree look-up, where a join may scan the whole dataset. */
  private static String of(String dataset, String id) {
    return "(SELECT k.ctid, k.* FROM $.chunk k WHERE k.dataset = "
        + dataset
        + " AND k.id = "
        + id
        + " COLLATE \"C\" LIMIT 1)";
  }

  static List<Stored> find(SqlTransaction from, Datasets datasets, Collection<ChunkKey> keys) {
    if (keys.isEmpty()) {
      return List.of();
    }
    ColumnSet columns = new ColumnSet(keys.size());
    for (ChunkKey key : keys) {
      columns.integer(datasets.number(key.dataset())).text(key.id()).endRow();
    }
    return from.list(
        READ
            + "unnest(?, ?) AS u (dataset, id) CROSS JOIN LATERAL "
            + of("u.dataset", "u.id")
            + " c",
        row -> read(row, datasets),
        columns.values());
  }

  /** Asks for chunks with these keys and live chunks that overlap them; some may occur twice. */
  static List<Stored> askNear(SqlBatch batch, Datasets datasets, List<ProposedChunk> proposed) {
    ColumnSet keys = new ColumnSet(proposed.size());
    proposed.forEach(
        chunk -> keys.text(chunk.key().dataset().value()).text(chunk.key().id()).endRow());
    List<Stored> near =
        batch.ask(
            READ
                + "unnest(?, ?) AS u (dataset, id)"
                + " JOIN $.dataset d ON d.name = u.dataset COLLATE \"C\" CROSS JOIN LATERAL "
                + of("d.id", "u.id")
                + " c",
            row -> read(row, datasets),
            keys.values());
    List<ProposedChunk> ranged =
        proposed.stream().filter(chunk -> chunk.violations().isEmpty()).toList();
    if (!ranged.isEmpty()) {
      ColumnSet ranges = new ColumnSet(ranged.size());
      for (ProposedChunk chunk : ranged) {
        ranges.text(chunk.key().dataset().value());
        ranges.bigint(chunk.range().first()).bigint(chunk.range().last()).endRow();
      }
      batch.visit(
          READ
              + "unnest(?, ?, ?) AS r (dataset, first_block, last_block)"
              + " JOIN $.dataset d ON d.name = r.dataset COLLATE \"C\""
              // Without a pending swap live chunks are disjoint: only the nearest one can overlap.
              + " CROSS JOIN LATERAL (SELECT WHERE (SELECT n.last_block FROM $.chunk n"
              + " WHERE n.dataset = d.id AND n.live AND n.first_block <= r.last_block"
              + " ORDER BY n.first_block DESC LIMIT 1) >= r.first_block"
              + " OR (SELECT true FROM $.swap_chunk s"
              + " WHERE s.pending AND s.side = 0 AND s.dataset = d.id LIMIT 1)"
              + " OR (SELECT true FROM $.swap_chunk s"
              + " WHERE s.pending AND s.side = 1 AND s.dataset = d.id LIMIT 1)) AS near"
              + " CROSS JOIN LATERAL $.overlapping(d.id, r.first_block, r.last_block) c",
          row -> near.add(read(row, datasets)),
          ranges.values());
    }
    return near;
  }

  /** Returns the live chunks that share a block with one of the ranges. */
  static List<Stored> overlapping(
      SqlTransaction from, Datasets datasets, DatasetId dataset, List<BlockRange> ranges) {
    if (ranges.size() >= MANY) {
      Optional<List<Stored>> near = beside(from, datasets, dataset, ranges);
      if (near.isPresent()) {
        return near.get();
      }
    }
    return overlapping(from, datasets, Map.of(dataset, ranges));
  }

  /** Returns the live chunks that share a block with one of these few ranges. */
  static List<Stored> overlapping(
      SqlTransaction from, Datasets datasets, Map<DatasetId, List<BlockRange>> ranges) {
    int size = ranges.values().stream().mapToInt(List::size).sum();
    if (size == 0) {
      return List.of();
    }
    ColumnSet columns = new ColumnSet(size);
    ranges.forEach((dataset, wanted) -> {
      int number = datasets.number(dataset);
      wanted.forEach(
          range -> columns.integer(number).bigint(range.first()).bigint(range.last()).endRow());
    });
    return from.list(
        READ
            + "unnest(?, ?, ?) AS r (dataset, first_block, last_block)"
            + " CROSS JOIN LATERAL $.overlapping(r.dataset, r.first_block, r.last_block) c",
        row -> read(row, datasets),
        columns.values());
  }

  /** Scans between the ranges' ends; empty if too many chunks, or if a swap lets chunks overlap. */
  private static Optional<List<Stored>> beside(
      SqlTransaction from, Datasets datasets, DatasetId dataset, List<BlockRange> ranges) {
    int number = datasets.number(dataset);
    boolean isSwapping =
        from.one(
                "SELECT 1 FROM $.swap_chunk WHERE pending AND dataset = ? AND side IN (0, 1) LIMIT"
                    + " 1",
                row -> true,
                number)
            .isPresent();
    if (isSwapping) {
      return Optional.empty();
    }
    long low = ranges.stream().mapToLong(BlockRange::first).min().orElse(0);
    long high = ranges.stream().mapToLong(BlockRange::last).max().orElse(0);
    int most = 2 * ranges.size();
    List<Stored> near =
        from.list(
            READ
                + "$.chunk c WHERE c.dataset = ? AND c.live AND c.first_block <= ?"
                + " AND c.first_block >= COALESCE((SELECT max(b.first_block) FROM $.chunk b"
                + " WHERE b.dataset = ? AND b.live AND b.first_block < ?), ?)"
                + " ORDER BY c.first_block LIMIT ?",
            row -> read(row, datasets),
            number,
            high,
            number,
            low,
            low,
            most + 1);
    return near.size() > most ? Optional.empty() : Optional.of(near);
  }

  static void put(Writes to, Datasets datasets, Collection<ChunkRow> rows) {
    write(to, COLUMNS, PUT, datasets, List.copyOf(rows));
  }

  /** Inserts rows with new keys. */
  static void create(Writes to, Datasets datasets, List<ChunkRow> rows) {
    create(to, COLUMNS, datasets, rows);
  }

  private static void create(
      Writes to, RowColumns<ChunkRow> columns, Datasets datasets, Collection<ChunkRow> rows) {
    if (rows.size() < MANY) {
      write(to, columns, insert(columns), datasets, List.copyOf(rows));
      return;
    }
    to.copyIn(
        "COPY $.chunk (" + columns.names(name -> name) + ") FROM STDIN (FORMAT binary)",
        out -> {
          for (ChunkRow row : rows) {
            columns.copy(row, out, datasets);
          }
        });
  }

  static void change(Writes to, List<ChunkRow> rows) {
    for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
      List<ChunkRow> part = rows.subList(from, Math.min(rows.size(), from + ROWS_AT_ONCE));
      ColumnSet columns = new ColumnSet(part.size());
      for (ChunkRow row : part) {
        columns.integer(row.position()).text(row.key().id());
        CHANGING.bind(row, columns);
        columns.endRow();
      }
      to.writeEach(CHANGE, columns, "chunks that change", "chunk");
    }
  }

  static void insertAhead(Writes to, Datasets datasets, Collection<ChunkRow> rows) {
    create(to, AHEAD, datasets, rows);
  }

  /** Inserts admitted chunks; fails for a missing dataset, an existing key or an overlap. */
  static void insertAdmitted(SqlBatch batch, List<ChunkRow> rows) {
    ColumnSet columns = new ColumnSet(rows.size());
    for (ChunkRow row : rows) {
      if (row.state() != ChunkState.ADMITTED || !row.isFresh()) {
        throw new InvariantViolation("an ingest admits", "it left " + row);
      }
      FRESH.bind(row, columns);
      columns.endRow();
    }
    batch.run(ADMITTED, columns.values());
  }

  static void markAhead(Writes to, Datasets datasets, Collection<ChunkKey> keys) {
    withKeys(to, datasets, keys, "UPDATE $.chunk c SET removal_ahead = true FROM ");
  }

  static void delete(Writes to, Datasets datasets, Collection<ChunkKey> keys) {
    withKeys(to, datasets, keys, "DELETE FROM $.chunk c USING ");
  }

  private static void withKeys(
      Writes to, Datasets datasets, Collection<ChunkKey> keys, String statement) {
    if (keys.isEmpty()) {
      return;
    }
    ColumnSet columns = new ColumnSet(keys.size());
    for (ChunkKey key : keys) {
      columns.integer(datasets.number(key.dataset())).text(key.id()).endRow();
    }
    to.write(
        statement
            + "unnest(?, ?) AS u (dataset, id) CROSS JOIN LATERAL "
            + of("u.dataset", "u.id")
            + " k WHERE c.ctid = k.ctid",
        columns);
  }

  private static void write(
      Writes to,
      RowColumns<ChunkRow> of,
      String statement,
      Datasets datasets,
      List<ChunkRow> rows) {
    for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
      List<ChunkRow> part = rows.subList(from, Math.min(rows.size(), from + ROWS_AT_ONCE));
      ColumnSet columns = new ColumnSet(part.size());
      for (ChunkRow row : part) {
        of.bind(row, columns, datasets);
        columns.endRow();
      }
      to.write(statement, columns);
    }
  }

  static Stored read(ResultSet from, Datasets datasets) throws SQLException {
    try {
      ChunkRow row = ChunkRow.SHAPE.make(COLUMNS.values(from, 4, datasets));
      return new Stored(row, from.getBoolean(1));
    } catch (RuntimeException e) {
      throw unreadable(String.valueOf(from.getString(3)), from.getInt(2), e);
    }
  }

  static ChunkRow at(ChunkRow row, int position) {
    return ChunkRow.SHAPE.with(row, ChunkRow.POSITION, position);
  }
}
