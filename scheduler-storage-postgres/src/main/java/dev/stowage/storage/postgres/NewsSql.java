package dev.stowage.storage.postgres;

import static java.util.stream.Collectors.joining;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.TextForms;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.News;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The rows of table {@code news}: unconsumed commands, by marks drawn under their locks. */
final class NewsSql {
  private static final int MOST_AT_ONCE = 256;

  /** The bytes of news at once, held in memory several times; one larger command is accepted. */
  private static final int MOST_BYTES_AT_ONCE = 32 << 20;

  /** A piece of news, and whether it is the last one waiting. */
  record Waiting(News.Piece item, boolean isLast) {}

  /** The columns of {@code n}; of a command too large to record only kind, digest and length. */
  private static final String COLUMNS =
      "n.mark, n.tick, n.worker, CASE WHEN octet_length(n.command) > "
          + EvidenceLog.MAX_PAYLOAD_BYTES
          + " THEN substr(n.command, 1, 2) ELSE n.command END, octet_length(n.command),"
          + " CASE WHEN octet_length(n.command) > "
          + EvidenceLog.MAX_PAYLOAD_BYTES
          + " THEN sha256(n.command) END, n.kind, n.about_fleet";

  private NewsSql() {}

  /** Asks for the first rows, see {@link #of}. */
  static List<Waiting> ask(SqlBatch batch) {
    return batch.ask(
        "SELECT "
            + COLUMNS
            + ", at = waiting FROM (SELECT mark, tick, kind, about_fleet, worker, command,"
            + " row_number() OVER w AS at, count(*) OVER () AS waiting,"
            + " sum(octet_length(command)) OVER w - octet_length(command) AS bytes"
            + " FROM (SELECT * FROM $.news ORDER BY mark LIMIT "
            + (MOST_AT_ONCE + 1)
            + ") n WINDOW w AS (ORDER BY mark)) n WHERE at <= "
            + MOST_AT_ONCE
            + " AND bytes < "
            + MOST_BYTES_AT_ONCE
            + " ORDER BY mark",
        row -> new Waiting(piece(row), row.getBoolean(9)));
  }

  /** Asks whether news waits in each of some schemas, in order. */
  static void askWaiting(SqlBatch batch, List<FleetSchema> schemas, List<Boolean> answers) {
    for (List<FleetSchema> part : FleetSchema.parts(schemas)) {
      batch.visit(
          part.stream()
              .map(it -> it.in("(SELECT mark FROM $.news ORDER BY mark DESC LIMIT 1) IS NOT NULL"))
              .collect(joining(", ", "SELECT ARRAY[", "]")),
          row -> answers.addAll(List.of((Boolean[]) row.getArray(1).getArray())));
    }
  }

  /** Visits all waiting news in order. */
  static void visit(SqlTransaction from, Consumer<News.Piece> visitor) {
    from.visit(
        "SELECT " + COLUMNS + " FROM $.news n ORDER BY n.mark", row -> visitor.accept(piece(row)));
  }

  static News of(List<Waiting> rows) {
    return rows.isEmpty()
        ? News.NONE
        : new News(rows.stream().map(Waiting::item).toList(), !rows.get(rows.size() - 1).isLast());
  }

  /** Adds a command. */
  static void add(SqlBatch batch, Tick tick, Command<?> command, Optional<WorkerId> worker) {
    batch.run(
        "INSERT INTO $.news (tick, kind, about_fleet, worker, command) VALUES (?, ?, ?, ?, ?)",
        tick.value(),
        (short) command.kind().number(),
        isAboutFleet(command),
        worker.map(WorkerId::value).orElse(null),
        CommandCodec.toBytes(command));
  }

  /** An accepted command of an ingester. */
  record Fresh(Tick tick, Command<?> command) {}

  static void addAll(SqlBatch batch, Collection<Fresh> accepted) {
    ColumnSet columns = new ColumnSet(accepted.size());
    for (Fresh one : accepted) {
      columns.bigint(one.tick().value()).small(one.command().kind().number());
      columns.bytes(CommandCodec.toBytes(one.command())).endRow();
    }
    batch.run(
        "INSERT INTO $.news (tick, kind, about_fleet, command)"
            + " SELECT u.tick, u.kind, false, u.command"
            + " FROM unnest(?, ?, ?) WITH ORDINALITY AS u (tick, kind, command, at) ORDER BY u.at",
        columns.values());
  }

  static void delete(Writes to, Collection<Long> marks) {
    to.write(
        "DELETE FROM $.news WHERE mark = ANY (?)",
        (Object) marks.stream().mapToLong(Long::longValue).toArray());
  }

  /** Returns news even of an unreadable row; the leader sets it aside. */
  private static News.Piece piece(ResultSet row) throws SQLException {
    long mark = row.getLong(1);
    long tick = row.getLong(2);
    byte[] bytes = row.getBytes(4);
    long length = row.getLong(5);
    byte[] digest = row.getBytes(6);
    int number = row.getInt(7);
    try {
      if (digest != null) {
        throw new IllegalArgumentException(
            "it has "
                + length
                + " bytes; at most "
                + EvidenceLog.MAX_PAYLOAD_BYTES
                + " can be recorded");
      }
      Command<?> command = CommandCodec.fromBytes(bytes);
      if (command.kind().isLeadersOwn()) {
        throw new IllegalArgumentException(
            "it is a " + command.kind() + ", which only the holder of the lease may give");
      }
      requireSame(row, command);
      return new News.Item(mark, Tick.of(tick), command);
    } catch (RuntimeException e) {
      return new News.Unreadable(
          mark,
          Tick.of(Math.max(0, tick)),
          kind(bytes).filter(kind -> kind.number() == number),
          TextForms.worker(row.getString(3)),
          digest == null ? Hash256.of(bytes) : Hash256.fromBytes(digest, 0),
          length,
          "the command cannot be read: " + e.getMessage());
    }
  }

  private static boolean isAboutFleet(Command<?> command) {
    return command.kind().concern() == CommandKind.Concern.FLEET;
  }

  /** Refuses a command of another kind or worker than its row was checked by. */
  private static void requireSame(ResultSet row, Command<?> command) throws SQLException {
    String worker = command.kind().worker(command).map(WorkerId::value).orElse(null);
    String told = row.getString(3);
    if (row.getInt(7) != command.kind().number()
        || row.getBoolean(8) != isAboutFleet(command)
        || !Objects.equals(told, worker)) {
      throw new IllegalArgumentException(
          "it is a "
              + command.kind()
              + ", kind "
              + command.kind().number()
              + (worker == null ? "" : ", of worker " + worker)
              + "; its row says kind "
              + row.getInt(7)
              + (row.getBoolean(8) ? " about the fleet" : "")
              + (told == null ? "" : " of worker " + StorageException.printable(told)));
    }
  }

  /** Reads the kind, which follows the version of the encoding. */
  private static Optional<CommandKind<?, ?>> kind(byte[] bytes) {
    if (bytes.length < 2 || bytes[0] != CanonicalWriter.VERSION) {
      return Optional.empty();
    }
    for (CommandKind<?, ?> kind : CommandKind.ALL) {
      if (kind.number() == (bytes[1] & 0xff)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
