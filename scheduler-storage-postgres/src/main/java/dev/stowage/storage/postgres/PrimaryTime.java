package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what a primary's clock can show by now, without asking it each time, so that the age of a
 * standby's rows is right although two machines' clocks differ, and while the primary is away.
 *
 * <p>Reads the clock once a minute, and counts on by this machine's elapsed time, from before the
 * question and a thousandth too fast: an estimate may be late, which makes an age too large, and
 * never too small. Readings are kept for each server and timeline, because a promoted server has
 * another clock. Thread-safe.
 */
final class PrimaryTime {
  private static final Logger LOG = LoggerFactory.getLogger(PrimaryTime.class);

  /** The age at which a reading is made anew, and the pause after a failure. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  /** The pause between questions about an unknown server. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Bounds each wait for the primary. */
  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** The elapsed nanoseconds for which a clock may be a nanosecond ahead of another one. */
  private static final long DRIFT = 1_000;

  private static final int MOST_SERVERS = 16;

  private static final String IDENTITY =
      "SELECT (SELECT system_identifier FROM pg_control_system()), (SELECT oid FROM pg_database"
          + " WHERE datname = current_database()), COALESCE((SELECT relnamespace FROM pg_class"
          + " WHERE oid = to_regclass('$.lease')), 0)";

  /** Tells any two schemas apart but those of a standby and its primary. */
  record Identity(long system, long database, long schema) {
    private static Identity of(ResultSet row) throws SQLException {
      return new Identity(row.getLong(1), row.getLong(2), row.getLong(3));
    }

    static List<Identity> ask(SqlBatch batch) {
      return batch.ask(IDENTITY, Identity::of);
    }

    boolean isOfTheSameDatabase(Identity other) {
      return system == other.system && database == other.database;
    }
  }

  private final Database primary;
  private final LongSupplier nanos;
  private final Map<LeaseSql.Server, Reading> readings = new ConcurrentHashMap<>();
  private final ReentrantLock asking = new ReentrantLock();
  private volatile long triedNanos;
  private volatile @Nullable Identity identity;

  /** The clock of a server, asked for at a time of this process. */
  private record Reading(long clockNanos, long askedNanos) {
    long atMost(long now) {
      long passed = now - askedNanos;
      return clockNanos + passed + passed / DRIFT;
    }
  }

  PrimaryTime(Database primary, LongSupplier nanos) {
    this.primary = primary;
    this.nanos = nanos;
    triedNanos = nanos.getAsLong() - FRESH.toNanos();
  }

  /** Returns the identity of the primary's schema; null as long as it was never reached. */
  @Nullable Identity identity() {
    if (identity == null) {
      refresh(AGAIN);
    }
    return identity;
  }

  /** Returns the most that the clock of a server can show; empty if nothing is known of it. */
  OptionalLong atMost(LeaseSql.Server server) {
    Reading known = readings.get(server);
    if (known == null || nanos.getAsLong() - known.askedNanos() > FRESH.toNanos()) {
      refresh(known == null ? AGAIN : FRESH);
      known = readings.get(server);
    }
    return known == null ? OptionalLong.empty() : OptionalLong.of(known.atMost(nanos.getAsLong()));
  }

  /** Asks the primary unless that was tried lately, or another thread does. */
  private void refresh(Duration pause) {
    if (nanos.getAsLong() - triedNanos < pause.toNanos() || !asking.tryLock()) {
      return;
    }
    try {
      triedNanos = nanos.getAsLong();
      ask();
    } catch (StorageException.Transient e) {
      LOG.debug("the clock of the primary could not be read; former readings count on", e);
    } finally {
      asking.unlock();
    }
  }

  private void ask() {
    SqlBatch glance = primary.opening(Database.Gate.SNAPSHOT, LIMIT);
    List<Identity> asked = Identity.ask(glance);
    List<LeaseSql.Stored> lease = LeaseSql.ask(glance);
    long before = nanos.getAsLong();
    primary.beginWithin(glance, LIMIT).close();
    LeaseSql.Stored stored = LeaseSql.only(lease);
    identity = asked.get(0);
    if (readings.size() >= MOST_SERVERS) {
      readings.clear();
    }
    readings.put(stored.server(), new Reading(stored.nowNanos(), before));
  }
}
