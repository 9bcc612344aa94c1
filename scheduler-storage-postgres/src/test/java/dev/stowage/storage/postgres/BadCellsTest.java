package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Cells that no store writes, and objects that are gone: who reads them names table and column. */
class BadCellsTest extends HandOnTables {
  @Override
  void live(Stowage leader, SmallFleet fleet) {
    fleet.join(10_000, "a", "b").ingest(chunk("c1", 0)).settle();
    leader.resign();
  }

  @Test
  void eachCell_isNamed_toWhoeverReadsIt() {
    edit(
        "ALTER TABLE $.lease DROP CONSTRAINT lease_epoch_check; ALTER TABLE $.fleet"
            + " ALTER clock_nanos DROP NOT NULL, ALTER tick_nanos DROP NOT NULL,"
            + " ALTER listening_tick DROP NOT NULL, ALTER resets DROP NOT NULL,"
            + " ALTER lineages DROP NOT NULL");
    eachIsCorrupt(
        """
        UPDATE $.lease SET epoch = 9223372036854775807 -> claim, leads: table lease & column epoch
          is 9223372036854775807; & restore a backup
        UPDATE $.lease SET epoch = 9223372036854775807 -> problems: table lease has epoch
          9223372036854775807
        UPDATE $.lease SET epoch = 4611686018427387905 -> claim, leads: table lease & column epoch
          is 4611686018427387905; & restore a backup
        UPDATE $.lease SET epoch = 4611686018427387905 -> problems: table lease has epoch
          4611686018427387905
        UPDATE $.lease SET epoch = -1 -> claim, leads: table lease & column epoch is -1; & restore a
          backup
        UPDATE $.lease SET epoch = -1 -> problems: table lease has epoch -1
        UPDATE $.lease SET epoch = -9223372036854775808 -> claim, leads: table lease & column epoch
          is -9223372036854775808; & restore a backup
        UPDATE $.lease SET epoch = -9223372036854775808 -> problems: table lease has epoch
          -9223372036854775808
        UPDATE $.lease SET holder = 'ghost', epoch = 0 -> lease, claim: table lease & column epoch
          is 0;
        UPDATE $.evidence SET wire = 2147483647 WHERE index = 2 -> evidence: row 2 of table evidence
          & column wire is 2147483647, and type is 2147483647; 0 to 65535 is accepted
        UPDATE $.evidence SET wire = 2147483647 WHERE index = 2 -> problems: column wire is
          2147483647
        UPDATE $.evidence SET wire = 65536 WHERE index = 2 -> evidence: row 2 of table evidence &
          column wire is 65536, and type is 65536; 0 to 65535 is accepted
        UPDATE $.evidence SET wire = 65536 WHERE index = 2 -> problems: column wire is 65536
        UPDATE $.evidence SET wire = -1 WHERE index = 2 -> evidence: row 2 of table evidence &
          column wire is -1, and type is -1; 0 to 65535 is accepted
        UPDATE $.evidence SET wire = -1 WHERE index = 2 -> problems: column wire is -1
        UPDATE $.fleet SET clock_nanos = NULL -> view, read, audit, routes, status, writes, claim:
          table fleet & column clock_nanos is NULL
        UPDATE $.fleet SET tick_nanos = NULL -> view, read, audit, routes, status, writes, claim:
          table fleet & column tick_nanos is NULL
        UPDATE $.fleet SET listening_tick = NULL -> view, read, audit, routes, status, writes,
          claim: table fleet & column listening_tick is NULL
        UPDATE $.fleet SET resets = NULL -> view, read, audit, routes, status, writes, claim: table
          fleet & column resets is NULL
        UPDATE $.fleet SET lineages = substr(lineages, 1, length(lineages) - 1) -> view, read,
          audit, routes, status, writes, claim: table fleet & column lineages & 8 bytes expected, 7
          left
        UPDATE $.fleet SET lineages = NULL -> view, read, audit, routes, status, writes, claim:
          table fleet & at least one lineage
        """);
    edit("UPDATE $.evidence SET wire = -1 WHERE index = 2");
    assertThat(store.evidence(3, 10)).as("what is behind it").isNotEmpty();
  }

  @Test
  void epoch_thatIsTheLargest_isClaimedOnce() {
    edit("UPDATE $.lease SET epoch = (1::bigint << 62) - 1");
    assertThat(store.lease()).isEmpty();
    try (Stowage next = SmallFleet.facade(store, "next")) {
      assertThat(next.claim(0).lease().epoch()).isEqualTo(1L << 62);
    }
    assertThat(store.audit().problems()).isEmpty();
  }

  @Test
  void sequenceOrTable_thatWasDropped_isNamedByTheAudit() {
    fixture.execute("DROP SEQUENCE $.seen_tick");
    corrupt(store::audit, "the schema lacks sequence seen_tick; it was changed by hand");
    fixture.execute("DROP SEQUENCE $.seen_clock; DROP TABLE $.quarantine");
    corrupt(
        store::audit,
        "the schema lacks table quarantine, sequence seen_tick, sequence seen_clock, key"
            + " quarantine_pkey; it was changed by hand: restore a backup");
    corrupt(store::read, "seen_tick", "run audit, which names the differences");
  }

  /** Else one that a later script makes would be missed. */
  @Test
  void sequencesAndTables_areAllLookedFor() {
    List<String> needed =
        SchemaObjects.NAMES.stream().filter(it -> !it.startsWith("key ")).toList();
    String names =
        needed.stream()
            .map(it -> "'" + it.substring(it.indexOf(' ') + 1) + "'")
            .collect(Collectors.joining(", "));
    String all =
        "SELECT count(*) FROM pg_class WHERE relnamespace = '"
            + fixture.schema()
            + "'::regnamespace AND relkind IN ('r', 'S') AND relname NOT LIKE '%\\_seq'"
            + " AND relname <> 'stowage_history'";
    assertThat(fixture.number(all)).isEqualTo(needed.size());
    assertThat(fixture.number(all + " AND relname NOT IN (" + names + ")")).isZero();
  }
}
