package dev.stowage.storage.postgres;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.canonical.HashChain;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the hash chain of table {@code evidence} from its anchor to the head in table fleet. */
final class EvidenceSql {
  private static final int ROWS_AT_ONCE = 64;
  private static final String BY_A_HAND = "; some row was changed by hand: restore a backup";
  private static final String ANCHOR = "the row of table evidence_anchor";

  private EvidenceSql() {}

  /** The first kept record: the hash before it, or its own hash and its payload's digest. */
  private record Anchor(long index, Hash256 hash, byte @Nullable [] content) {}

  static void begin(Writes to) {
    to.write(
        "INSERT INTO $.evidence_anchor (index, hash, content)"
            + " SELECT index, hash, sha256(payload) FROM $.evidence WHERE index = 0"
            + " ON CONFLICT (id) DO NOTHING");
  }

  /**
   * Moves the anchor up to an index, over a number of records at most, and deletes the records
   * below it but the deeds that are kept. Returns the number of records that it was moved over.
   */
  static int trim(SqlTransaction to, HistoryHorizon horizon, int maxRows) {
    long first = anchor(to).map(Anchor::index).orElse(0L);
    to.update(
        "INSERT INTO $.evidence_anchor (index, hash) SELECT index + 1, hash FROM $.evidence"
            + " WHERE index >= ? AND index < ? ORDER BY index DESC LIMIT 1"
            + " ON CONFLICT (id) DO UPDATE"
            + " SET (index, hash, content) = (EXCLUDED.index, EXCLUDED.hash, NULL)",
        first,
        Math.min(horizon.evidenceBefore(), first + maxRows));
    to.update(
        "DELETE FROM $.evidence WHERE index < (SELECT index FROM $.evidence_anchor)"
            + " AND (index < ? OR NOT "
            + HistorySql.IS_DEED
            + ")",
        horizon.deedsBefore());
    return (int) (anchor(to).map(Anchor::index).orElse(0L) - first);
  }

  /** Throws {@code Corrupt} unless the last record fits the head; reads one row. */
  static void requireHead(SqlTransaction from, @Nullable ChainPoint head) {
    Optional<ChainPoint> last =
        from.one(
            "SELECT index + 1, hash FROM $.evidence WHERE "
                + HistorySql.IS_KEPT
                + " ORDER BY index DESC LIMIT 1",
            row ->
                new ChainPoint(
                    row.getLong(1),
                    hash(row.getBytes(2), "evidence record " + (row.getLong(1) - 1))));
    boolean isTrimmed =
        last.isEmpty()
            && head != null
            && (isOfNothing(head)
                || anchor(from).map(Anchor::index).equals(Optional.of(head.index())));
    if (!isTrimmed && !last.equals(Optional.ofNullable(head))) {
      throw new StorageException.Corrupt(
          "the evidence ends with "
              + last.map(EvidenceSql::inWords).orElse("nothing")
              + ", the row of table fleet says "
              + Optional.ofNullable(head).map(EvidenceSql::inWords).orElse("nothing")
              + BY_A_HAND,
          null);
    }
  }

  private static String inWords(ChainPoint end) {
    return end.index() == 0
        ? "no record"
        : "record " + (end.index() - 1) + " and hash " + end.hash();
  }

  private static Optional<Anchor> anchor(SqlTransaction from) {
    return from.one(
        "SELECT index, hash, content FROM $.evidence_anchor",
        row -> new Anchor(row.getLong(1), hash(row.getBytes(2), ANCHOR), row.getBytes(3)));
  }

  /** Returns the point behind the last deleted record; empty while none was deleted. */
  static Optional<ChainPoint> start(SqlTransaction from) {
    return anchor(from)
        .filter(anchor -> anchor.content() == null)
        .map(anchor -> new ChainPoint(anchor.index(), anchor.hash()));
  }

  private static boolean isOfNothing(ChainPoint head) {
    return head.index() == 0;
  }

  /** Returns the breaks of the chain; reads every record. */
  static List<String> problems(SqlTransaction from, Optional<ChainPoint> head) {
    Optional<Anchor> start = anchor(from);
    if (start.isEmpty()) {
      boolean isEmpty =
          head.filter(end -> !isOfNothing(end)).isEmpty() && HistorySql.read(from, 0, 1).isEmpty();
      return isEmpty ? List.of() : List.of("table evidence_anchor has no row" + BY_A_HAND);
    }
    Anchor anchor = start.get();
    HashChain chain = HashChain.startingAt(anchor.hash());
    boolean isPinned = anchor.content() != null;
    long next = anchor.index();
    List<EvidenceRecord> rows = HistorySql.read(from, 0, ROWS_AT_ONCE);
    while (!rows.isEmpty()) {
      for (EvidenceRecord row : rows) {
        boolean isFirst = isPinned && next == anchor.index();
        boolean isWhole =
            row.index() == next
                && (isFirst
                    ? row.hash().equals(anchor.hash()) && isContent(row, anchor)
                    : chain.append(row.wire(), row.payload()).equals(row.hash()));
        if (!isWhole) {
          return List.of(
              "evidence record "
                  + next
                  + " is missing, or is not what it was: the chain is broken there"
                  + BY_A_HAND);
        }
        next++;
      }
      rows = HistorySql.read(from, next, ROWS_AT_ONCE);
    }
    ChainPoint end = new ChainPoint(next, chain.head());
    return Optional.of(end).equals(head)
        ? List.of()
        : List.of(
            "the chain of evidence ends with "
                + inWords(end)
                + ", the row of table fleet says "
                + head.map(EvidenceSql::inWords).orElse("nothing")
                + BY_A_HAND);
  }

  private static boolean isContent(EvidenceRecord row, Anchor anchor) {
    byte[] content = anchor.content();
    return content != null && Hash256.of(row.payload()).equals(hash(content, ANCHOR));
  }

  /** Returns a stored hash; throws {@code Corrupt} if its length is wrong. */
  static Hash256 hash(byte @Nullable [] stored, String of) {
    if (stored == null || stored.length != Hash256.BYTES) {
      throw new StorageException.Corrupt(
          "the hash of "
              + of
              + " has "
              + (stored == null ? 0 : stored.length)
              + " bytes, and not "
              + Hash256.BYTES
              + BY_A_HAND,
          null);
    }
    return Hash256.fromBytes(stored, 0);
  }
}
