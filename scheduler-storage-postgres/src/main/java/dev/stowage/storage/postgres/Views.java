package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.model.Tick;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.FleetView;
import dev.stowage.store.spi.LoadedFleet;
import org.jspecify.annotations.Nullable;

/** Caches the newest view until the next commit; its tick is read each time. Thread-safe. */
final class Views {
  private volatile @Nullable Read last;

  /** A view and its commit, with the digest, because a restored schema may repeat commit keys. */
  private record Read(String commit, FleetView view) {}

  FleetView newest(SqlTransaction from) {
    LeaseSql.Stored lease = LeaseSql.read(from);
    FleetSql.Base base = StoredFleet.served(from, lease, FleetSql.base(from).stream().toList());
    String commit =
        base.row().lineage()
            + " "
            + base.digest()
            + " "
            + from.one(
                    "SELECT epoch || '.' || sequence FROM $.committed"
                        + " ORDER BY epoch DESC, sequence DESC LIMIT 1",
                    row -> row.getString(1))
                .orElse("");
    Read known = last;
    if (known != null && known.commit().equals(commit)) {
      long seen = FleetSql.seen(from, base.row()).tick().value();
      Tick tick = Tick.of(Math.max(base.row().largestTick(), seen));
      FleetView view = known.view().at(tick);
      last = new Read(commit, view);
      return view;
    }
    LoadedFleet loaded = StoredFleet.load(from);
    LifecycleState state = loaded.state().orElseThrow(() -> StoredFleet.absent(from));
    loaded.requireDigest(state.digest());
    FleetView view = new FleetView(state);
    last = new Read(commit, view);
    return view;
  }
}
