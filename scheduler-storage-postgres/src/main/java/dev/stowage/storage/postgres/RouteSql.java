package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads routes from chunks and replicas, and their changes from table {@code route_change}. */
final class RouteSql {
  private static final Comparator<Route> ORDER =
      Comparator.comparing((Route route) -> route.key().dataset())
          .thenComparingLong(route -> route.range().first());

  /** Aggregates ids of workers {@code w}, each followed by the zone that routes tell of it. */
  private static final String NAMED =
      "string_agg(w.id || E'\\n' || COALESCE(w.told_zone, CASE WHEN w.zone = w.id THEN ''"
          + " ELSE w.zone END), E'\\n')";

  /** Selects visible chunks with the workers that the newest portal assignment names. */
  private static final String ROUTES =
      "SELECT d.name, c.id, c.first_block, c.last_block, c.number_lineage, c.number_counter,"
          + " c.size_bytes, (SELECT "
          + NAMED
          + " FROM unnest(c.gone_names) g JOIN $.worker w ON w.id = g), (SELECT "
          + NAMED
          + " FROM $.replica r JOIN $.worker w ON w.position = r.worker"
          + " WHERE r.chunk = c.position AND r.flags & 1 = 1)"
          + " FROM $.chunk c JOIN $.dataset d ON d.id = c.dataset"
          + " WHERE c.position IS NOT NULL AND c.state = 3";

  /** Restricts {@link #ROUTES} to chunks that assignments after a given one may have changed. */
  private static final String CHANGED =
      ROUTES + " AND c.position IN (SELECT unnest(h.chunks) FROM $.route_change h WHERE h.id > ?)";

  /** The checksum of a row of table {@code route_change}. */
  private static final String SEAL =
      "md5(concat_ws(' ', h.id, h.lineage, h.tick, h.chunks, h.gone_datasets, h.gone_ids))";

  private static final String BY_A_HAND = "; some row was changed by hand: restore a backup";

  private RouteSql() {}

  /** Returns damage to the rows that deltas are read from, in words. */
  static List<String> problems(SqlTransaction from, FleetRow fleet) {
    List<String> found =
        from.list(
            "SELECT h.id FROM $.route_change h WHERE h.seal <> " + SEAL,
            row -> "row " + row.getLong(1) + " of table route_change was changed by hand");
    from.one(
            "SELECT count(*), min(id), max(id) FROM $.route_change",
            row ->
                row.getLong(1) == row.getLong(3) - row.getLong(2) + 1
                    && row.getLong(3) == fleet.portalAssignment())
        .filter(isWhole -> !isWhole)
        .ifPresent(gap ->
            found.add(
                "table route_change lacks a portal assignment up to "
                    + fleet.portalAssignment()
                    + BY_A_HAND));
    return found;
  }

  /** Throws {@code Corrupt} if a row that the delta needs is missing or changed. */
  private static void requireWhole(SqlTransaction from, FleetRow fleet, long known) {
    boolean isWhole =
        from.one(
                "SELECT count(*) = ? - ? AND COALESCE(bool_and(h.seal = "
                    + SEAL
                    + "), true) FROM $.route_change h WHERE h.id > ?",
                row -> row.getBoolean(1),
                fleet.portalAssignment(),
                known,
                known)
            .orElseThrow();
    if (!isWhole) {
      throw new StorageException.Corrupt(
          "table route_change lacks what changed since portal assignment "
              + known
              + ", and nothing is served from it: run audit, then restore a backup",
          null);
    }
  }

  /** Throws {@code Corrupt} for an unminted id, because portals never go back to a smaller one. */
  private static void requireNewest(SqlTransaction from, FleetRow fleet) {
    boolean isMinted =
        from.one(
                "SELECT EXISTS (SELECT FROM $.route_change h WHERE h.id = ? AND h.seal = "
                    + SEAL
                    + ")",
                row -> row.getBoolean(1),
                fleet.portalAssignment())
            .orElseThrow();
    if (!isMinted) {
      throw new StorageException.Corrupt(
          "table route_change does not end with portal assignment "
              + fleet.portalAssignment()
              + ", and no routes are served: run audit, then restore a backup",
          null);
    }
  }

  /** Notes the possible changes of a minted assignment. */
  static void minted(Writes to, Datasets datasets, FleetRow fleet, NetChange net) {
    BitSet touched = (BitSet) net.rerouted.clone();
    SortedSet<ChunkKey> gone = net.gone();
    for (Collection<ChunkRow> rows : List.of(net.createdChunks, net.changedChunks)) {
      for (ChunkRow row : rows) {
        touched.set(row.position());
      }
    }
    for (int row = 0; row < net.replicas.size(); row++) {
      touched.set(net.replicas.chunk(row));
    }
    write(
        to,
        fleet,
        touched.stream().toArray(),
        gone.stream().mapToInt(key -> datasets.number(key.dataset())).toArray(),
        gone.stream().map(ChunkKey::id).toArray(String[]::new));
  }

  /** Notes a first assignment, without a predecessor. */
  static void begun(Writes to, FleetRow fleet) {
    write(to, fleet, new int[0], new int[0], new String[0]);
  }

  private static void write(
      Writes to, FleetRow fleet, int[] chunks, int[] goneDatasets, String[] goneIds) {
    to.write(
        "INSERT INTO $.route_change (id, lineage, tick, chunks, gone_datasets, gone_ids, seal)"
            + " SELECT h.*, "
            + SEAL
            + " FROM (VALUES (?, ?, ?, ?, ?, ?))"
            + " AS h (id, lineage, tick, chunks, gone_datasets, gone_ids)",
        fleet.portalAssignment(),
        fleet.lineage().token(),
        fleet.largestTick(),
        chunks,
        goneDatasets,
        goneIds);
  }

  /** Deletes assignments before a tick except the newest; returns their number. */
  static int trim(SqlTransaction to, long beforeTick, int maxRows) {
    return HistorySql.trimAssignments(to, "$.route_change", beforeTick, maxRows);
  }

  static RoutesDocument whole(SqlTransaction from, FleetRow fleet) {
    requireNewest(from, fleet);
    return document(fleet, Optional.empty(), List.of(), from.list(ROUTES, RouteSql::route));
  }

  /** Returns the changes since an assignment, or all routes if it is not kept. */
  static RoutesDocument since(
      SqlTransaction from, FleetRow fleet, Lineage lineage, PortalAssignmentId known) {
    if (!isKept(from, fleet, lineage, known)) {
      return whole(from, fleet);
    }
    requireWhole(from, fleet, known.value());
    List<Route> put = from.list(CHANGED, RouteSql::route, known.value());
    SortedSet<ChunkKey> removed =
        new TreeSet<>(
            from.list(
                "SELECT d.name, g.id FROM $.route_change h"
                    + " CROSS JOIN LATERAL unnest(h.gone_datasets, h.gone_ids) AS g (dataset, id)"
                    + " JOIN $.dataset d ON d.id = g.dataset WHERE h.id > ?",
                RouteSql::key,
                known.value()));
    return document(fleet, Optional.of(known), removed, put);
  }

  private static boolean isKept(
      SqlTransaction from, FleetRow fleet, Lineage lineage, PortalAssignmentId known) {
    return lineage.equals(fleet.lineage())
        && known.value() <= fleet.portalAssignment()
        && from.one(
                "SELECT 1 FROM $.route_change WHERE id = ? AND lineage = ?",
                row -> true,
                known.value(),
                lineage.token())
            .isPresent();
  }

  private static RoutesDocument document(
      FleetRow fleet,
      Optional<PortalAssignmentId> from,
      Collection<ChunkKey> removed,
      List<Route> put) {
    put.sort(ORDER);
    return new RoutesDocument(
        fleet.lineage(),
        PortalAssignmentId.of(fleet.portalAssignment()),
        from,
        List.copyOf(removed),
        put);
  }

  private static Route route(ResultSet row) throws SQLException {
    SortedMap<WorkerId, String> named = new TreeMap<>();
    putNamed(named, row.getString(8));
    putNamed(named, row.getString(9));
    return new Route(
        key(row),
        new BlockRange(row.getLong(3), row.getLong(4)),
        new ChunkNumber(Lineage.of(row.getLong(5)), row.getLong(6)),
        row.getLong(7),
        List.copyOf(named.keySet()),
        List.copyOf(named.values()));
  }

  private static void putNamed(SortedMap<WorkerId, String> to, @Nullable String named) {
    String[] texts = named == null ? new String[0] : named.split("\n", -1);
    for (int i = 0; i < texts.length; i += 2) {
      to.put(WorkerId.of(texts[i]), texts[i + 1]);
    }
  }

  private static ChunkKey key(ResultSet row) throws SQLException {
    return new ChunkKey(DatasetId.of(row.getString(1)), row.getString(2));
  }
}
