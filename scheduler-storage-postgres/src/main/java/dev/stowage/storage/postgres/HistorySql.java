package dev.stowage.storage.postgres;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** The rows of tables {@code committed} and {@code evidence}, until they are trimmed. */
final class HistorySql {
  /** The bytes of payload from which COPY is cheaper than arrays. */
  private static final int LONG_PAYLOADS = 1 << 15;

  /** Holds for deeds, as {@link EvidenceRecord#isDeed} does; an index has them. */
  static final String IS_DEED = "wire BETWEEN 1664 AND 1791";

  /** Holds for the kept part of the chain, but not for deeds that were kept of the rest. */
  static final String IS_KEPT = "index >= COALESCE((SELECT a.index FROM $.evidence_anchor a), 0)";

  private HistorySql() {}

  static void note(Writes to, CommitKey key) {
    to.write(
        "INSERT INTO $.committed (epoch, sequence, committed_nanos) VALUES (?, ?, "
            + LeaseSql.NOW
            + ")",
        key.epoch(),
        key.sequence());
  }

  /** Asks for the largest sequence of the epoch's commits, -1 for none. */
  static List<Long> askNewest(SqlBatch batch, long epoch) {
    return batch.ask(
        "SELECT COALESCE(max(sequence), -1) FROM $.committed WHERE epoch = ?",
        row -> row.getLong(1),
        epoch);
  }

  /** Asks for the last sequence of the lease's epoch. */
  static List<Long> askNewest(SqlBatch batch) {
    return batch.ask(
        "SELECT COALESCE((SELECT max(sequence) FROM $.committed c WHERE c.epoch = l.epoch), -1)"
            + " FROM $.lease l",
        row -> row.getLong(1));
  }

  static boolean isCommitted(SqlTransaction from, CommitKey key) {
    return from.one(
            "SELECT 1 FROM $.committed WHERE epoch = ? AND sequence = ?",
            row -> true,
            key.epoch(),
            key.sequence())
        .isPresent();
  }

  /**
   * Returns the outcome of a commit; throws {@code IllegalStateException} for a key below the kept
   * ones of its epoch, because nobody can tell.
   */
  static CommitOutcome outcomeOf(SqlTransaction from, CommitKey key) {
    if (isCommitted(from, key)) {
      return CommitOutcome.COMMITTED;
    }
    long first =
        from.one(
                "SELECT min(sequence) FROM $.committed WHERE epoch = ? HAVING count(*) > 0",
                row -> row.getLong(1),
                key.epoch())
            .orElse(0L);
    if (key.sequence() < first && first > 1) {
      throw new IllegalStateException(
          "the outcome of commit "
              + key
              + " is not known any more; the kept commits of its epoch begin with "
              + new CommitKey(key.epoch(), first));
    }
    return CommitOutcome.NOT_COMMITTED;
  }

  static void append(Writes to, List<EvidenceRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    insert(to, records);
    if (records.get(0).index() == 0) {
      EvidenceSql.begin(to);
    }
  }

  private static void insert(Writes to, List<EvidenceRecord> records) {
    if (records.stream().mapToLong(record -> record.payload().length).sum() >= LONG_PAYLOADS) {
      to.copyIn(
          "COPY $.evidence (index, wire, hash, payload) FROM STDIN (FORMAT binary)",
          out -> {
            for (EvidenceRecord record : records) {
              out.row(4).bigint(record.index()).integer(record.wire());
              out.bytes(record.hash().toBytes()).bytes(record.payload());
            }
          });
      return;
    }
    ColumnSet columns = new ColumnSet(records.size());
    for (EvidenceRecord record : records) {
      columns.bigint(record.index()).integer(record.wire()).bytes(record.hash().toBytes());
      columns.bytes(record.payload()).endRow();
    }
    to.write(
        "INSERT INTO $.evidence (index, wire, hash, payload) SELECT * FROM unnest(?, ?, ?, ?)",
        columns);
  }

  static List<EvidenceRecord> read(SqlTransaction from, long fromIndex, int maxRecords) {
    return from.list(
        "SELECT index, wire, payload, hash FROM $.evidence WHERE index >= ? AND "
            + IS_KEPT
            + " ORDER BY index LIMIT ?",
        HistorySql::record,
        fromIndex,
        maxRecords);
  }

  static List<EvidenceRecord> deeds(SqlTransaction from) {
    return from.list(
        "SELECT index, wire, payload, hash FROM $.evidence WHERE " + IS_DEED + " ORDER BY index",
        HistorySql::record);
  }

  private static EvidenceRecord record(ResultSet row) throws SQLException {
    long index = row.getLong(1);
    int wire = row.getInt(2);
    Hash256 hash = EvidenceSql.hash(row.getBytes(4), "evidence record " + index);
    try {
      return EvidenceRecord.of(index, wire, row.getBytes(3), hash);
    } catch (IllegalArgumentException e) {
      throw new StorageException.Corrupt(
          "row "
              + index
              + " of table evidence cannot be read: column wire is "
              + wire
              + ", and "
              + e.getMessage()
              + "; it was changed by hand: restore a backup",
          e);
    }
  }

  /** Deletes rows before the horizon, oldest first; returns their number. */
  static int trim(SqlTransaction to, HistoryHorizon horizon, Duration keysKept, int maxRows) {
    // Without statistics the server would rather read and sort a whole table.
    to.run(new SqlBatch().run("SET LOCAL enable_seqscan = off"));
    int trimmed = EvidenceSql.trim(to, horizon, maxRows);
    trimmed += trimKeys(to, keysKept, maxRows - trimmed);
    trimmed += RouteSql.trim(to, horizon.assignmentsBefore(), maxRows - trimmed);
    return trimmed + SliceSql.trim(to, horizon.assignmentsBefore(), maxRows - trimmed);
  }

  /**
   * Deletes keys older than {@code kept} except the newest of each epoch. Reads by {@code
   * committed_by_time} what it deletes and one key of each earlier epoch.
   */
  static int trimKeys(SqlTransaction to, Duration kept, int maxRows) {
    return to.update(
        "DELETE FROM $.committed WHERE ctid = ANY (ARRAY(SELECT c.ctid FROM $.committed c"
            + " WHERE c.committed_nanos < (SELECT "
            + LeaseSql.NOW
            + ") - ? AND EXISTS (SELECT FROM $.committed n"
            + " WHERE n.epoch = c.epoch AND n.sequence > c.sequence)"
            + " ORDER BY c.committed_nanos LIMIT ?))",
        kept.toNanos(),
        maxRows);
  }

  /**
   * Deletes rows of a table of assignments before a tick except the newest, oldest first. Numbers
   * and ticks ascend together, so that the first row to keep ends the reading.
   */
  static int trimAssignments(SqlTransaction to, String table, long beforeTick, int maxRows) {
    String sql =
        "DELETE FROM table WHERE ctid = ANY (ARRAY(SELECT o.ctid FROM table o WHERE o.id < LEAST("
            + "(SELECT max(id) FROM table),"
            + " (SELECT f.id FROM (SELECT id, tick FROM table ORDER BY id LIMIT ?) f"
            + " WHERE f.tick >= ? LIMIT 1)) ORDER BY o.id LIMIT ?))";
    return to.update(sql.replace("table", table), maxRows, beforeTick, maxRows);
  }
}
