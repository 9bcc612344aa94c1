package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.BinaryCopy;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.TextForms;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The rows of table {@code chunk}. Those without a position the leader has not taken in yet. */
final class ChunkSql {
  private static final int ROWS_AT_ONCE = 50_000;
  private static final int COPIED = 21;

  /** So many rows are worth a round trip more. */
  static final int MANY = 16;

  private static final String COLUMNS =
      "dataset, id, first_block, last_block, size_bytes, weight, min_version, labels, state,"
          + " marked, number_lineage, number_counter, once_possessed, stale_routes,"
          + " established_at, admitted_tick, end_tick, rejected_by, lost_ticks, gone_names,"
          + " position";

  private static final String BASE =
      "COPY (SELECT "
          + COLUMNS
              .replace("labels", "array_to_string(labels, E'\\n')")
              .replace("lost_ticks", "array_to_string(lost_ticks, E'\\n')")
              .replace("gone_names", "array_to_string(gone_names, E'\\n')")
          + " FROM $.chunk WHERE position IS NOT NULL) TO STDOUT (FORMAT binary)";

  /** What {@link #read} needs, of a chunk named {@code c}. */
  static final String READ =
      "SELECT "
          + COLUMNS
              .replaceAll("(\\w+)(,|$)", "c.$1$2")
              .replace("c.labels", "array_to_string(c.labels, E'\\n')")
              .replace("c.lost_ticks", "array_to_string(c.lost_ticks, E'\\n')")
              .replace("c.gone_names", "array_to_string(c.gone_names, E'\\n')")
              .replace(
                  "c.established_at",
                  "$.established_at(c.established_at, c.number_lineage, c.number_counter)")
          + ", c.removal_ahead FROM ";

  private static final String VALUES =
      "SELECT u.dataset, u.id, u.first_block, u.last_block, u.size_bytes, NULLIF(u.weight, 0),"
          + " u.min_version, string_to_array(u.labels, E'\\n'), u.state, u.marked, CASE WHEN"
          + " u.number_counter = 0 THEN NULL ELSE u.number_lineage END, NULLIF(u.number_counter,"
          + " 0), u.once_possessed, u.stale_routes, NULLIF(u.established_at, 0), u.admitted_tick,"
          + " NULLIF(u.end_tick, 0), u.rejected_by, string_to_array(u.lost_ticks,"
          + " E'\\n')::bigint[], string_to_array(u.gone_names, E'\\n'), NULLIF(u.position, -1) FROM"
          + " unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS u ("
          + COLUMNS
          + ")";
  private static final String INSERT = "INSERT INTO $.chunk AS c (" + COLUMNS + ") " + VALUES;

  /** What is not named has the value of a chunk to which nothing happened since. */
  private static final String ADMITTED =
      "INSERT INTO $.chunk (dataset, id, first_block, last_block, size_bytes, weight, min_version,"
          + " labels, state, admitted_tick) SELECT (SELECT d.id FROM $.dataset d"
          + " WHERE d.name = u.dataset COLLATE \"C\"), u.id, u.first_block, u.last_block,"
          + " u.size_bytes, NULLIF(u.weight, 0), u.min_version, string_to_array(u.labels, E'\\n'), "
          + ChunkState.ADMITTED.ordinal()
          + ", u.admitted_tick FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) AS u (dataset, id,"
          + " first_block, last_block, size_bytes, weight, min_version, labels, admitted_tick)";

  /**
   * Where a writer was here before the leader, its row becomes the leader's, whatever a hand made
   * of it: else it would not be what the leader has, and the next one could not load.
   */
  private static final String PUT =
      INSERT
          + " ON CONFLICT (dataset, id) DO UPDATE SET (position, state, marked, removal_ahead,"
          + " number_lineage, number_counter, once_possessed, stale_routes, established_at,"
          + " admitted_tick, end_tick, rejected_by, lost_ticks, gone_names, first_block,"
          + " last_block, size_bytes, weight, min_version, labels) = (EXCLUDED.position,"
          + " EXCLUDED.state, EXCLUDED.marked, c.removal_ahead AND NOT EXCLUDED.marked,"
          + " EXCLUDED.number_lineage, EXCLUDED.number_counter, EXCLUDED.once_possessed,"
          + " EXCLUDED.stale_routes, EXCLUDED.established_at, EXCLUDED.admitted_tick,"
          + " EXCLUDED.end_tick, EXCLUDED.rejected_by, EXCLUDED.lost_ticks, EXCLUDED.gone_names,"
          + " EXCLUDED.first_block, EXCLUDED.last_block, EXCLUDED.size_bytes, EXCLUDED.weight,"
          + " EXCLUDED.min_version, EXCLUDED.labels)";

  private static final String COPY = "COPY $.chunk (" + COLUMNS + ") FROM STDIN (FORMAT binary)";

  /** What may change in a row that the leader wrote before. */
  private static final String CHANGE =
      "UPDATE $.chunk c SET state = u.state, marked = u.marked, removal_ahead = c.removal_ahead AND"
          + " NOT u.marked, number_lineage = CASE WHEN u.number_counter = 0 THEN NULL ELSE"
          + " u.number_lineage END, number_counter = NULLIF(u.number_counter, 0), once_possessed ="
          + " u.once_possessed, stale_routes = u.stale_routes, established_at ="
          + " NULLIF(u.established_at, 0), admitted_tick = u.admitted_tick, end_tick ="
          + " NULLIF(u.end_tick, 0), rejected_by = u.rejected_by, lost_ticks ="
          + " string_to_array(u.lost_ticks, E'\\n')::bigint[], gone_names ="
          + " string_to_array(u.gone_names, E'\\n') FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          + " ?, ?, ?) AS u (position, id, state, marked, number_lineage, number_counter,"
          + " once_possessed, stale_routes, established_at, admitted_tick, end_tick, rejected_by,"
          + " lost_ticks, gone_names) WHERE c.position = u.position AND c.id = u.id COLLATE \"C\"";

  private ChunkSql() {}

  /** A row, and whether a removal that the leader has not taken in stands on it. */
  record Stored(ChunkRow row, boolean removalAhead) {
    /** The row as its writers know it. */
    ChunkRow ahead() {
      return removalAhead && !row.marked() ? marked(row) : row;
    }

    /** Whether the leader knows it. */
    boolean isBase() {
      return row.position() >= 0;
    }
  }

  /** Every row that the leader knows, as the leader knows it. */
  static void visitBase(
      SqlTransaction from, Datasets datasets, EstablishedSql established, Consumer<ChunkRow> to) {
    from.copyOut(BASE, in -> to.accept(readBase(in, datasets, established)));
  }

  private static ChunkRow readBase(
      BinaryCopy.Reader in, Datasets datasets, EstablishedSql established) {
    int dataset = (int) in.number(-1);
    String id = String.valueOf(in.text());
    try {
      DatasetId of = datasets.id(dataset);
      BlockRange range = new BlockRange(in.number(0), in.number(0));
      long sizeBytes = in.number(0);
      int weight = (int) in.number(0);
      Eligibility eligibility = TextForms.eligibility(in.text(), in.text());
      ChunkState state = ChunkState.values()[(int) in.number(0)];
      boolean marked = in.flag();
      long lineage = in.number(0);
      long counter = in.number(0);
      boolean oncePossessed = in.flag();
      boolean staleRoutes = in.flag();
      long stamp = in.number(0);
      long admittedTick = in.number(0);
      long endTick = in.number(0);
      String winner = in.text();
      String lostTicks = in.text();
      String goneNames = in.text();
      return new ChunkRow(
          (int) in.number(-1),
          new ChunkKey(of, id),
          range,
          sizeBytes,
          weight,
          eligibility,
          state,
          marked,
          counter == 0 ? null : new ChunkNumber(Lineage.of(lineage), counter),
          oncePossessed,
          staleRoutes,
          established.stamp(stamp, lineage, counter),
          admittedTick,
          endTick,
          winner == null ? null : new ChunkKey(of, winner),
          TextForms.ticks(lostTicks),
          TextForms.workers(goneNames));
    } catch (RuntimeException e) {
      throw unreadable(id, dataset, e);
    }
  }

  private static StorageException.Corrupt unreadable(String id, int dataset, RuntimeException e) {
    return StoredFleet.unreadableRow("chunk " + id + " in dataset number " + dataset, e);
  }

  /**
   * The chunk of a key, as a part of a statement. A plain join may be carried out by reading the
   * whole dataset, where the server thinks that it is small; this is always one look into a B-tree.
   */
  private static String of(String dataset, String id) {
    return "(SELECT k.ctid, k.* FROM $.chunk k WHERE k.dataset = "
        + dataset
        + " AND k.id = "
        + id
        + " COLLATE \"C\" LIMIT 1)";
  }

  /** The chunks with these keys, where they are. */
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

  /**
   * The chunks with the keys of these, and live ones that share a block with one of them, once the
   * batch was answered: some may be there twice. Datasets are asked for by name.
   */
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
              // Where no swap is pending live chunks are apart: nobody overlaps if the nearest does
              // not, and to see that is much cheaper.
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

  /** Live chunks that share a block with one of these ranges of a dataset. */
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

  /** Live chunks that share a block with one of these few ranges. */
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

  /**
   * Live chunks from the last one before all these ranges to the last one that begins in them, in
   * one walk; empty where these are many, or a pending swap lets chunks of the dataset overlap.
   */
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

  /** Writes the leader's rows. */
  static void put(Writes to, Datasets datasets, Collection<ChunkRow> rows) {
    write(to, PUT, datasets, List.copyOf(rows), true);
  }

  /** Writes rows of chunks that nobody has written a row of before. */
  static void create(Writes to, Datasets datasets, List<ChunkRow> rows) {
    if (rows.size() < MANY) {
      write(to, INSERT, datasets, rows, true);
    } else {
      to.copyIn(
          COPY,
          out -> {
            for (ChunkRow row : rows) {
              copy(
                  out,
                  datasets.number(row.key().dataset()),
                  row,
                  Optional.ofNullable(row.number()));
              out.integer(row.position());
            }
          });
    }
  }

  private static void copy(
      BinaryCopy.Writer out, int dataset, ChunkRow row, Optional<ChunkNumber> number)
      throws SQLException {
    ChunkKey winner = row.rejectedBy();
    out.row(COPIED).integer(dataset).text(row.key().id(), COPIED);
    out.bigint(row.range().first()).bigint(row.range().last()).bigint(row.sizeBytes());
    out.integerUnlessZero(row.weight());
    out.text(TextForms.version(row.eligibility().minVersion()), COPIED);
    out.texts(row.eligibility().requiredLabels().sorted(), COPIED);
    out.small(row.state().ordinal()).flag(row.marked());
    if (number.isEmpty()) {
      out.none().none();
    } else {
      out.bigint(number.get().lineage().token()).bigint(number.get().counter());
    }
    out.flag(row.oncePossessed()).flag(row.staleRoutes()).bigintUnless(0, row.establishedAt());
    out.bigint(row.admittedTick()).bigintUnless(0, row.endTick());
    out.text(winner == null ? null : winner.id(), COPIED).bigints(row.lostTicks(), COPIED);
    out.texts(row.goneNames().stream().map(WorkerId::value).toList(), COPIED);
  }

  /** Changes rows that the leader wrote before. */
  static void change(Writes to, List<ChunkRow> rows) {
    for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
      List<ChunkRow> part = rows.subList(from, Math.min(rows.size(), from + ROWS_AT_ONCE));
      ColumnSet columns = new ColumnSet(part.size());
      for (ChunkRow row : part) {
        ChunkNumber number = row.number();
        ChunkKey winner = row.rejectedBy();
        columns.integer(row.position()).text(row.key().id()).small(row.state().ordinal());
        columns.flag(row.marked()).bigint(number == null ? 0 : number.lineage().token());
        columns.bigint(number == null ? 0 : number.counter()).flag(row.oncePossessed());
        columns.flag(row.staleRoutes()).bigint(row.establishedAt()).bigint(row.admittedTick());
        columns.bigint(row.endTick()).text(winner == null ? null : winner.id());
        columns.text(TextForms.ticks(row.lostTicks()));
        columns.text(TextForms.workers(row.goneNames())).endRow();
      }
      to.writeEach(CHANGE, columns, "chunks that change", "chunk");
    }
  }

  /** Writes rows that the leader does not know yet. */
  static void insertAhead(Writes to, Datasets datasets, Collection<ChunkRow> rows) {
    if (rows.size() < MANY) {
      write(to, INSERT, datasets, List.copyOf(rows), false);
      return;
    }
    to.copyIn(
        COPY,
        out -> {
          for (ChunkRow row : rows) {
            copy(out, datasets.number(row.key().dataset()), row, Optional.empty());
            out.none();
          }
        });
  }

  /**
   * Writes a few rows of chunks that were just admitted, and that the leader does not know yet.
   * Fails where a dataset is not there, a key is, or a live chunk has one of the blocks.
   */
  static void insertAdmitted(SqlBatch batch, List<ChunkRow> rows) {
    ColumnSet columns = new ColumnSet(rows.size());
    for (ChunkRow row : rows) {
      if (!isAsAdmitted(row)) {
        throw new InvariantViolation("an ingest admits", "it left " + row);
      }
      columns.text(row.key().dataset().value());
      describe(columns, row);
      columns.bigint(row.admittedTick()).endRow();
    }
    batch.run(ADMITTED, columns.values());
  }

  /** Whether nothing has happened to the chunk but that it was admitted. */
  private static boolean isAsAdmitted(ChunkRow row) {
    return row.state() == ChunkState.ADMITTED
        && !row.marked()
        && !row.oncePossessed()
        && !row.staleRoutes()
        && row.establishedAt() == 0
        && row.endTick() == 0
        && row.rejectedBy() == null
        && row.lostTicks().isEmpty();
  }

  /** Sets removal marks that the leader does not know yet. */
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
      Writes to, String statement, Datasets datasets, List<ChunkRow> rows, boolean withPlaces) {
    for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
      List<ChunkRow> part = rows.subList(from, Math.min(rows.size(), from + ROWS_AT_ONCE));
      ColumnSet columns = new ColumnSet(part.size());
      for (ChunkRow row : part) {
        add(columns, datasets, row, withPlaces);
      }
      to.write(statement, columns);
    }
  }

  private static void add(ColumnSet columns, Datasets datasets, ChunkRow row, boolean withPlaces) {
    ChunkNumber number = withPlaces ? row.number() : null;
    ChunkKey winner = row.rejectedBy();
    columns.integer(datasets.number(row.key().dataset()));
    describe(columns, row);
    columns.small(row.state().ordinal()).flag(row.marked());
    columns.bigint(number == null ? 0 : number.lineage().token());
    columns.bigint(number == null ? 0 : number.counter());
    columns.flag(row.oncePossessed()).flag(row.staleRoutes()).bigint(row.establishedAt());
    columns.bigint(row.admittedTick()).bigint(row.endTick());
    columns.text(winner == null ? null : winner.id()).text(TextForms.ticks(row.lostTicks()));
    columns.text(TextForms.workers(row.goneNames()));
    columns.integer(withPlaces ? row.position() : -1).endRow();
  }

  /** What its ingester said of it. */
  private static void describe(ColumnSet columns, ChunkRow row) {
    columns.text(row.key().id());
    columns.bigint(row.range().first()).bigint(row.range().last()).bigint(row.sizeBytes());
    columns.integer(row.weight()).text(TextForms.version(row.eligibility().minVersion()));
    columns.text(TextForms.labels(row.eligibility().requiredLabels()));
  }

  static Stored read(ResultSet from, Datasets datasets) throws SQLException {
    String id = from.getString(2);
    int dataset = from.getInt(1);
    try {
      ChunkKey key = new ChunkKey(datasets.id(dataset), id);
      String winner = from.getString(18);
      long counter = from.getLong(12);
      int position = from.getInt(21);
      ChunkRow row =
          new ChunkRow(
              from.wasNull() ? -1 : position,
              key,
              new BlockRange(from.getLong(3), from.getLong(4)),
              from.getLong(5),
              from.getInt(6),
              TextForms.eligibility(from.getString(7), from.getString(8)),
              ChunkState.values()[from.getInt(9)],
              from.getBoolean(10),
              counter == 0 ? null : new ChunkNumber(Lineage.of(from.getLong(11)), counter),
              from.getBoolean(13),
              from.getBoolean(14),
              from.getLong(15),
              from.getLong(16),
              from.getLong(17),
              winner == null ? null : new ChunkKey(key.dataset(), winner),
              TextForms.ticks(from.getString(19)),
              TextForms.workers(from.getString(20)));
      return new Stored(row, from.getBoolean(22));
    } catch (RuntimeException e) {
      throw unreadable(String.valueOf(id), dataset, e);
    }
  }

  /** This row at another place. */
  static ChunkRow at(ChunkRow row, int position) {
    return copy(row, position, row.marked());
  }

  private static ChunkRow marked(ChunkRow row) {
    return copy(row, row.position(), true);
  }

  private static ChunkRow copy(ChunkRow row, int position, boolean marked) {
    return new ChunkRow(
        position,
        row.key(),
        row.range(),
        row.sizeBytes(),
        row.weight(),
        row.eligibility(),
        row.state(),
        marked,
        row.number(),
        row.oncePossessed(),
        row.staleRoutes(),
        row.establishedAt(),
        row.admittedTick(),
        row.endTick(),
        row.rejectedBy(),
        row.lostTicks(),
        row.goneNames());
  }
}
