package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import java.util.HashMap;
import java.util.Map;

/**
 * Chunks that a hand inserted, in one transaction: by their hashes the rows add up to more than the
 * stored digest.
 */
final class ForeignChunks {
  /** The kind of command that the log says of them, which no command has. */
  static final int KIND = -1;

  private static final String MOVE =
      "WITH moved AS (DELETE FROM $.chunk c WHERE c.xmin::text::bigint = ? RETURNING c.*) INSERT"
          + " INTO $.inbox (sender, number, kind, command) SELECT ?, row_number() OVER (), "
          + KIND
          + ", convert_to(replace(replace(d.name, '%', '%25'), '/', '%2F') || '/' || m.id || ': '"
          + " || row_to_json(m), 'UTF8') FROM moved m JOIN $.dataset d ON d.id = m.dataset";

  private ForeignChunks() {}

  /** Moves them to the log, where the leader sets them aside; reports whether there are any. */
  static boolean setAside(SqlTransaction from, LifecycleState loaded, long digest) {
    long beyond = loaded.digest() - digest;
    if (beyond == 0) {
      return false;
    }
    Map<Long, Long> sums = new HashMap<>();
    from.visit(
        "SELECT xmin::text::bigint, position FROM $.chunk",
        row -> sums.merge(row.getLong(1), loaded.digestOfChunk(row.getInt(2)), Long::sum));
    return sums.entrySet().stream()
        .filter(each -> each.getValue() == beyond)
        .anyMatch(each -> from.update(MOVE, each.getKey(), OwnProcess.token()) > 0);
  }
}
