package dev.stowage.storage.postgres;

import static java.util.stream.Collectors.joining;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a loss of commits that no process can prove, because all that wrote were stopped when the
 * store went back: workers name what this fleet issued and the store does not know.
 *
 * <p>Two workers must say so within {@link #WITHIN}, because one may be faulty. A lineage that the
 * store does not know counts once: a worker that comes late with it, after another lineage began
 * for it, is no news. While the pause of a lineage runs, none begins in this way.
 */
final class Doubts {
  /** Bounds the time between the reports of the workers that count together. */
  static final Duration WITHIN = Duration.ofMinutes(10);

  private static final int ENOUGH = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Doubts.class);

  /** Lets one process count at a time, so that none misses the report of another. */
  private static final String LOCK = "LOCK TABLE $.doubt IN SHARE ROW EXCLUSIVE MODE";

  private static final String NOTE =
      "INSERT INTO $.doubt AS d (lineage, worker, named, told_nanos) SELECT ?, ?, ?, "
          + LeaseSql.NOW
          + " WHERE NOT EXISTS (SELECT FROM $.doubt WHERE named = ? AND lineage <> ?)"
          + " ON CONFLICT (lineage, worker) DO UPDATE SET named = excluded.named,"
          + " told_nanos = excluded.told_nanos";

  private static final String DOUBTERS =
      "SELECT worker FROM $.doubt WHERE lineage = ? AND told_nanos >= "
          + LeaseSql.NOW
          + " - ? ORDER BY worker";

  private Doubts() {}

  /** Decides a report on the newest rows, and notes it if these lack what it names. */
  static void tell(Database database, Proofs proofs, Command<?> told, Tick now) {
    Command.Report report = (Command.Report) told;
    SqlBatch first = database.opening(Database.Gate.APPENDING).as("scheduler");
    List<FleetSql.Base> base = FleetSql.askBase(first);
    try (Proofs.Opening opening = proofs.open(first);
        SqlTransaction transaction = database.begin(first)) {
      PostgresInbox.requireHistory(transaction, opening.lease(), base);
      FleetRow fleet = base.get(0).row();
      List<WorkerRow> workers =
          WorkerSql.briefly(transaction, List.of(report.header().worker())).stream()
              .map(row -> WorkerSql.at(row, 0))
              .toList();
      LifecycleState state = LifecycleState.load(fleet, new ChangeSet.Parts().workers(workers));
      Result answer = new Lifecycle(PlacementPlanner.sticky()).execute(state, told, now).result();
      if (Lifecycle.namesLostHistory(state, told, answer)) {
        note(transaction, database.schema, fleet, report, now);
      }
    }
  }

  private static void note(
      SqlTransaction transaction,
      FleetSchema schema,
      FleetRow fleet,
      Command.Report report,
      Tick now) {
    ReportHeader header = report.header();
    if (now.value() < fleet.deleteFromTick()) {
      LOG.warn(
          "worker {} names what the store in schema {} does not know; the pause of its lineage is"
              + " not over, so no other one begins",
          header.worker(),
          schema.name());
      return;
    }
    long lineage = fleet.lineage().token();
    long named = header.lineage().token();
    SqlBatch noting =
        new SqlBatch().run(LOCK).run(NOTE, lineage, header.worker().value(), named, named, lineage);
    List<String> doubters =
        noting.ask(DOUBTERS, row -> row.getString(1), lineage, WITHIN.toNanos());
    transaction.run(noting);
    boolean isEnough = doubters.size() >= ENOUGH;
    SqlBatch last = new SqlBatch();
    if (isEnough) {
      Proofs.tell(last, false);
      LOG.warn(
          "workers {} name what the store in schema {} does not know: it lost commits, and a new"
              + " lineage begins with the next leader",
          doubters.stream().limit(10).collect(joining(", ")),
          schema.name());
    } else if (!doubters.isEmpty()) {
      LOG.warn(
          "worker {} names what the store in schema {} does not know; nothing follows unless"
              + " another worker does so within {} minutes",
          header.worker(),
          schema.name(),
          WITHIN.toMinutes());
    }
    transaction.commit(last);
  }
}
