package dev.stowage.storage.postgres;

import dev.stowage.command.Result;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.storage.postgres.sql.Database;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.CommandId;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.StoreInbox;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Appends commands of other processes to table {@code inbox}, and reads their answers. */
final class PostgresInbox implements StoreInbox {
  private final Database database;
  private final WakeUps news;
  private final WakeUps answers;
  private final Proofs proofs;

  PostgresInbox(Database database, WakeUps news, WakeUps answers, Proofs proofs) {
    this.database = database;
    this.news = news;
    this.answers = answers;
    this.proofs = proofs;
  }

  @Override
  public Set<CommandId> append(List<Sent> commands) {
    List<Sent> all = StoreInbox.requireAppendable(commands);
    if (all.isEmpty()) {
      return Set.of();
    }
    SqlBatch first =
        database
            .opening(Database.Gate.APPENDING)
            .as(StoreRoles.of(CommandKind.kindOf(all.get(0).command())));
    List<FleetSql.Base> fleet = FleetSql.askBase(first);
    InboxSql.Room room = InboxSql.askRoom(first, all);
    try (Proofs.Opening opening = proofs.open(first);
        SqlTransaction transaction = database.begin(first)) {
      StoredFleet.served(transaction, opening.lease(), fleet);
      List<Sent> fitting = room.fitting(all);
      SqlBatch last = new SqlBatch();
      WakeUps.notify(last, database.schema);
      InboxSql.append(last, fitting);
      opening.stamp(last);
      commit(transaction, opening, last);
      if (!fitting.isEmpty()) {
        news.wake();
      }
      return room.refused(all);
    }
  }

  /** Commits, or looks up the outcome if the answer was lost. */
  private void commit(SqlTransaction own, Proofs.Opening opening, SqlBatch last) {
    try {
      opening.commit(() -> own.commit(last));
    } catch (StorageException.Transient e) {
      // The look-up needs a connection, and other commits may have the rest.
      own.close();
      if (e.outcome() == StorageException.Outcome.NOT_COMMITTED) {
        throw e;
      }
      requireCommitted(opening, e);
      opening.acknowledge();
    }
  }

  private void requireCommitted(Proofs.Opening opening, StorageException.Transient unknown) {
    boolean isStored;
    try (SqlTransaction transaction = database.begin(Database.Gate.APPENDING)) {
      isStored = opening.isStored(transaction);
      if (isStored) {
        transaction.confirm(database.patience());
      }
    } catch (StorageException.Transient e) {
      unknown.addSuppressed(e);
      throw unknown;
    }
    if (!isStored) {
      // It may still be under way: the log takes a command once, however often it is sent.
      throw unknown;
    }
  }

  @Override
  public Map<CommandId, Result> answers(Collection<CommandId> ids) {
    Map<CommandId, Result> known = new TreeMap<>();
    if (!StoreInbox.requireNames(ids).isEmpty()) {
      SqlBatch first = database.opening(Database.Gate.GLANCE);
      InboxSql.askAnswers(first, ids, known);
      database.begin(first).close();
    }
    return known;
  }

  @Override
  public boolean withdraw(CommandId id) {
    Objects.requireNonNull(id, "id");
    try (SqlTransaction transaction = database.begin(Database.Gate.APPENDING)) {
      boolean isWithdrawn = InboxSql.withdraw(transaction, id);
      transaction.commit();
      return isWithdrawn;
    }
  }

  @Override
  public AutoCloseable onNews(Runnable hint) {
    return news.subscribe(Objects.requireNonNull(hint, "hint"));
  }

  @Override
  public AutoCloseable onAnswers(Runnable hint) {
    return answers.subscribe(Objects.requireNonNull(hint, "hint"));
  }
}
