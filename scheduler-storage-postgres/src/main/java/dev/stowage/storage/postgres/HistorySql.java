package dev.stowage.storage.postgres;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.model.Tick;
import dev.stowage.storage.postgres.sql.ColumnSet;
import dev.stowage.storage.postgres.sql.SqlBatch;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.StorageException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The rows of tables {@code committed} and {@code evidence}, until they are trimmed. */
final class HistorySql {
  /** The bytes of payload from which COPY is cheaper than arrays. */
  private static final int LONG_PAYLOADS = 1 << 15;

  private HistorySql() {}

  static void note(Writes to, CommitKey key, Tick tick) {
    to.write(
        "INSERT INTO $.committed (epoch, sequence, tick) VALUES (?, ?, ?)",
        key.epoch(),
        key.sequence(),
        tick.value());
  }

  /** Asks for the largest sequence of the epoch's commits, -1 for none. */
  static List<Long> askNewest(SqlBatch batch, long epoch) {
    return batch.ask(
        "SELECT COALESCE(max(sequence), -1) FROM $.committed WHERE epoch = ?",
        row -> row.getLong(1),
        epoch);
  }

  static boolean isCommitted(SqlTransaction from, CommitKey key) {
    return from.one(
            "SELECT 1 FROM $.committed WHERE epoch = ? AND sequence = ?",
            row -> true,
            key.epoch(),
            key.sequence())
        .isPresent();
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
        "SELECT index, wire, payload, hash FROM $.evidence WHERE index >= ? ORDER BY index LIMIT ?",
        HistorySql::record,
        fromIndex,
        maxRecords);
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
  static int trim(SqlTransaction to, HistoryHorizon horizon, int maxRows) {
    int trimmed = EvidenceSql.trim(to, horizon.evidenceBefore(), maxRows);
    trimmed +=
        to.update(
            "DELETE FROM $.committed WHERE (epoch, sequence) IN (SELECT c.epoch, c.sequence"
                + " FROM $.committed c WHERE c.tick < ? AND EXISTS (SELECT FROM $.committed n"
                + " WHERE n.epoch = c.epoch AND n.sequence > c.sequence)"
                + " ORDER BY c.epoch, c.sequence LIMIT ?)",
            horizon.commitsBefore(),
            maxRows - trimmed);
    trimmed += RouteSql.trim(to, horizon.commitsBefore(), maxRows - trimmed);
    return trimmed + SliceSql.trim(to, horizon.commitsBefore(), maxRows - trimmed);
  }
}
