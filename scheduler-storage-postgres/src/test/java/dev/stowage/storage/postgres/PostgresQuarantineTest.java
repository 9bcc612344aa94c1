package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.command.Command;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.QuarantineContract;
import dev.stowage.contract.SmallFleet;
import dev.stowage.contract.StoreFixture;
import dev.stowage.model.WorkerId;
import dev.stowage.store.QuarantinedNews;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The quarantine of news on the PostgreSQL backend. */
@Tag("deep")
class PostgresQuarantineTest extends QuarantineContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }

  @Test
  void rowsOfANewerVersionAndOfAHand_stopNobody() {
    try (PostgresFixture fixture = new PostgresFixture();
        PostgresChunkStore store = fixture.connect();
        Stowage leader = SmallFleet.facade(store, "leader")) {
      SmallFleet fleet = new SmallFleet(leader);
      leader.claim(fleet.now());
      fleet.join(10_000, "a", "b", "c").ingest(SmallFleet.chunk("c1", 0)).settle();
      for (String row :
          List.of(
              "1, 1, NULL, '\\x'",
              "2, 99, 'a', '\\x0163'",
              "3, 1, NULL, '\\x01010000'",
              "4, 10, 'nobody', '\\x010a'",
              // A cycle, which nobody but the leader gives.
              "5, 19, NULL, '\\x0113'")) {
        fixture.execute(
            "INSERT INTO $.inbox (sender, number, kind, worker, command) VALUES (1, " + row + ")");
      }
      assertThat(store.audit().problems()).as("to be set aside").isEmpty();
      fleet.ingest(SmallFleet.chunk("c2", 100));
      assertThat(leader.quarantine(-1, 10))
          .extracting(QuarantinedNews::kind)
          .containsExactly(
              Optional.empty(),
              Optional.empty(),
              Optional.of("Configure"),
              Optional.of("Lost"),
              Optional.of("Admit"));
      assertThat(leader.quarantine(-1, 10).get(1).worker()).contains(WorkerId.of("a"));
      assertThat(leader.execute(new Command.Heartbeat(fleet.header("a")), fleet.now()).code())
          .as("whatever of worker a it was")
          .isEqualTo(ResultCode.INVENTORY_WANTED);
      assertThat(store.audit().problems()).isEmpty();
    }
  }

  /** A row that a hand wrote, or a version whose rules are others. */
  @Test
  void rowsThatNoWorkerCanHave_orOfAMarkThatIsSetAside_orTooLargeToRecord_stopNobody() {
    try (PostgresFixture fixture = new PostgresFixture();
        PostgresChunkStore store = fixture.connect();
        Stowage leader = SmallFleet.facade(store, "leader")) {
      SmallFleet fleet = new SmallFleet(leader);
      leader.claim(fleet.now());
      fleet.join(10_000, "a", "b", "c").ingest(SmallFleet.chunk("c1", 0)).settle();
      for (String worker : List.of("repeat('x', 2000)", "E'a\\nb'", "E'\\x01'", "''")) {
        fixture.execute(
            "INSERT INTO $.inbox (sender, number, kind, worker, command) VALUES (hashtext(#), 1, 2, #,"
                    .replace("#", worker)
                + " '\\x010203')");
      }
      assertThat(store.audit().problems()).as("to be set aside").isEmpty();
      fleet.ingest(SmallFleet.chunk("c2", 100));
      List<QuarantinedNews> aside = leader.quarantine(-1, 10);
      assertThat(aside).hasSize(4).allMatch(piece -> piece.worker().isEmpty());
      String again = String.valueOf(aside.get(1).mark());
      fixture.execute(
          "INSERT INTO $.inbox (mark, sender, number, kind, command) OVERRIDING SYSTEM VALUE"
              + " VALUES ("
              + again
              + ", 2, 1, 99, '\\x0163')");
      fixture.execute(
          "ALTER TABLE $.inbox DROP CONSTRAINT inbox_command_check; INSERT INTO $.inbox (sender,"
              + " number, kind, command) VALUES (2, 2, 16, '\\x0110'::bytea"
              + " || decode(repeat('00', 17 << 20), 'hex'))");
      fleet.ingest(SmallFleet.chunk("c3", 200)).settle();
      assertThat(leader.quarantine(-1, 10)).hasSize(6);
      assertThat(leader.quarantine(-1, 10))
          .filteredOn(piece -> piece.bytes() > 1 << 24)
          .singleElement()
          .satisfies(piece -> assertThat(piece.reason()).contains("at most 16777216"))
          .satisfies(piece -> assertThat(piece.kind()).isPresent());
      assertThat(leader.status(List.of(SmallFleet.key("c3"))).get(0).possessed()).isGreaterThan(1);
      assertThat(store.audit().problems()).isEmpty();
    }
  }
}
