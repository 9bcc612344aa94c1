package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.CommandSamples;
import dev.stowage.contract.LogSender;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.storage.postgres.RoledSchema.Role;
import dev.stowage.store.CommandId;
import dev.stowage.store.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The worst that a member of a weak role can write by SQL is refused, or does no harm. */
class DoorsTest {
  private static final RoledSchema roles = new RoledSchema();

  private final PostgresChunkStore store = roles.builder(roles.source(Role.SCHEDULER)).open();
  private final Stowage leader = SmallFleet.facade(store, "leader");
  private final SmallFleet fleet = new SmallFleet(leader);

  @BeforeEach
  void lead() {
    leader.claim(fleet.now());
    fleet.join(1L << 40, "a", "b", "c").ingest(chunk("c1", 0)).settle();
  }

  @AfterEach
  void close() {
    leader.close();
    store.close();
    Home.empty(roles.server, roles.name);
  }

  @AfterAll
  static void drop() {
    roles.close();
  }

  private static CommandId append(Role role, Command<?> command) {
    try (PostgresChunkStore of =
        roles.builder(roles.source(role)).setup(SchemaSetup.VALIDATE).open()) {
      return PostgresFixture.append(of, command);
    }
  }

  private static Command<?> ingest(String id, long first) {
    return new Command.Ingest(ProposedChunk.listOf(List.of(chunk(id, first))));
  }

  /** Asserts that the leader goes on, and that another one can take over. */
  private void assertSound() {
    leader.schedule(fleet.pass(1).now());
    assertThat(leader.isLeading()).isTrue();
    assertThat(leader.audit()).isEmpty();
    assertThat(store.audit().problems()).isEmpty();
    leader.resign();
    try (PostgresChunkStore other = roles.builder(roles.source(Role.SCHEDULER)).open();
        Stowage next = SmallFleet.facade(other, "next")) {
      assertThat(next.claim(fleet.now()).granted()).isTrue();
      next.schedule(fleet.now());
      next.resign();
    }
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
  }

  @Test
  void statement_thatStoppedFleetsOnce_isRefused() {
    append(Role.INGESTER, new Command.Offer(ProposedChunk.listOf(List.of(chunk("waits", 800)))));
    String table =
        """
        INGESTER: INSERT INTO $.chunk (dataset, id, first_block, last_block, size_bytes, weight,
          state, admitted_tick, position) VALUES (1, 'ghost', 800, 899, 1, 1, 2, 1, 77)
        INGESTER: INSERT INTO $.dataset (name) VALUES ('')
        INGESTER: INSERT INTO $.dataset (name) VALUES (E'\\n')
        INGESTER: INSERT INTO $.dataset (name) VALUES (repeat('x', 2600))
        INGESTER: INSERT INTO $.dataset (name) SELECT 'd' FROM generate_series(1, 2000000)
          ON CONFLICT DO NOTHING
        INGESTER: INSERT INTO $.inbox (sender, number, kind, command)
          VALUES (1, 1, 2, convert_to(repeat('x', 16777217), 'UTF8'))
        REPORTER: INSERT INTO $.inbox (sender, number, kind, worker, command)
          VALUES (1, 1, 8, repeat('x', 4097), '')
        REPORTER: INSERT INTO $.worker SELECT * FROM $.worker
        REPORTER: UPDATE $.worker SET version = ''
        """;
    for (String line : HandOnTables.lines(table)) {
      String[] parts = line.split(": ", 2);
      roles.assertRefused(Role.valueOf(parts[0]), parts[1]);
    }
    assertSound();
    assertThat(leader.status(List.of(key("waits"))).get(0).state()).isPresent();
  }

  @Test
  void statement_thatIsAllowed_doesNoHarm() throws SQLException {
    roles.as(
        Role.INGESTER,
        "INSERT INTO $.proof (token, number, seen_nanos, system_id, timeline)"
            + " SELECT 1, 0, max(seen_nanos), lineage, -1 FROM $.lease, $.proof GROUP BY lineage");
    roles.as(
        Role.INGESTER,
        "INSERT INTO $.inbox (sender, number, kind, command) SELECT 1, n, 2,"
            + " convert_to(repeat('x', 16777216), 'UTF8') FROM generate_series(1, 3) n");
    assertSound();
    assertThat(leader.quarantine(-1, 9)).hasSize(3);
  }

  /** An owner may write anything: the audit finds it, and a name that no row uses is not read. */
  @Test
  void handOfTheOwner_isFound_andSetAside_whateverItSpoils() throws SQLException {
    roles.as(Role.OWNER, "INSERT INTO $.dataset (name) VALUES (''), (repeat('x', 2600))");
    assertSound();
    insert("('ghost', 800, 70)");
    assertThat(found()).contains("by hand");
    append(Role.INGESTER, new Command.Offer(ProposedChunk.listOf(List.of(chunk("ghost", 800)))));
    append(Role.INGESTER, ingest("beside", 850));
    fleet.settle();
    assertThat(leader.status(List.of(key("ghost"), key("beside"))))
        .as("its key is that of an offer")
        .allMatch(it -> it.possessed() > 1);
    assertSound();
    insert("('other', 900, 1)");
    assertThat(leader.ingest(List.of(chunk("next", 900)), fleet.now()).isAccepted())
        .as("its place is that of the next chunk")
        .isTrue();
    assertSound();
    insert("('third', 1000, 7), ('fourth', 1001, 9)");
    leader.resign();
    assertThat(leader.claim(fleet.now()).granted()).as("nothing else loads the rows").isTrue();
    assertSound();
    assertThat(leader.quarantine(-1, 9))
        .extracting(it -> it.reason().replaceAll(": \\{.*", ""))
        .containsExactly(aside("ghost"), aside("other"), aside("third"), aside("fourth"));
  }

  private static String aside(String id) {
    return "the command cannot be read: no leader wrote this row of table chunk: " + key(id).path();
  }

  /** Inserts chunks without a number: their ids, blocks, and places behind the last chunk. */
  private static void insert(String rows) throws SQLException {
    roles.as(
        Role.OWNER,
        "INSERT INTO $.chunk (dataset, id, first_block, last_block, size_bytes, state,"
            + " admitted_tick, position) SELECT 1, v.id, v.block, v.block, 1, 2, 1,"
            + " (SELECT max(position) FROM $.chunk) + v.beyond FROM (VALUES "
            + rows
            + ") v (id, block, beyond)");
  }

  private String found() {
    try {
      return String.valueOf(store.audit().problems());
    } catch (StorageException.Corrupt e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void nameOfACommand_ofAnotherLogin_isNotTaken() throws SQLException {
    roles.as(
        Role.OPERATOR, "INSERT INTO $.inbox (sender, number, kind, command) SELECT 9, 1, 1, ''");
    try (PostgresChunkStore of =
        roles.builder(roles.source(Role.INGESTER)).setup(SchemaSetup.VALIDATE).open()) {
      LogSender sender = new LogSender(of, 9);
      CommandId id = sender.append(ingest("mine", 500));
      fleet.settle();
      assertThat(sender.answer(id).orElseThrow().code()).isEqualTo(ResultCode.ACCEPTED);
    }
    assertThat(leader.status(List.of(key("mine"))).get(0).state()).isPresent();
    assertSound();
  }

  @Test
  void rowThatAnOpenTransactionHolds_isPassedOver_andTakenOnceItIsFree() throws SQLException {
    append(Role.REPORTER, new Command.Heartbeat(fleet.header("a")));
    roles.as(
        Role.REPORTER,
        "INSERT INTO $.proof (token, number, seen_nanos, system_id, timeline)"
            + " VALUES (5, 1, 0, 0, 0)");
    try (Connection held = roles.source(Role.REPORTER).getConnection();
        Statement statement = held.createStatement()) {
      held.setAutoCommit(false);
      statement.execute(roles.in("SELECT * FROM $.inbox FOR UPDATE"));
      statement.execute(roles.in("SELECT * FROM $.proof WHERE token = 5 FOR UPDATE"));
      append(Role.INGESTER, ingest("beside", 500));
      assertSound();
      assertThat(leader.status(List.of(key("beside"))).get(0).state()).isPresent();
      assertThat(roles.rows("inbox")).isOne();
      held.rollback();
    }
    leader.schedule(fleet.now());
    assertThat(roles.rows("inbox")).isZero();
  }

  /** Rows that grants and checks allow, well formed or not, under names of others too. */
  @Test
  @Tag("deep")
  void rowsOfWeakRoles_stopNobody_andNothingOfOthersIsLost() throws SQLException {
    Random random = new Random(86);
    try (PostgresChunkStore of = roles.builder(roles.source(Role.SCHEDULER)).open()) {
      LogSender honest = new LogSender(of, 77);
      for (int cycle = 0; cycle < 100; cycle++) {
        for (Role role : List.of(Role.OPERATOR, Role.INGESTER, Role.REPORTER)) {
          write(role, 34, random);
        }
        CommandId id = honest.append(ingest("h" + cycle, 10_000 + 10L * cycle));
        leader.schedule(fleet.pass(1).now());
        assertThat(honest.answer(id).orElseThrow().code()).isEqualTo(ResultCode.ACCEPTED);
        if (cycle % 20 == 0) {
          assertSound();
        }
      }
    }
    assertSound();
  }

  private static void write(Role role, int rows, Random random) throws SQLException {
    CommandKind.Giver giver =
        role == Role.REPORTER ? CommandKind.Giver.WORKER : CommandKind.Giver.valueOf(role.name());
    List<CommandKind<?, ?>> kinds =
        CommandKind.ALL.stream().filter(kind -> kind.giver() == giver).toList();
    StringBuilder sql = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      CommandKind<?, ?> kind = kinds.get(random.nextInt(kinds.size()));
      sql.append(
          switch (random.nextInt(12)) {
            case 0 -> "UPDATE $.inbox SET command = '' WHERE number % 7 = 0";
            case 1 ->
                "INSERT INTO $.proof (token, number, seen_nanos, system_id, timeline) VALUES ("
                    + random.nextLong()
                    + ", "
                    + random.nextLong()
                    + ", "
                    + random.nextInt()
                    + ", 1, "
                    + random.nextInt()
                    + ") ON CONFLICT DO NOTHING";
            case 2 -> "UPDATE $.proof SET number = number / 2, seen_nanos = -1, timeline = 9";
            case 3 ->
                "INSERT INTO $.proof (token, number, seen_nanos, system_id, timeline) SELECT "
                    + random.nextLong()
                    + ", 0, max(seen_nanos), lineage, -1 FROM $.lease, $.proof GROUP BY lineage";
            default -> insertOf(kind, role == Role.OPERATOR, random);
          });
      sql.append(';');
    }
    roles.as(role, sql.toString());
  }

  /** An operator's commands are broken: whole ones would rightly freeze or configure the fleet. */
  private static String insertOf(CommandKind<?, ?> kind, boolean isBroken, Random random) {
    byte[] bytes = CommandCodec.toBytes(CommandSamples.of(kind, 2e-5));
    if (isBroken || random.nextInt(3) == 0) {
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
    } else if (random.nextInt(3) == 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    String worker = List.of("NULL", "'a'", "'w'", "''", "E'\\n'").get(random.nextInt(5));
    long sender = List.of(77L, 0L, Long.MAX_VALUE, random.nextLong()).get(random.nextInt(4));
    return "INSERT INTO $.inbox (sender, number, kind, worker, command) VALUES ("
        + sender
        + ", "
        + (1 + random.nextInt(200))
        + ", "
        + kind.number()
        + ", "
        + worker
        + ", '\\x"
        + HexFormat.of().formatHex(bytes)
        + "') ON CONFLICT DO NOTHING";
  }
}
