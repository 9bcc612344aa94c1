package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.KeptRanges;
import dev.stowage.store.News;
import dev.stowage.store.QuarantinedNews;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Undoes the rows ahead of the leader that belong to news set aside. Needs the gate alone. */
final class AheadRows {
  private final SqlTransaction transaction;

  /** Chunks promised by news set aside; those that the leader does not keep are deleted. */
  private final Set<ChunkKey> promised = new TreeSet<>();

  AheadRows(SqlTransaction transaction) {
    this.transaction = transaction;
  }

  /** Returns the rows that a piece of news left. */
  News.Traces traces(News.Piece piece) {
    Optional<CommandKind<?, ?>> kind = kindOf(piece);
    boolean isOfChunks = kind.isEmpty() || kind.get().mayCreateDatasets();
    List<ProposedChunk> admitted = new ArrayList<>();
    List<ProposedChunk> offered = new ArrayList<>();
    if (isOfChunks) {
      Datasets datasets = Datasets.all(transaction);
      Set<ChunkKey> others = namedByOthers(piece.mark());
      for (ChunkSql.Stored stored : candidates(piece, datasets)) {
        ChunkRow row = stored.row();
        if (!stored.isBase() && !others.contains(row.key()) && promised.add(row.key())) {
          (row.state() == ChunkState.OFFERED ? offered : admitted).add(proposed(row));
        }
      }
    }
    return new News.Traces(worker(piece), admitted, offered);
  }

  private List<ChunkSql.Stored> candidates(News.Piece piece, Datasets datasets) {
    return piece instanceof News.Item item
        ? ChunkSql.find(transaction, datasets, item.command().kind().chunks(item.command()))
        : unknownToLeader(datasets);
  }

  private Set<ChunkKey> namedByOthers(long mark) {
    Set<ChunkKey> named = new HashSet<>();
    NewsSql.visit(
        transaction,
        piece -> {
          if (piece.mark() != mark && piece instanceof News.Item item) {
            named.addAll(item.command().kind().chunks(item.command()));
          }
        });
    return named;
  }

  private Optional<WorkerRow> worker(News.Piece piece) {
    return piece instanceof News.Unreadable unreadable
        ? unreadable.worker().flatMap(worker -> WorkerSql.newest(transaction, worker))
        : Optional.empty();
  }

  private static Optional<CommandKind<?, ?>> kindOf(News.Piece piece) {
    return piece instanceof News.Item item
        ? Optional.of(item.command().kind())
        : ((News.Unreadable) piece).kind();
  }

  private static ProposedChunk proposed(ChunkRow row) {
    return new ProposedChunk(
        row.key(),
        row.range().first(),
        row.range().last(),
        row.sizeBytes(),
        row.weight() == 0 ? OptionalInt.empty() : OptionalInt.of(row.weight()),
        row.eligibility());
  }

  /** Rebuilds the rows ahead without the news set aside, once consumed news is deleted. */
  void undo(List<QuarantinedNews> aside) {
    boolean isOfFleet = aside.stream().anyMatch(piece -> isOfFleet(piece.kind()));
    Set<String> workers = new TreeSet<>();
    aside.forEach(piece -> piece.worker().ifPresent(worker -> workers.add(worker.value())));
    Writes writes = new Writes(transaction);
    if (!workers.isEmpty()) {
      writes.write(
          "DELETE FROM $.worker WHERE ahead AND id = ANY (?)",
          (Object) workers.toArray(String[]::new));
    }
    if (isOfFleet) {
      undoOfFleet(writes);
    }
    deleteUnknown(writes);
    writes.send();
    List<News.Item> again = new ArrayList<>();
    NewsSql.visit(
        transaction,
        piece -> {
          if (piece instanceof News.Item item && isUndone(item.command(), workers, isOfFleet)) {
            again.add(item);
          }
        });
    again.forEach(item -> PostgresInbox.again(transaction, item));
  }

  /** Deletes marks, swaps, configurations, wishes, and chunks of swaps unknown to the leader. */
  private static void undoOfFleet(Writes to) {
    to.write("DELETE FROM $.fleet WHERE ahead");
    to.write(
        "DELETE FROM $.chunk c USING $.swap_chunk s, $.swap w WHERE w.id = s.swap"
            + " AND w.state IS NULL AND s.side = 1 AND c.dataset = s.dataset AND c.id = s.id"
            + " AND c.position IS NULL");
    to.write("DELETE FROM $.swap WHERE state IS NULL");
    to.write(
        "UPDATE $.swap_chunk c SET pending = (s.state = 0) FROM $.swap s WHERE s.id = c.swap"
            + " AND s.state_ahead IS NOT NULL AND c.pending <> (s.state = 0)");
    // After the swaps, because chunks of a pending swap may overlap those that they replace.
    to.write("UPDATE $.chunk SET removal_ahead = false WHERE removal_ahead");
    to.write("UPDATE $.swap SET state_ahead = NULL WHERE state_ahead IS NOT NULL");
  }

  /** Treats news of an unknown kind as news of the fleet. */
  private static boolean isOfFleet(Optional<CommandKind<?, ?>> kind) {
    return kind.isEmpty()
        || kind.get().concern() == CommandKind.Concern.FLEET
        || kind.get() == CommandKind.REMOVE;
  }

  private static boolean isUndone(Command<?> command, Set<String> workers, boolean isOfFleet) {
    CommandKind<?, ?> kind = command.kind();
    return kind.concern() == CommandKind.Concern.WORKER
        ? kind.worker(command).filter(worker -> workers.contains(worker.value())).isPresent()
        : isOfFleet && isOfFleet(Optional.of(kind));
  }

  /** Asks for ranges near the chunks that removals give up and the leader has not consumed. */
  static void askKept(
      SqlBatch batch, Datasets datasets, List<ProposedChunk> proposed, KeptRanges to) {
    List<ProposedChunk> ranged =
        proposed.stream().filter(chunk -> chunk.violations().isEmpty()).toList();
    if (ranged.isEmpty()) {
      return;
    }
    ColumnSet ranges = new ColumnSet(ranged.size());
    for (ProposedChunk chunk : ranged) {
      ranges.text(chunk.key().dataset().value());
      ranges.bigint(chunk.firstBlock()).bigint(chunk.lastBlock()).endRow();
    }
    batch.visit(
        "SELECT DISTINCT c.dataset, c.id, c.first_block, c.last_block"
            + " FROM unnest(?, ?, ?) AS r (dataset, first_block, last_block)"
            + " JOIN $.dataset d ON d.name = r.dataset COLLATE \"C\""
            + " JOIN $.chunk c ON c.dataset = d.id AND c.removal_ahead AND c.state IN (2, 3)"
            + " AND NOT c.marked AND c.first_block <= r.last_block"
            + " AND c.last_block >= r.first_block",
        row ->
            to.keep(
                new ChunkKey(datasets.id(row.getInt(1)), row.getString(2)),
                new BlockRange(row.getLong(3), row.getLong(4))),
        ranges.values());
  }

  /** Reads the whole table, so callers must be rare. */
  private List<ChunkSql.Stored> unknownToLeader(Datasets datasets) {
    return transaction.list(
        ChunkSql.READ
            + "$.chunk c WHERE c.position IS NULL ORDER BY c.dataset, c.first_block, c.id",
        row -> ChunkSql.read(row, datasets));
  }

  private void deleteUnknown(Writes to) {
    if (promised.isEmpty()) {
      return;
    }
    Datasets datasets = Datasets.all(transaction);
    ColumnSet columns = new ColumnSet(promised.size());
    for (ChunkKey key : promised) {
      columns.integer(datasets.number(key.dataset())).text(key.id()).endRow();
    }
    to.write(
        "DELETE FROM $.chunk c USING unnest(?, ?) AS u (dataset, id) WHERE c.dataset = u.dataset"
            + " AND c.id = u.id COLLATE \"C\" AND c.position IS NULL",
        columns);
  }
}
