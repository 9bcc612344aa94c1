package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The row of table {@code lease}; grants and resignations need the gate, extensions do not. */
final class LeaseSql {
  /** Nanoseconds since 1970 on the database's clock, with a resolution of a microsecond. */
  static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000";

  /** Stands for the timeline of a standby, which does not write its log. */
  private static final int OF_STANDBY = 0;

  private static final String SYSTEM = "(SELECT system_identifier FROM pg_control_system())";

  /** Selects the answering server's identity and the timeline of its log. */
  static final String SERVER =
      SYSTEM
          + ", CASE WHEN pg_is_in_recovery() THEN "
          + OF_STANDBY
          + " ELSE ('x' ||"
          + " substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::integer END";

  /** Ignores an empty holder, with which a hand could otherwise stop every claim. */
  private static final String READ =
      "SELECT NULLIF(holder, ''), epoch, lineage, expires_nanos, "
          + NOW
          + ", system_id, timeline, "
          + SERVER
          + ", current_setting('synchronous_standby_names') <> '' FROM $.lease";

  /** As {@link #READ} for many fleets, with the server's identity read once. */
  private static final String READ_ALL =
      "WITH answering (system, line) AS MATERIALIZED (SELECT "
          + SERVER
          + ") SELECT NULLIF(held.holder, ''), held.epoch, held.lineage, held.expires_nanos, "
          + NOW
          + ", held.system_id, held.timeline, answering.system, answering.line,"
          + " current_setting('synchronous_standby_names') <> '', held.fleet FROM answering, (";

  private static final String ONE_OF_ALL =
      "SELECT holder, epoch, lineage, expires_nanos, system_id, timeline, # AS fleet FROM $.lease";

  /** As {@link #READ}, with the timeline of the grant: a standby has no other one of its own. */
  private static final String READ_ANYWHERE =
      READ.replace(SERVER, SYSTEM + ", COALESCE(timeline, -1)");

  /** The end of the lease in nanoseconds, computed by the server. */
  private static final String EXPIRY =
      "(least(" + NOW + "::numeric + ?, 9223372036854775807))::bigint";

  private static final String EXTEND =
      "UPDATE $.lease SET expires_nanos = greatest(expires_nanos, "
          + EXPIRY
          + ") WHERE epoch = ? AND holder IS NOT NULL";

  /** The largest credible epoch; a larger one was written by hand. */
  static final long LARGEST_EPOCH = 1L << 62;

  private LeaseSql() {}

  /** The identity of a server and the timeline of its log. */
  record Server(long system, int timeline) {}

  /**
   * The row and the answering server. The holder is null before the first claim and after a
   * resignation; {@code isSameServer} means that the lease was granted for this server's history,
   * and {@code isLost} that this process misses a commit that it knows of.
   */
  record Stored(
      @Nullable String holder,
      long epoch,
      Lineage lineage,
      long expiresNanos,
      long nowNanos,
      boolean isSameServer,
      boolean isLost,
      boolean isSynchronous,
      Server server) {
    /** Returns the lease as of a history that lacks commits. */
    Stored lost() {
      return new Stored(
          holder,
          epoch,
          lineage,
          expiresNanos,
          nowNanos,
          isSameServer,
          true,
          isSynchronous,
          server);
    }

    /** Reports whether the server has all that was acknowledged, as far as anybody can tell. */
    boolean isServerOfRecord() {
      return isSameServer && !isLost;
    }

    Optional<Lease> lease() {
      if (holder == null) {
        return Optional.empty();
      }
      if (epoch < 1) {
        throw notAnEpoch();
      }
      return Optional.of(new Lease(holder, epoch, lineage, expiresNanos));
    }

    /** Throws {@code Corrupt} for an epoch out of range, from which none can be counted up. */
    void requireCountable() {
      if (epoch < 0 || epoch > LARGEST_EPOCH) {
        throw notAnEpoch();
      }
    }

    private StorageException.Corrupt notAnEpoch() {
      return new StorageException.Corrupt(
          "the row of table lease cannot be read: column epoch is "
              + epoch
              + "; 0 to "
              + LARGEST_EPOCH
              + " is accepted, and at least 1 where there is a holder; it was changed by hand:"
              + " restore a backup",
          null);
    }

    /** Reports whether less than half of a lease of {@code duration} is left. */
    boolean isHalfOver(Duration duration) {
      return expiresNanos - nowNanos < duration.toNanos() / 2;
    }

    boolean isRunning() {
      return expiresNanos > nowNanos;
    }

    /** Reports whether commits may have been lost since and no lineage has begun for that. */
    boolean isHistoryLost(FleetRow fleet) {
      return !isServerOfRecord() || isDue(fleet);
    }

    private boolean isDue(FleetRow fleet) {
      return fleet.lineages().stream().noneMatch(known -> known.token().equals(lineage));
    }

    /** Throws {@code Fenced} for another epoch, lineage or server history. */
    void require(Lease mine) {
      if (!isServerOfRecord()) {
        throw new StorageException.Fenced(
            mine.holder()
                + " held epoch "
                + mine.epoch()
                + "; the store may have lost commits since: its server is another one, or was"
                + " promoted or restored");
      }
      if (holder == null || epoch != mine.epoch()) {
        throw StorageException.Fenced.deposed(mine, lease().orElse(null));
      }
      if (!lineage.equals(mine.lineage())) {
        throw new StorageException.Fenced(
            mine.holder()
                + " held epoch "
                + mine.epoch()
                + " for lineage "
                + mine.lineage()
                + "; the store is now of lineage "
                + lineage);
      }
    }
  }

  static Stored read(SqlTransaction from) {
    return only(from.list(READ, LeaseSql::read));
  }

  static List<Stored> ask(SqlBatch batch) {
    return batch.ask(READ, LeaseSql::read);
  }

  /** Asks for the rows of many fleets: each list has those of a fleet, in order. */
  static List<List<Stored>> askAll(SqlBatch batch, List<FleetSchema> schemas) {
    List<List<Stored>> all = new ArrayList<>();
    for (List<FleetSchema> part : FleetSchema.parts(schemas)) {
      int first = all.size();
      part.forEach(schema -> all.add(new ArrayList<>()));
      batch.visit(
          READ_ALL + FleetSchema.union(part, ONE_OF_ALL) + ") AS held",
          row -> all.get(first + row.getInt(11)).add(read(row)));
    }
    return all;
  }

  /**
   * Asks for the lease at a server that may be a standby. {@link Stored#server} is then the one
   * that the lease was granted for, with the identity of the one that answers.
   */
  static List<Stored> askAnywhere(SqlBatch batch) {
    return batch.ask(READ_ANYWHERE, LeaseSql::read);
  }

  /** Returns the row; throws {@code Transient} if a standby gave it. */
  static Stored only(List<Stored> rows) {
    if (rows.isEmpty()) {
      throw new StorageException.Corrupt(
          "the row of table lease is missing; restore a backup", null);
    }
    if (rows.get(0).server().timeline() == OF_STANDBY) {
      throw new StorageException.Transient(
          "the server is a hot standby, which may lack the newest commits: connect to the primary,"
              + " and give the standby to PostgresChunkStore.Builder.standby",
          StorageException.Outcome.NOT_COMMITTED,
          null);
    }
    return rows.get(0);
  }

  static long now(SqlTransaction from) {
    return from.one("SELECT " + NOW, row -> row.getLong(1)).orElseThrow();
  }

  /** Grants the next epoch, at least {@code least}. */
  static Lease grant(SqlTransaction to, LeaseRequest request, Lineage lineage, long least) {
    return to.one(
            "UPDATE $.lease SET holder = ?, epoch = greatest(epoch + 1, ?), lineage = ?,"
                + " expires_nanos = "
                + EXPIRY
                + ", (system_id, timeline) = (SELECT "
                + SERVER
                + ") RETURNING holder, epoch, lineage, expires_nanos",
            LeaseSql::lease,
            request.holder(),
            least,
            lineage.token(),
            request.duration().toNanos())
        .orElseThrow();
  }

  /** Asks to extend the lease; the list is empty if another holder has it. */
  static List<Lease> askRenewed(SqlBatch batch, Lease mine, Duration duration) {
    return batch.ask(
        EXTEND + " RETURNING holder, epoch, lineage, expires_nanos",
        LeaseSql::lease,
        duration.toNanos(),
        mine.epoch());
  }

  /**
   * Asks to extend the lease of a schema beside others: the list is empty if another transaction
   * has its row, too.
   */
  static List<Lease> askRenewedBeside(
      SqlBatch batch, FleetSchema schema, Lease mine, Duration duration) {
    return batch.ask(
        schema.in(
            EXTEND
                + " AND ctid = (SELECT ctid FROM $.lease FOR NO KEY UPDATE SKIP LOCKED)"
                + " RETURNING holder, epoch, lineage, expires_nanos"),
        LeaseSql::lease,
        duration.toNanos(),
        mine.epoch());
  }

  /** Extends the lease in a transaction that waits for no standby. */
  static void extend(SqlBatch batch, Lease mine, Duration duration) {
    batch.run(EXTEND, duration.toNanos(), mine.epoch());
  }

  static void resign(SqlTransaction to) {
    to.update("UPDATE $.lease SET holder = NULL");
  }

  /** Returns the fleet's lineage, or another one if it has none or may have lost commits. */
  static Lineage lineageToLead(
      SqlTransaction from,
      Stored before,
      Optional<FleetRow> fleet,
      boolean isLost,
      @Nullable LongSupplier lineageTokens) {
    if (fleet.isEmpty() || isLost) {
      return Lineage.of(lineageTokens == null ? randomToken(from) : lineageTokens.getAsLong());
    }
    // A lineage that was granted and has not begun is still due.
    return before.isDue(fleet.get()) ? before.lineage() : fleet.get().lineage();
  }

  private static long randomToken(SqlTransaction from) {
    return from.one(
            "SELECT ('x' || substr(md5(gen_random_uuid()::text), 1, 16))::bit(64)::bigint",
            row -> row.getLong(1))
        .orElseThrow();
  }

  private static Lease lease(ResultSet row) throws SQLException {
    return new Lease(row.getString(1), row.getLong(2), Lineage.of(row.getLong(3)), row.getLong(4));
  }

  private static Stored read(ResultSet row) throws SQLException {
    long system = row.getLong(6);
    boolean isSame = !row.wasNull() && system == row.getLong(8) && row.getInt(7) == row.getInt(9);
    return new Stored(
        row.getString(1),
        row.getLong(2),
        Lineage.of(row.getLong(3)),
        row.getLong(4),
        row.getLong(5),
        isSame,
        false,
        row.getBoolean(10),
        new Server(row.getLong(8), row.getInt(9)));
  }
}
