package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Lineage;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The row of table {@code lease}: who leads until when, and the history of the server that this was
 * granted for. Leases run on the database's clock. Whoever grants the lease or gives it back holds
 * the gate alone; whoever extends it names the epoch, and needs no gate.
 */
final class LeaseSql {
  /** Nanoseconds since 1970 on the database's clock, which counts microseconds. */
  static final String NOW = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000";

  /** The server that answers: its identity for life, and the timeline that its log is on. */
  private static final String SERVER =
      "(SELECT system_identifier FROM pg_control_system()), ('x' ||"
          + " substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::integer";

  /** A holder without a name is nobody: else a hand that wrote one would stop every claim. */
  private static final String READ =
      "SELECT NULLIF(holder, ''), epoch, lineage, expires_nanos, "
          + NOW
          + ", system_id, timeline, "
          + SERVER
          + " FROM $.lease";

  /** The end of the lease, as a statement computes it; a renewal never shortens it. */
  private static final String EXPIRY =
      "(least(" + NOW + "::numeric + ?, 9223372036854775807))::bigint";

  private static final String EXTEND =
      "UPDATE $.lease SET expires_nanos = greatest(expires_nanos, "
          + EXPIRY
          + ") WHERE epoch = ? AND holder IS NOT NULL";

  /** Epochs are counted up from 1 by one: one as large as this was written by a hand. */
  static final long LARGEST_EPOCH = 1L << 62;

  private LeaseSql() {}

  /**
   * The row, beside the server that answers now.
   *
   * @param holder null before the first claim and after a resignation
   * @param nowNanos the database's clock
   * @param isServerOfRecord whether the lease was granted for the history of this server
   */
  record Stored(
      @Nullable String holder,
      long epoch,
      Lineage lineage,
      long expiresNanos,
      long nowNanos,
      boolean isServerOfRecord) {
    Optional<Lease> lease() {
      if (holder == null) {
        return Optional.empty();
      }
      if (epoch < 1) {
        throw notAnEpoch();
      }
      return Optional.of(new Lease(holder, epoch, lineage, expiresNanos));
    }

    /** Refuses an epoch after which there is none that could be granted. */
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
              + " is accepted, and at least 1 where there is a holder; it was changed by a hand:"
              + " restore a backup",
          null);
    }

    boolean isRunning() {
      return expiresNanos > nowNanos;
    }

    /** Whether commits may have been lost since, and no lineage has begun for it. */
    boolean isHistoryLost(FleetRow fleet) {
      return !isServerOfRecord
          || fleet.lineages().stream().noneMatch(known -> known.token().equals(lineage));
    }

    /** Refuses whoever holds another epoch, or leads another history. */
    void require(Lease mine) {
      if (!isServerOfRecord) {
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
                + "; now it is for lineage "
                + lineage);
      }
    }
  }

  static Stored read(SqlTransaction from) {
    return only(from.list(READ, LeaseSql::read));
  }

  /** The row, once the batch was answered; {@link #only} takes it out. */
  static List<Stored> ask(SqlBatch batch) {
    return batch.ask(READ, LeaseSql::read);
  }

  static Stored only(List<Stored> rows) {
    if (rows.isEmpty()) {
      throw new StorageException.Corrupt(
          "the row of table lease is missing; restore a backup", null);
    }
    return rows.get(0);
  }

  static long now(SqlTransaction from) {
    return from.one("SELECT " + NOW, row -> row.getLong(1)).orElseThrow();
  }

  /** Grants the lease in the next epoch. */
  static Lease grant(SqlTransaction to, LeaseRequest request, Lineage lineage) {
    return to.one(
            "UPDATE $.lease SET holder = ?, epoch = epoch + 1, lineage = ?, expires_nanos = "
                + EXPIRY
                + ", (system_id, timeline) = (SELECT "
                + SERVER
                + ") RETURNING holder, epoch, lineage, expires_nanos",
            LeaseSql::lease,
            request.holder(),
            lineage.token(),
            request.duration().toNanos())
        .orElseThrow();
  }

  /** Extends the lease, unless it is another's by now; once the batch was answered. */
  static List<Lease> askRenewed(SqlBatch batch, Lease mine, Duration duration) {
    return batch.ask(
        EXTEND + " RETURNING holder, epoch, lineage, expires_nanos",
        LeaseSql::lease,
        duration.toNanos(),
        mine.epoch());
  }

  /** What is done under a lease extends it. */
  static void extend(SqlBatch batch, Lease mine, Duration duration) {
    batch.run(EXTEND, duration.toNanos(), mine.epoch());
  }

  static void resign(SqlTransaction to) {
    to.update("UPDATE $.lease SET holder = NULL");
  }

  /** The lineage of the fleet; another one where it has none yet, or may have lost commits. */
  static Lineage lineageToLead(
      SqlTransaction from,
      Stored before,
      Optional<FleetRow> fleet,
      @Nullable LongSupplier lineageTokens) {
    if (fleet.isEmpty() || !before.isServerOfRecord()) {
      return Lineage.of(lineageTokens == null ? randomToken(from) : lineageTokens.getAsLong());
    }
    // One that was granted and has not begun is still owed.
    return before.isHistoryLost(fleet.get()) ? before.lineage() : fleet.get().lineage();
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
    boolean isNamed = !row.wasNull();
    return new Stored(
        row.getString(1),
        row.getLong(2),
        Lineage.of(row.getLong(3)),
        row.getLong(4),
        row.getLong(5),
        isNamed && system == row.getLong(8) && row.getInt(7) == row.getInt(9));
  }
}
