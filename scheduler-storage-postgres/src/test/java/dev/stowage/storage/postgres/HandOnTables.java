package dev.stowage.storage.postgres;

import java.util.List;

/** Changes rows as an operator with a database client does, and puts them back. */
final class HandOnTables {
  /** Every table that an edit may change, in an order in which rows can be put back. */
  private static final List<String> TABLES =
      List.of(
          "fleet",
          "dataset",
          "swap",
          "swap_chunk",
          "chunk",
          "worker",
          "replica",
          "news",
          "quarantine",
          "committed",
          "evidence",
          "evidence_anchor",
          "established",
          "assignment",
          "slice_added",
          "slice_change",
          "slice_sum",
          "route_change",
          "lease");

  private final PostgresFixture fixture;

  HandOnTables(PostgresFixture fixture) {
    this.fixture = fixture;
  }

  /** Carries out one statement; guards of the schema look away. */
  void edit(String statement) {
    fixture.execute(
        "SET session_replication_role = replica; "
            + statement
            + "; RESET session_replication_role");
  }

  /** Keeps a copy of every row. */
  void backUp() {
    fixture.execute("CREATE SCHEMA " + fixture.schema() + "_kept");
    for (String table : TABLES) {
      fixture.execute(
          "CREATE TABLE " + fixture.schema() + "_kept." + table + " AS SELECT * FROM $." + table);
    }
  }

  /** Puts every row back as the copy has it. */
  void restore() {
    for (String table : TABLES) {
      edit(
          "DO $do$ DECLARE cols text; BEGIN"
              + " SELECT string_agg(quote_ident(column_name), ', ') INTO cols"
              + " FROM information_schema.columns WHERE table_schema = '"
              + fixture.schema()
              + "' AND table_name = '"
              + table
              + "' AND is_generated = 'NEVER'; DELETE FROM $."
              + table
              + "; EXECUTE format('INSERT INTO $."
              + table
              + " (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM "
              + fixture.schema()
              + "_kept."
              + table
              + "', cols, cols); END $do$");
    }
  }
}
