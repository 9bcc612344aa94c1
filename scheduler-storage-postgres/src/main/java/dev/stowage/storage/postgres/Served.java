package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.util.List;

/** Asks, in the first message of a reading, what says whether anything may be served. */
record Served(List<LeaseSql.Stored> lease, List<FleetSql.Base> base, List<Boolean> isMinted) {
  static Served ask(SqlBatch batch, KnownConfig known, List<LeaseSql.Stored> lease) {
    return new Served(lease, FleetSql.askBase(batch, known), SliceSql.askMinted(batch));
  }

  /** Returns the row of the lease. */
  LeaseSql.Stored stored() {
    return LeaseSql.only(lease);
  }

  /** Returns the fleet; throws if commits may have been lost. */
  FleetSql.Base fleet(SqlTransaction from, LeaseSql.Stored stored) {
    FleetSql.Base fleet = base.stream().findFirst().orElseThrow(() -> StoredFleet.absent(from));
    if (stored.isHistoryLost(fleet.row())) {
      throw StoredFleet.historyLost();
    }
    SliceSql.requireMinted(isMinted, fleet.row());
    return fleet;
  }
}
