package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Tick;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.Aged;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * An answer with the newest cycle that the answering server knows of.
 *
 * <p>A cycle keeps its reading of the trusted clock in the fleet's row, or in sequences if it
 * changes nothing else. Sequences are read before the snapshot is taken, because their values are
 * of the moment of reading: so the snapshot has all that was committed before the cycle.
 *
 * @param lease the lease, with the server whose clock the cycle read
 */
record Dated<T>(T value, FleetRow fleet, Seen seen, LeaseSql.Stored lease) {
  private static final String SEEN =
      "SELECT t.last_value, c.last_value, r.last_value FROM $.seen_tick t, $.seen_clock c,"
          + " $.seen_resets r";

  /** The values of the sequences. */
  record Seen(long tick, long clockNanos, long resets) {}

  /** Reads an answer from a server. */
  static <T> Dated<T> read(
      Database from,
      StoredAnswer<T> answer,
      KnownConfig config,
      Function<SqlBatch, List<LeaseSql.Stored>> asksLease,
      UnaryOperator<LeaseSql.Stored> notes,
      Function<SqlBatch, SqlTransaction> begins) {
    SqlBatch before = new SqlBatch();
    List<Seen> seen =
        before.ask(SEEN, row -> new Seen(row.getLong(1), row.getLong(2), row.getLong(3)));
    SqlBatch first = from.openingAfter(before, answer.gate());
    List<LeaseSql.Stored> leases = asksLease.apply(first);
    List<FleetSql.Base> bases = FleetSql.askBase(first, config);
    List<Boolean> isMinted = SliceSql.askMinted(first);
    StoredAnswer.Rest<T> rest = answer.asks().apply(first);
    try (SqlTransaction transaction = begins.apply(first)) {
      LeaseSql.Stored lease = notes.apply(LeaseSql.only(leases));
      return StoredFleet.readable(
          answer.what(),
          () -> {
            FleetSql.Base fleet = StoredFleet.served(transaction, lease, bases);
            SliceSql.requireMinted(isMinted, fleet.row());
            return new Dated<>(rest.read(transaction, fleet), fleet.row(), seen.get(0), lease);
          });
    }
  }

  /** Reports whether the age can be told. */
  boolean isClockRead() {
    return fleet.time().isRead();
  }

  /** Returns the age at a reading of the clock that the cycle read; 0 if it read none. */
  long ageNanos(long clockNanos) {
    // A clock that was never read is the smallest number.
    long newest = Math.max(seen.clockNanos(), fleet.time().clockNanos());
    return isClockRead() ? Math.max(0, clockNanos - newest) : 0;
  }

  /** Returns the ticks for which routes may be used, as of the newest cycle. */
  long portalWindowTicks() {
    long lead = isClockRead() ? fleet.config().trust().allowedSkewTicks() : 0;
    return Math.max(0, fleet.config().drainWindowTicks() - lead);
  }

  /**
   * Returns the age from which on nothing is answered: the window of portals, less the tick in
   * which the newest cycle took place.
   */
  Duration oldest() {
    long ticks = Math.max(0, portalWindowTicks() - 1);
    long nanos = ticks * fleet.time().tickNanos();
    boolean isBeyond = Math.multiplyHigh(ticks, fleet.time().tickNanos()) != 0 || nanos < 0;
    return Duration.ofNanos(isBeyond ? Long.MAX_VALUE : nanos);
  }

  Aged<T> aged(long ageNanos, boolean isFromStandby) {
    boolean isLater = seen.resets() == fleet.time().resets() && seen.tick() > fleet.largestTick();
    return new Aged<>(
        value,
        ageNanos,
        isFromStandby,
        Tick.of(isLater ? seen.tick() : fleet.largestTick()),
        fleet.config(),
        portalWindowTicks());
  }
}
