package dev.stowage.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.AnswerCodec;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.TextForms;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.CommandId;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreInbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows of tables {@code inbox} and {@code answer}: commands undecided, and the others' answers.
 */
final class InboxSql {
  private static final int MOST_AT_ONCE = 256;

  /** The bytes of commands at once, held in memory several times; one larger one is accepted. */
  private static final int MOST_BYTES_AT_ONCE = StoreInbox.MOST_BYTES;

  /** How long answers are kept. */
  private static final long KEPT_NANOS = 3_600_000_000_000L;

  /** A command, and whether it is the last one waiting. */
  record Waiting(News.Piece item, boolean isLast) {}

  /** The columns of {@code n}; of a command too large to record only kind, digest and length. */
  private static final String COLUMNS =
      "n.mark, n.sender, n.number, n.worker, CASE WHEN octet_length(n.command) > "
          + EvidenceLog.MAX_PAYLOAD_BYTES
          + " THEN substr(n.command, 1, 2) ELSE n.command END, octet_length(n.command),"
          + " CASE WHEN octet_length(n.command) > "
          + EvidenceLog.MAX_PAYLOAD_BYTES
          + " THEN sha256(n.command) END, n.kind";

  /** Finds the answer to a row {@code i}, which repeats a command answered meanwhile. */
  private static final String ANSWERED =
      "(SELECT true FROM $.answer a WHERE a.login = i.login AND a.sender = i.sender"
          + " AND a.number = i.number LIMIT 1)";

  /** Deletes repeats, of the first rows that nobody has locked. */
  private static final String FORGET =
      "DELETE FROM $.inbox i WHERE i.mark = ANY (ARRAY(SELECT f.mark FROM $.inbox f ORDER BY f.mark"
          + " LIMIT "
          + MOST_AT_ONCE
          + " FOR UPDATE SKIP LOCKED)) AND "
          + ANSWERED;

  private InboxSql() {}

  // ---- senders ----

  /** Whether there is room for the commands of each giver. */
  record Room(Map<CommandKind.Giver, List<Boolean>> isFull) {
    private boolean isRefused(StoreInbox.Sent each) {
      List<Boolean> full = isFull.get(CommandKind.kindOf(each.command()).giver());
      return full != null && full.get(0);
    }

    List<StoreInbox.Sent> fitting(List<StoreInbox.Sent> all) {
      return all.stream().filter(each -> !isRefused(each)).toList();
    }

    Set<CommandId> refused(List<StoreInbox.Sent> all) {
      Set<CommandId> refused = new TreeSet<>();
      all.stream().filter(this::isRefused).forEach(each -> refused.add(each.id()));
      return refused;
    }
  }

  static Room askRoom(SqlBatch batch, List<StoreInbox.Sent> all) {
    Map<CommandKind.Giver, List<Boolean>> isFull = new EnumMap<>(CommandKind.Giver.class);
    for (StoreInbox.Sent each : all) {
      CommandKind.Giver giver = CommandKind.kindOf(each.command()).giver();
      if (giver != CommandKind.Giver.WORKER && !isFull.containsKey(giver)) {
        isFull.put(
            giver,
            batch.ask(
                "SELECT count(*) >= "
                    + StoreInbox.MOST_WAITING
                    + " OR coalesce(sum(octet_length(q.command)), 0) >= "
                    + StoreInbox.MOST_WAITING_BYTES
                    + " FROM (SELECT command FROM $.inbox WHERE kind = ANY (?) LIMIT "
                    + StoreInbox.MOST_WAITING
                    + ") q",
                row -> row.getBoolean(1),
                (Object) numbers(giver)));
      }
    }
    return new Room(isFull);
  }

  private static Short[] numbers(CommandKind.Giver giver) {
    return CommandKind.ALL.stream()
        .filter(kind -> kind.giver() == giver)
        .map(kind -> (short) kind.number())
        .toArray(Short[]::new);
  }

  /** Appends in order; a heartbeat and an {@code applied} take the place of those that wait. */
  static void append(SqlBatch batch, List<StoreInbox.Sent> all) {
    int replacing = (int) all.stream().filter(each -> isReplacing(each.command())).count();
    ColumnSet replaced = new ColumnSet(replacing);
    ColumnSet columns = new ColumnSet(all.size());
    for (StoreInbox.Sent each : all) {
      Command<?> command = each.command();
      int kind = CommandKind.kindOf(command).number();
      @Nullable String worker =
          CommandKind.kindOf(command).worker(command).map(WorkerId::value).orElse(null);
      if (isReplacing(command)) {
        replaced.text(worker).small(kind).endRow();
      }
      columns.bigint(each.id().sender()).bigint(each.id().count()).small(kind);
      columns.text(worker).bytes(CommandCodec.toBytes(command)).endRow();
    }
    if (replacing > 0) {
      batch.run(
          "UPDATE $.inbox SET command = '' WHERE mark IN (SELECT i.mark FROM $.inbox i JOIN"
              + " unnest(?, ?) AS u (worker, kind) ON i.worker = u.worker COLLATE \"C\" AND i.kind"
              + " = u.kind FOR UPDATE OF i SKIP LOCKED)",
          replaced.values());
    }
    batch.run(
        "INSERT INTO $.inbox (sender, number, kind, worker, command)"
            + " SELECT u.sender, u.number, u.kind, u.worker, u.command"
            + " FROM unnest(?, ?, ?, ?, ?) WITH ORDINALITY"
            + " AS u (sender, number, kind, worker, command, at)"
            + " WHERE NOT EXISTS (SELECT FROM $.answer a"
            + " WHERE a.login = session_user AND a.sender = u.sender AND a.number = u.number)"
            + " ORDER BY u.at ON CONFLICT (login, sender, number) DO NOTHING",
        columns.values());
  }

  private static boolean isReplacing(Command<?> command) {
    return command instanceof Command.Heartbeat || command instanceof Command.Applied;
  }

  static void askAnswers(SqlBatch batch, Collection<CommandId> ids, Map<CommandId, Result> to) {
    batch.visit(
        "SELECT a.sender, a.number, a.answer FROM unnest(?, ?) AS u (sender, number)"
            + " JOIN $.answer a ON a.login = session_user AND a.sender = u.sender"
            + " AND a.number = u.number",
        row ->
            to.put(
                new CommandId(row.getLong(1), row.getLong(2)),
                AnswerCodec.fromBytes(row.getBytes(3))),
        ColumnSet.of(ids, (columns, id) -> columns.bigint(id.sender()).bigint(id.count()))
            .values());
  }

  static boolean withdraw(SqlTransaction from, CommandId id) {
    return from.one(
            "UPDATE $.inbox SET command = '' WHERE login = session_user AND sender = ?"
                + " AND number = ? RETURNING mark",
            row -> true,
            id.sender(),
            id.count())
        .isPresent();
  }

  // ---- the leader ----

  /**
   * Asks for the first rows that nobody has locked, see {@link #of}. A repeat may have come since
   * the deletion of repeats, but not since its answer.
   */
  static List<Waiting> ask(SqlBatch batch) {
    batch.run(FORGET);
    return batch.ask(
        "WITH first AS MATERIALIZED (SELECT mark, sender, number, kind, worker, command"
            + " FROM $.inbox i WHERE "
            + ANSWERED
            + " IS NULL ORDER BY mark LIMIT "
            + (MOST_AT_ONCE + 1)
            + " FOR UPDATE SKIP LOCKED) SELECT "
            + COLUMNS
            + ", at = waiting FROM (SELECT f.*,"
            + " row_number() OVER w AS at, count(*) OVER () AS waiting,"
            + " sum(octet_length(command)) OVER w - octet_length(command) AS bytes"
            + " FROM first f WINDOW w AS (ORDER BY mark)) n WHERE at <= "
            + MOST_AT_ONCE
            + " AND bytes < "
            + MOST_BYTES_AT_ONCE
            + " ORDER BY mark",
        row -> new Waiting(piece(row), row.getBoolean(9)));
  }

  /** Asks whether a command waits in each of some schemas, in order. */
  static void askWaiting(SqlBatch batch, List<FleetSchema> schemas, List<Boolean> answers) {
    for (List<FleetSchema> part : FleetSchema.parts(schemas)) {
      batch.visit(
          part.stream()
              .map(it -> it.in("(SELECT mark FROM $.inbox ORDER BY mark DESC LIMIT 1) IS NOT NULL"))
              .collect(joining(", ", "SELECT ARRAY[", "]")),
          row -> answers.addAll(List.of((Boolean[]) row.getArray(1).getArray())));
    }
  }

  static News of(List<Waiting> rows) {
    return rows.isEmpty()
        ? News.NONE
        : new News(rows.stream().map(Waiting::item).toList(), !rows.get(rows.size() - 1).isLast());
  }

  /** Writes the answers, and deletes the commands and old answers. */
  static void answer(Writes to, Collection<Commit.Consumed> decided) {
    to.write(
        "WITH decided AS (DELETE FROM $.inbox i USING unnest(?, ?) AS u (mark, answer)"
            + " WHERE i.mark = u.mark RETURNING i.mark, i.sender, i.number, i.login, u.answer)"
            + " INSERT INTO $.answer (sender, number, mark, login, answered_nanos, answer)"
            + " SELECT d.sender, d.number, d.mark, d.login, "
            + LeaseSql.NOW
            + ", d.answer FROM decided d ON CONFLICT (login, sender, number) DO NOTHING",
        ColumnSet.of(
            decided,
            (columns, each) ->
                columns.bigint(each.mark()).bytes(AnswerCodec.toBytes(each.answer()))));
    long newest = decided.stream().mapToLong(Commit.Consumed::mark).max().orElse(0);
    to.write(
        "DELETE FROM $.answer a USING (SELECT login, sender, number, mark, answered_nanos FROM"
            + " $.answer ORDER BY mark LIMIT "
            + 2 * MOST_AT_ONCE
            + ") o WHERE a.login = o.login AND a.sender = o.sender AND a.number = o.number"
            + " AND (o.mark <= ?"
            + " OR o.answered_nanos < "
            + LeaseSql.NOW
            + " - "
            + KEPT_NANOS
            + ")",
        newest - StoreInbox.MOST_ANSWERS);
  }

  /** Returns the command even of an unreadable row; the leader sets it aside. */
  private static News.Piece piece(ResultSet row) throws SQLException {
    long mark = row.getLong(1);
    CommandId id = new CommandId(row.getLong(2), Math.max(1, row.getLong(3)));
    byte[] bytes = row.getBytes(5);
    long length = row.getLong(6);
    byte[] digest = row.getBytes(7);
    int number = row.getInt(8);
    try {
      if (digest != null) {
        throw new IllegalArgumentException(
            "it has "
                + length
                + " bytes; at most "
                + EvidenceLog.MAX_PAYLOAD_BYTES
                + " can be recorded");
      }
      if (number == ForeignChunks.KIND) {
        throw new IllegalArgumentException(
            "no leader wrote this row of table chunk: " + new String(bytes, UTF_8));
      }
      Command<?> command = CommandCodec.fromBytes(bytes);
      if (CommandKind.kindOf(command).isLeadersOwn()) {
        throw new IllegalArgumentException(
            "it is a "
                + CommandKind.kindOf(command)
                + ", which only the holder of the lease may give");
      }
      requireSame(row, command);
      return new News.Item(mark, id, command);
    } catch (RuntimeException e) {
      return new News.Unreadable(
          mark,
          id,
          kind(bytes).filter(kind -> kind.number() == number).map(CommandKind::toString),
          TextForms.worker(row.getString(4)),
          digest == null ? Hash256.of(bytes) : Hash256.fromBytes(digest, 0),
          length,
          "the command cannot be read: " + e.getMessage());
    }
  }

  /** Refuses a command of another kind or worker than its row was checked by. */
  private static void requireSame(ResultSet row, Command<?> command) throws SQLException {
    String worker = CommandKind.kindOf(command).worker(command).map(WorkerId::value).orElse(null);
    String told = row.getString(4);
    if (row.getInt(8) != CommandKind.kindOf(command).number() || !Objects.equals(told, worker)) {
      throw new IllegalArgumentException(
          "it is a "
              + CommandKind.kindOf(command)
              + ", kind "
              + CommandKind.kindOf(command).number()
              + (worker == null ? "" : ", of worker " + worker)
              + "; its row says kind "
              + row.getInt(8)
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
