package dev.stowage.storage.postgres;

import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.store.StorageException;
import java.util.List;

/**
 * Whether a schema still has what its scripts made; {@link Migrations} sees their versions only.
 */
final class SchemaObjects {
  /** All that a reader needs; the gate, which writers need alone, is looked for by the audit. */
  static final List<String> NEEDED =
      List.of(
          "table lease",
          "table fleet",
          "table dataset",
          "table chunk",
          "table swap",
          "table swap_chunk",
          "table worker",
          "table replica",
          "table news",
          "table committed",
          "table evidence",
          "table evidence_anchor",
          "table established",
          "table assignment",
          "table slice_added",
          "table slice_change",
          "table slice_sum",
          "table route_change",
          "table inventory_part",
          "table quarantine",
          "sequence seen_tick",
          "sequence seen_clock",
          "sequence seen_resets");

  private SchemaObjects() {}

  /**
   * Refuses a schema from which something was dropped.
   *
   * @throws StorageException.Corrupt naming all that is not there
   */
  static void require(SqlTransaction from) {
    List<String> lacking =
        from.list(
            "SELECT o FROM unnest('{"
                + String.join(",", NEEDED)
                + "}'::text[]) o WHERE to_regclass('$.' || split_part(o, ' ', 2)) IS NULL",
            row -> row.getString(1));
    if (!lacking.isEmpty()) {
      throw new StorageException.Corrupt(
          "the schema lacks "
              + String.join(", ", lacking)
              + "; dropped by a hand: restore a backup, or make it again as the script of its"
              + " version does",
          null);
    }
  }
}
