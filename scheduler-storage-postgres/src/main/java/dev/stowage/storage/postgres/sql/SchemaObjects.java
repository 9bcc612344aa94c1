package dev.stowage.storage.postgres.sql;

import dev.stowage.store.StorageException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
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

  private static final List<String> SEQUENCES = List.of("seen_tick", "seen_clock", "seen_resets");

  /** Only leaders need it; the audit reports it separately. */
  private static final List<String> GATE = List.of("table gate");

  /** The tables, sequences and keys, each with its kind in front. */
  public static final List<String> NAMES =
      Stream.of(
              tables().stream().map(table -> "table " + table.name()),
              SEQUENCES.stream().map(sequence -> "sequence " + sequence),
              Stream.of(KEYS.trim().split("\\s+")).map(key -> "key " + key))
          .flatMap(some -> some)
          .toList();

  private static final String MISSING =
      "SELECT o FROM unnest(?) WITH ORDINALITY AS u (o, place) WHERE NOT EXISTS (SELECT"
          + " FROM pg_class c WHERE c.oid = to_regclass('$.' || split_part(o, ' ', 2))"
          + " AND CASE split_part(o, ' ', 1) WHEN 'table' THEN c.relkind IN ('r', 'p')"
          + " WHEN 'sequence' THEN c.relkind = 'S' ELSE EXISTS (SELECT FROM pg_index i"
          + " JOIN pg_class t ON t.oid = i.indrelid WHERE i.indexrelid = c.oid"
          + " AND starts_with(c.relname::text, t.relname || '_')) END) ORDER BY place";

  private static final String OTHERWISE =
      "SELECT n.name, n.of, n.type, format_type(a.atttypid, a.atttypmod)"
          + " FROM unnest(?, ?, ?) WITH ORDINALITY AS n (of, name, type, place)"
          + " LEFT JOIN pg_attribute a ON a.attrelid = to_regclass('$.' || n.of)"
          + " AND a.attname = n.name AND a.attnum > 0 AND NOT a.attisdropped"
          + " WHERE to_regclass('$.' || n.of) IS NOT NULL"
          + " AND format_type(a.atttypid, a.atttypmod) IS DISTINCT FROM n.type ORDER BY place";

  private SchemaObjects() {}

  /** A column with its type as the server names it. */
  public record Column(String table, String name, String type) {
    public boolean isArray() {
      return type.endsWith("[]");
    }
  }

  private record Table(String name, List<Column> columns) {}

  private static List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    for (String line : TABLES.replaceAll("\n\\s+", " ").trim().split("\n")) {
      String name = line.substring(0, line.indexOf(':'));
      List<Column> columns = new ArrayList<>();
      for (String column : line.substring(line.indexOf(':') + 1).split(",")) {
        String[] words = column.trim().split(" ");
        columns.add(new Column(name, words[0], words[1]));
      }
      tables.add(new Table(name, columns));
    }
    return tables;
  }

  public static List<Column> columns() {
    return tables().stream().flatMap(table -> table.columns().stream()).toList();
  }

  /** Throws {@code Corrupt} that names every missing object that a reader needs. */
  static void require(SqlTransaction from) {
    String amiss = from.asked(connection -> amiss(connection, from.schema(), GATE));
    if (!amiss.isEmpty()) {
      throw new StorageException.Corrupt(amiss, null);
    }
  }

  /** Returns missing and changed objects in words, or an empty text. */
  static String amiss(Connection connection, FleetSchema schema) throws SQLException {
    return amiss(connection, schema, List.of());
  }

  private static String amiss(Connection connection, FleetSchema schema, List<String> passedOver)
      throws SQLException {
    List<String> lacking = new ArrayList<>(missing(connection, schema));
    if (lacking.containsAll(tables().stream().map(table -> "table " + table.name()).toList())) {
      return "schema "
          + schema.name()
          + " has none of the tables of a fleet; they were dropped by hand: restore a backup";
    }
    lacking.removeAll(passedOver);
    List<String> otherwise = new ArrayList<>();
    columns(connection, schema, lacking, otherwise);
    String said =
        Stream.of(
                lacking.isEmpty() ? "" : "lacks " + String.join(", ", lacking),
                otherwise.isEmpty() ? "" : "has " + String.join(", ", otherwise))
            .filter(some -> !some.isEmpty())
            .collect(Collectors.joining(", and "));
    return said.isEmpty()
        ? ""
        : "the schema "
            + said
            + "; "
            + (lacking.isEmpty() ? "changed" : "dropped")
            + " by hand: restore a backup, or make it again as the script of its version does";
  }

  /** Returns missing tables, sequences and keys, except keys of missing tables. */
  private static List<String> missing(Connection connection, FleetSchema schema)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(schema.in(MISSING))) {
      statement.setArray(1, connection.createArrayOf("text", NAMES.toArray()));
      List<String> missing = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          missing.add(rows.getString(1));
        }
      }
      List<String> tables = List.copyOf(missing);
      missing.removeIf(name ->
          name.startsWith("key ")
              && tables.stream()
                  .anyMatch(other ->
                      other.startsWith("table ")
                          && name.startsWith("key " + other.substring(6) + "_")));
      return missing;
    }
  }

  private static void columns(
      Connection connection, FleetSchema schema, List<String> lacking, List<String> otherwise)
      throws SQLException {
    List<Column> columns = columns();
    try (PreparedStatement statement = connection.prepareStatement(schema.in(OTHERWISE))) {
      statement.setArray(1, array(connection, columns.stream().map(Column::table)));
      statement.setArray(2, array(connection, columns.stream().map(Column::name)));
      statement.setArray(3, array(connection, columns.stream().map(Column::type)));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String column = "column " + rows.getString(1) + " of table " + rows.getString(2);
          String type = rows.getString(4);
          if (type == null) {
            lacking.add(column);
          } else {
            otherwise.add(column + " as " + type + ", not " + rows.getString(3));
          }
        }
      }
    }
  }

  private static Array array(Connection connection, Stream<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  /** Reports whether most tables of a fleet exist; other software may use one of the names. */
  public static boolean isThereAFleet(SqlTransaction from) {
    long tables = NAMES.stream().filter(name -> name.startsWith("table ")).count();
    return 2
            * from.asked(connection -> missing(connection, from.schema())).stream()
                .filter(name -> name.startsWith("table "))
                .count()
        < tables;
  }
}
