package dev.stowage.storage.postgres;

import dev.stowage.answer.Question;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.lifecycle.documents.SliceDocument;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * An answer that can be read from any server that has the rows.
 *
 * @param gate the transaction that it needs
 * @param what the answer in words
 * @param asks adds to the first message, and returns what reads the rest
 */
record StoredAnswer<T>(Database.Gate gate, String what, Function<SqlBatch, Rest<T>> asks) {
  /** Reads the rest in the transaction that the first message began. */
  interface Rest<T> {
    T read(SqlTransaction from, FleetSql.Base fleet);
  }

  private static <T> StoredAnswer<T> of(Database.Gate gate, String what, Rest<T> rest) {
    return new StoredAnswer<>(gate, what, first -> rest);
  }

  static <R> StoredAnswer<R> to(Question<R> question) {
    Objects.requireNonNull(question, "question");
    return of(
        Database.Gate.SNAPSHOT, "an answer", (from, fleet) -> StoredReading.answer(from, question));
  }

  static StoredAnswer<Optional<SliceDocument>> slice(WorkerId worker) {
    Objects.requireNonNull(worker, "worker");
    return of(
        Database.Gate.SNAPSHOT, "a slice", (from, fleet) -> SliceSql.whole(from, fleet, worker));
  }

  static StoredAnswer<Optional<SliceDocument>> sliceSince(
      WorkerId worker, Lineage lineage, WorkerAssignmentId known) {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(known, "known");
    return new StoredAnswer<>(
        Database.Gate.GLANCE,
        "a slice",
        first -> {
          SliceSql.Asked asked = SliceSql.ask(first, worker, new SliceSql.Known(lineage, known));
          return (from, fleet) -> SliceSql.since(from, fleet, asked);
        });
  }

  static StoredAnswer<RoutesDocument> routes() {
    return of(Database.Gate.SNAPSHOT, "routes", (from, fleet) -> RouteSql.whole(from, fleet.row()));
  }

  static StoredAnswer<RoutesDocument> routesSince(Lineage lineage, PortalAssignmentId known) {
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(known, "known");
    return of(
        Database.Gate.GLANCE,
        "routes",
        (from, fleet) -> RouteSql.since(from, fleet.row(), lineage, known));
  }
}
