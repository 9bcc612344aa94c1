package dev.stowage.storage.postgres;

import dev.stowage.command.Command;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Tick;
import dev.stowage.shape.Kind;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Values;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.RowColumns;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.TextForms;
import dev.stowage.storage.postgres.sql.Writes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The row of table {@code fleet}. */
final class FleetSql {
  private static final RowColumns<FleetRow> COLUMNS = RowColumns.FLEET;

  private static final String READ =
      "SELECT digest, evidence_index, evidence_hash, marks_hash, config, "
          + COLUMNS.selected()
          + " FROM $.fleet";

  private static final int FIRST = 6;

  /** The end of the log as a commit is written: the commit itself comes after it. */
  private static final String POSITION = "pg_current_wal_insert_lsn()";

  private static final String PUT =
      "INSERT INTO $.fleet AS f (digest, evidence_index, evidence_hash, marks_hash, config, "
          + COLUMNS.names(name -> name)
          + ", log_position) SELECT *, "
          + POSITION
          + " FROM unnest(?, ?, ?, ?, ?, "
          + COLUMNS.parameters()
          + ") ON CONFLICT (id) DO UPDATE SET (digest, evidence_index, evidence_hash,"
          + " marks_hash, config, "
          + COLUMNS.names(name -> name)
          + ", log_position) = (EXCLUDED.digest, EXCLUDED.evidence_index, EXCLUDED.evidence_hash,"
          + " EXCLUDED.marks_hash, "
          + kept("config")
          + ", "
          + COLUMNS.names(FleetSql::kept)
          + ", EXCLUDED.log_position)";

  private FleetSql() {}

  /** Keeps unchanged large values where they are stored, outside of the row. */
  private static String kept(String column) {
    return "CASE WHEN f.% = EXCLUDED.% THEN f.% ELSE EXCLUDED.% END".replace("%", column);
  }

  /** The leader's row, the state digest, and the evidence head, null before the first commit. */
  record Base(FleetRow row, long digest, @Nullable ChainPoint evidenceHead) {}

  static Optional<Base> base(SqlTransaction transaction) {
    return transaction.one(READ, FleetSql::readBase);
  }

  /** Returns the position of the log just before the leaders' newest commit. */
  static Optional<String> logPosition(SqlTransaction from) {
    return from.one("SELECT log_position FROM $.fleet", row -> row.getString(1));
  }

  static List<Base> askBase(SqlBatch batch) {
    return batch.ask(READ, FleetSql::readBase);
  }

  static List<Base> askBase(SqlBatch batch, KnownConfig known) {
    return batch.ask(READ, row -> readBase(row, known));
  }

  /** The state before a commit; {@code evidenceIndex} is null before the first commit. */
  record Point(
      long digest, long workerAssignment, long portalAssignment, @Nullable Long evidenceIndex) {}

  /** Asks for the state before the next commit; the list is empty before the first commit. */
  static List<Point> askPoint(SqlBatch batch) {
    return batch.ask(
        "SELECT digest, worker_assignment, portal_assignment, evidence_index FROM $.fleet",
        row ->
            new Point(
                row.getLong(1), row.getLong(2), row.getLong(3), row.getObject(4, Long.class)));
  }

  /** The largest tick of cycles without changes, and the reading of the clock at it. */
  record Seen(Tick tick, long clockNanos) {}

  /** Returns the tick seen since the time was last set by hand; tick 0 for none. */
  static Seen seen(SqlTransaction from, FleetRow fleet) {
    return from.one(
            "SELECT t.last_value, c.last_value FROM $.seen_tick t, $.seen_clock c,"
                + " $.seen_resets r WHERE r.last_value = ?",
            row -> new Seen(Tick.of(row.getLong(1)), row.getLong(2)),
            fleet.time().resets())
        .orElseGet(() -> new Seen(Tick.of(0), FleetRow.Time.UNREAD));
  }

  /** Returns a state that has the row of the fleet, with the tick seen. */
  static LifecycleState atTickSeen(SqlTransaction from, LifecycleState state) {
    Seen seen = seen(from, state.fleetRow());
    state.seen(seen.tick(), seen.clockNanos());
    return state;
  }

  /** Keeps a tick in sequences, without dead rows, in crash-safe order. Requires the gate alone. */
  static void advance(SqlBatch batch, Tick largestTick, long clockNanos) {
    batch.visit(
        "SELECT setval('$.seen_clock', ?), setval('$.seen_tick', ?),"
            + " setval('$.seen_resets', f.resets)"
            + " FROM $.seen_tick t, $.seen_resets r, $.fleet f"
            + " WHERE r.last_value <> f.resets OR t.last_value < ?",
        row -> {},
        clockNanos,
        largestTick.value(),
        largestTick.value());
  }

  /** Writes the columns that every commit changes. */
  static void note(Writes to, long digest, ChainPoint head) {
    to.write(
        "UPDATE $.fleet SET digest = ?, evidence_index = ?, evidence_hash = ?, log_position = "
            + POSITION,
        digest,
        head.index(),
        head.hash().toBytes());
  }

  static void put(Writes to, FleetRow row, long digest, @Nullable ChainPoint head) {
    ColumnSet columns = new ColumnSet(1).bigint(digest);
    if (head == null) {
      columns.none(Kind.NUMBER, false).bytes(null);
    } else {
      columns.bigint(head.index()).bytes(head.hash().toBytes());
    }
    columns.bigint(row.marksHash());
    columns.bytes(CommandCodec.toBytes(new Command.Configure(Command.ANY_VERSION, row.config())));
    COLUMNS.bind(row, columns);
    columns.endRow();
    to.write(PUT, columns);
  }

  private static Base readBase(ResultSet from) throws SQLException {
    return readBase(from, new KnownConfig());
  }

  private static Base readBase(ResultSet from, KnownConfig known) throws SQLException {
    long digest = from.getLong(1);
    long index = from.getLong(2);
    byte[] hash = from.getBytes(3);
    ChainPoint head =
        hash == null
            ? null
            : new ChainPoint(index, EvidenceSql.hash(hash, "the head of the evidence"));
    return new Base(read(from, known), digest, head);
  }

  private static FleetRow read(ResultSet from, KnownConfig known) throws SQLException {
    try {
      Values values = COLUMNS.values(from, FIRST, null);
      FleetRow.CONFIG.set(values, known.of(from.getBytes(FIRST - 1)));
      FleetRow row = Shape.of(FleetRow.class).make(values);
      if (row.marksHash() != from.getLong(FIRST - 2)) {
        throw new IllegalArgumentException(TextForms.MARKS_CHANGED);
      }
      return row;
    } catch (RuntimeException e) {
      throw StoredFleet.unreadableRow("table fleet", e);
    }
  }
}
