package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.store.StorageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables, columns, keys and arrays that a hand made otherwise: named in our own words. */
@Tag("deep")
class SchemaEditsTest extends HandOnTables {
  @Override
  void live(Stowage stowage, SmallFleet fleet) {
    fleet.join(10_000, "a", "b").ingest(chunk("c1", 0), chunk("c2", 10)).settle();
    stowage.swap(SmallFleet.dataset(), List.of(key("c1")), List.of(chunk("c1b", 0)), fleet.now());
    stowage.resign();
  }

  /** Returns all calls that read the schema as it is. */
  private Map<String, ThrowingCallable> reading() {
    Map<String, ThrowingCallable> calls = calls();
    calls.remove("problems");
    return calls;
  }

  /** Returns the flaws in the calls' answers; the audit is among them, and must say something. */
  private List<String> poorAnswers(String edit, String named) {
    List<String> poor = new ArrayList<>();
    reading()
        .forEach((call, ran) -> {
          try {
            ran.call();
            if (call.equals("audit")) {
              poor.add(edit + ": the audit says nothing");
            }
          } catch (Throwable e) {
            String said = String.valueOf(e.getMessage());
            boolean isGood =
                e instanceof StorageException.Corrupt
                    && said.contains(call.equals("audit") ? named : "run audit, which names")
                    && !said.contains("could not be reached")
                    && said.indexOf("restore a backup") == said.lastIndexOf("restore a backup");
            if (!isGood) {
              poor.add(edit + ", " + call + ": " + e);
            }
          }
        });
    now++;
    return poor;
  }

  private List<String[]> columns(String where) {
    List<String[]> columns = new ArrayList<>();
    try (Connection connection = TestServer.get().source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT table_name, column_name, is_nullable FROM information_schema.columns"
                    + " WHERE table_schema = '"
                    + fixture.schema()
                    + "' AND table_name <> 'stowage_history' AND "
                    + where
                    + " ORDER BY 1, 2")) {
      while (rows.next()) {
        columns.add(new String[] {rows.getString(1), rows.getString(2), rows.getString(3)});
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return columns;
  }

  @Test
  void eachColumn_thatIsRenamed_isNamed_toWhoeverNeedsIt() {
    List<String> poor = new ArrayList<>();
    for (String[] column : columns("true")) {
      String edit = "ALTER TABLE $." + column[0] + " RENAME COLUMN ";
      fixture.execute(edit + column[1] + " TO other");
      poor.addAll(poorAnswers(edit, "column " + column[1] + " of table " + column[0]));
      fixture.execute(edit + "other TO " + column[1]);
    }
    assertThat(poor).isEmpty();
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void eachTable_thatIsGone_isNamed_toWhoeverNeedsIt() {
    List<String> poor = new ArrayList<>();
    for (String name : SchemaObjects.NAMES) {
      if (name.startsWith("table ")) {
        String table = name.substring("table ".length());
        fixture.execute("ALTER TABLE $." + table + " RENAME TO other");
        poor.addAll(poorAnswers(name, name));
        fixture.execute("ALTER TABLE $.other RENAME TO " + table);
      }
    }
    assertThat(poor).isEmpty();
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void columnsOfAnotherType_andKeys_thatAreGone_areNamed() {
    fixture.execute("ALTER TABLE $.slice_added ALTER chunks TYPE bigint[]");
    corrupt(store::audit, "lacks column chunks of table slice_added as integer[]; it was changed");
    fixture.execute("ALTER TABLE $.slice_added DROP CONSTRAINT slice_added_pkey");
    corrupt(store::audit, "lacks key slice_added_pkey, column chunks of");
    corrupt(this::leads, "run audit");
  }

  /** Else one that a later script makes would be missed. */
  @Test
  void columnsAndKeys_areAllLookedFor() {
    assertThat(SchemaObjects.COLUMNS.stream().map(it -> it.table() + "." + it.name()))
        .containsExactlyInAnyOrderElementsOf(
            columns("true").stream().map(it -> it[0] + "." + it[1]).toList());
    assertThat(
            fixture.number(
                "SELECT count(*) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE"
                    + " x.indisunique AND i.relname <> 'stowage_history_pk' AND i.relnamespace = '"
                    + fixture.schema()
                    + "'::regnamespace"))
        .isEqualTo(SchemaObjects.NAMES.stream().filter(it -> it.startsWith("key ")).count());
  }

  // ---- arrays ----

  @Test
  void eachArray_thatNoStoreWrites_isFound() {
    backUp();
    List<String> poor = new ArrayList<>();
    for (String[] column : columns("data_type = 'ARRAY'")) {
      for (String array : List.of("{{1,2},{3,4}}", "{1,NULL,3,4}", "[0:3]={1,2,3,4}")) {
        String edit = "UPDATE $." + column[0] + " SET " + column[1] + " = '" + array + "'";
        edit(edit);
        assertThat(found()).as(edit).isNotEmpty();
        poor.addAll(unplanned(edit));
        restore();
      }
    }
    assertThat(poor).isEmpty();
    assertThat(store.audit().problems()).isEmpty();
  }

  /** Whatever stands in an array, nobody is told of a cast. */
  private List<String> unplanned(String edit) {
    List<String> poor = new ArrayList<>();
    reading()
        .forEach((call, ran) -> {
          try {
            ran.call();
          } catch (StorageException e) {
            if (String.valueOf(e.getMessage()).matches("(?s).*(java\\.|cast|null|ERROR).*")) {
              poor.add(edit + ", " + call + ": " + e);
            }
          } catch (Throwable e) {
            poor.add(edit + ", " + call + ": " + e);
          }
        });
    now++;
    return poor;
  }

  @Test
  void view_inPlaceOfATable_isFound() {
    fixture.execute("ALTER TABLE $.lease RENAME TO l2; CREATE VIEW $.lease AS SELECT * FROM $.l2");
    corrupt(store::audit, "lacks table lease");
  }

  // ---- the history of versions ----

  private void openIsRefused(String edit, String... words) {
    fixture.execute(edit);
    for (SchemaSetup setup : SchemaSetup.values()) {
      corrupt(
          () ->
              PostgresChunkStore.builder(TestServer.get().source())
                  .schema(fixture.schema())
                  .setup(setup)
                  .open(),
          words);
    }
    assertThat(store.audit().problems()).as("nothing was done").isEmpty();
  }

  @Test
  void history_thatIsGone_isSaid_andNothingIsDone() {
    openIsRefused(
        "DELETE FROM $.stowage_history",
        "the tables of a fleet are in schema " + fixture.schema(),
        "stowage_history, which keeps their versions, is missing or has no row",
        "restore table stowage_history");
    openIsRefused("DROP TABLE $.stowage_history", "is missing or has no row");
  }

  @Test
  void history_thatLacksTheVersion_isSaid() {
    openIsRefused(
        "DELETE FROM $.stowage_history WHERE version IS NOT NULL", "has no row of a version");
  }

  @Test
  void history_thatWasEdited_isSaid() {
    fixture.execute("CREATE TABLE $.kept AS SELECT * FROM $.stowage_history");
    List<String> edits =
        List.of(
            "checksum = 5",
            "success = false",
            "description = 'x'",
            "type = 'NONSENSE'",
            "version = 'x'",
            "version = '0.5'");
    edits.forEach(edit -> {
      openIsRefused(
          "UPDATE $.stowage_history SET " + edit + " WHERE version = '1'",
          "stowage_history, which keeps their versions, has the row '",
          "', not '1|fleet|SQL|V1__fleet.sql|");
      fixture.execute(
          "DELETE FROM $.stowage_history; INSERT INTO $.stowage_history SELECT * FROM $.kept");
    });
    fixture.execute("ALTER TABLE $.stowage_history DROP COLUMN success");
    openIsRefused("SELECT 1", "cannot be read");
  }

  // ---- the lease ----

  @Test
  void lease_thatEndsAtTheFirstMoment_isNoDamage_andOneAtTheLastIs() {
    edit("UPDATE $.lease SET expires_nanos = (-9223372036854775808)::bigint");
    assertThat(store.audit().problems()).isEmpty();
    leads();
    edit("UPDATE $.lease SET holder = 'ghost', expires_nanos = 9223372036854775807");
    assertThat(store.audit().problems())
        .singleElement()
        .asString()
        .contains("table lease says that the lease runs for more than 365 days");
  }

  @Test
  void holder_thatIsNoName_isFound_andShownAsWhatCanBeSeen() {
    for (String holder : List.of("  ", "E'\\n\\x1b[2J'", "repeat('x', 10000)", "''")) {
      String sql = holder.isBlank() ? "'" + holder + "'" : holder;
      edit("UPDATE $.lease SET epoch = 1, expires_nanos = 9000000000000000000, holder = " + sql);
      assertThat(store.audit().problems())
          .as(sql)
          .anyMatch(it -> it.startsWith("table lease has a holder with a bad name: lease holder "));
    }
  }

  @Test
  void holder_thatAHandWrote_isShownAsWhatCanBeSeen_toWhoWasDeposed() {
    try (Stowage stowage = SmallFleet.facade(store, "next")) {
      SmallFleet fleet = new SmallFleet(stowage).pass(now / 1_000_000_000L);
      stowage.claim(fleet.now());
      edit(
          "UPDATE $.lease SET epoch = epoch + 1,"
              + " holder = E'me\\n\\x1b[2J' || repeat('x', 10000)");
      assertThatThrownBy(() -> stowage.schedule(fleet.now()))
          .isInstanceOf(StorageException.Fenced.class)
          .hasMessageContaining("now me\\u{a}\\u{1b}[2Jxxx")
          .hasMessageContaining("characters ...]")
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_500));
      assertThat(store.lease().orElseThrow().inWords())
          .startsWith("me\\u{a}\\u{1b}[2J")
          .hasSizeLessThan(1_000);
    }
  }
}
