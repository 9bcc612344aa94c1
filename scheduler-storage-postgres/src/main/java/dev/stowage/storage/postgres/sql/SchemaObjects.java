package dev.stowage.storage.postgres.sql;

import dev.stowage.store.StorageException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Names all missing objects: the history has versions only, and the server names one object. */
public final class SchemaObjects {
  /** The columns and types of each table after the newest script. */
  private static final String TABLES =
      """
      gate: unused boolean
      lease: id boolean, holder text, epoch bigint, lineage bigint, expires_nanos bigint,
        system_id bigint, timeline integer
      proof: token bigint, login name, number bigint, seen_nanos bigint, system_id bigint, timeline
        integer
      fleet: id boolean, digest bigint, marks_hash bigint, evidence_index bigint,
        log_position pg_lsn, evidence_hash bytea, config bytea, FLEET
      dataset: id integer, name text
      chunk: live boolean, CHUNK
      swap: SWAP
      worker: marks_hash bigint, WORKER
      replica: chunk integer, worker integer, since bigint, superseded_at bigint,
        released_at bigint, readable_until bigint, missing_since bigint, flags smallint
      inbox: mark bigint, login name, sender bigint, number bigint, kind smallint, worker text,
        command bytea
      answer: sender bigint, number bigint, mark bigint, answered_nanos bigint, login name, answer bytea
      committed: epoch bigint, sequence bigint, committed_nanos bigint
      evidence: index bigint, wire integer, hash bytea, payload bytea
      established: lineage bigint, last_number bigint, first_number bigint, assignment
        bigint
      assignment: id bigint, lineage bigint, tick bigint
      slice_change: worker integer, assignment bigint, number_lineage bigint,
        number_counter bigint, chunk integer, since bigint
      slice_added: until bigint, worker integer, chunks integer[]
      route_change: id bigint, lineage bigint, tick bigint, chunks integer[],
        gone_datasets integer[], gone_ids text[], seal text
      inventory_part: incarnation bigint, sending bigint, place integer, worker text,
        numbers bytea
      slice_sum: assignment bigint, sum bigint, inventory_report bigint, worker integer
      evidence_anchor: id boolean, index bigint, hash bytea, content bytea
      quarantine: mark bigint, set_aside_tick bigint, kind integer, worker
        text, digest bytea, reason text, command bytea
      """
          .replace("FLEET", RowColumns.FLEET.types())
          .replace("CHUNK", RowColumns.CHUNKS.types())
          .replace("SWAP", RowColumns.SWAPS.types())
          .replace("WORKER", RowColumns.WORKERS.types());

  /** The keys that ON CONFLICT clauses rely on. */
  private static final String KEYS =
      """
      answer_pkey assignment_pkey chunk_pkey chunk_position committed_pkey dataset_name_key
      dataset_pkey established_pkey evidence_anchor_pkey evidence_pkey fleet_pkey
      inbox_login_sender_number_key inbox_pkey inventory_part_pkey lease_pkey proof_pkey
      quarantine_pkey replica_pkey route_change_pkey slice_added_pkey slice_change_pkey
      slice_sum_pkey swap_pkey worker_pkey worker_position
      """;

  /** The columns of all tables. */
  public static final List<Column> COLUMNS =
      TABLES
          .replaceAll("\n\\s+", " ")
          .lines()
          .map(line -> line.split(":"))
          .flatMap(table ->
              Stream.of(table[1].split(","))
                  .map(column -> column.trim().split(" "))
                  .map(column -> new Column(table[0], column[0], column[1])))
          .toList();

  /** The tables, sequences and keys, each with its kind in front. */
  public static final List<String> NAMES =
      Stream.of(
              COLUMNS.stream().map(column -> "table " + column.table).distinct(),
              Stream.of("seen_tick", "seen_clock", "seen_resets").map(name -> "sequence " + name),
              Stream.of(KEYS.trim().split("\\s+")).map(key -> "key " + key))
          .flatMap(some -> some)
          .toList();

  /** Selects what a schema has, in the words of {@link #NAMES} and of its columns. */
  private static final String THERE =
      """
      SELECT CASE c.relkind WHEN 'S' THEN 'sequence ' ELSE 'table ' END || c.relname
        FROM pg_class c
        WHERE c.relnamespace = to_regnamespace('#') AND c.relkind IN ('r', 'p', 'S')
      UNION ALL SELECT 'key ' || k.relname FROM pg_index i
        JOIN pg_class k ON k.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
        WHERE k.relnamespace = to_regnamespace('#') AND i.indisunique
          AND starts_with(k.relname::text, t.relname || '_')
      UNION ALL SELECT concat('column ', a.attname, ' of table ', c.relname, ' as ',
          format_type(a.atttypid, a.atttypmod))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = to_regnamespace('#') AND a.attnum > 0 AND NOT a.attisdropped
      """;

  private SchemaObjects() {}

  /** A column with its type as the server names it. */
  public record Column(String table, String name, String type) {
    private String inWords() {
      return "column " + name + " of table " + table + " as " + type;
    }
  }

  /** Throws {@code Corrupt} that names every missing or changed object. */
  public static void require(SqlTransaction from) {
    String schema = from.schema().quoted();
    Set<String> there =
        new HashSet<>(from.list(THERE.replace("#", schema), row -> row.getString(1)));
    List<String> lacking =
        Stream.concat(
                NAMES.stream(),
                COLUMNS.stream()
                    .filter(column -> there.contains("table " + column.table))
                    .map(Column::inWords))
            .filter(name -> !there.contains(name))
            .toList();
    if (!lacking.isEmpty()) {
      throw new StorageException.Corrupt(
          "the schema lacks "
              + String.join(", ", lacking)
              + "; it was changed by hand: restore a backup, or make it again as the script of its"
              + " version does",
          null);
    }
  }

  /** Reports whether most tables of a fleet exist; other software may use one of the names. */
  public static boolean isThereAFleet(SqlTransaction from) {
    String[] tables = COLUMNS.stream().map(Column::table).distinct().toArray(String[]::new);
    return from.one(
            "SELECT 2 * count(*) > ? FROM pg_tables WHERE schemaname = ? AND tablename = ANY (?)",
            row -> row.getBoolean(1),
            tables.length,
            from.schema().name(),
            tables)
        .orElseThrow();
  }
}
