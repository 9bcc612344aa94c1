package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.ResultCode;
import dev.stowage.contract.LogSender;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.postgres.RoledSchema.Role;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.store.CommandId;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each role does its part through the store, and the server refuses it everything else. */
class StoreRolesTest {
  /** Tests that no row matters to, and that change none of a fleet. */
  private static final String RIGHTS_ALONE = "rights-alone";

  private static final RoledSchema roles = new RoledSchema();
  private static final TestServer server = roles.server;
  private static final String schema = roles.name;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private SeenStatements seen = new SeenStatements();
  private PostgresChunkStore scheduler;
  private Stowage leader;
  private SmallFleet fleet;

  @BeforeEach
  void openFleet(TestInfo test) {
    if (test.getTags().contains(RIGHTS_ALONE)) {
      return;
    }
    Home.empty(server, schema);
    scheduler = open(roles.builder(roles.source(Role.SCHEDULER)));
    leader = SmallFleet.facade(scheduler, "leader");
    opened.add(leader);
    fleet = new SmallFleet(leader);
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
    fleet.join(1L << 40, "a", "b", "c").ingest(chunk("c1", 0), chunk("c2", 100)).settle();
  }

  @AfterEach
  void closeFleet() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @AfterAll
  static void dropRoles() {
    roles.close();
  }

  private PostgresChunkStore open(Role role) {
    return open(roles.builder(seen.over(roles.source(role))));
  }

  private PostgresChunkStore open(PostgresChunkStore.Builder builder) {
    PostgresChunkStore store = builder.setup(SchemaSetup.VALIDATE).open();
    opened.add(store);
    return store;
  }

  private Stowage facade(Role role) {
    Stowage facade = SmallFleet.facade(open(role), role.text());
    opened.add(facade);
    return facade;
  }

  private void assertSound() {
    fleet.settle();
    assertThat(scheduler.audit().problems()).isEmpty();
    assertThat(leader.audit()).isEmpty();
  }

  // ---- each does its part, with no right that it does not use ----

  @Test
  @Tag(RIGHTS_ALONE)
  void owner_opensAgain_andIsNoSuperuser() throws SQLException {
    roles.builder(roles.source(Role.OWNER)).setup(SchemaSetup.MIGRATE).open().close();
    roles.as(Role.OWNER, "ALTER TABLE $.quarantine ADD more text; DELETE FROM $.quarantine");
    roles.as(Role.OWNER, "ALTER TABLE $.quarantine DROP more");
  }

  @Test
  @Tag(RIGHTS_ALONE)
  void superuser_callsNothingThatTheOwnerMade() throws SQLException {
    String other = server.freshSchema();
    server.execute(StoreRoles.sql(other, schema));
    String made =
        "CREATE FUNCTION $.mine(oid, regnamespace) RETURNS boolean LANGUAGE plpgsql AS"
            + " 'BEGIN RAISE EXCEPTION $q$hijacked$q$; END';"
            + " CREATE OPERATOR $.= (LEFTARG = oid, RIGHTARG = regnamespace, FUNCTION = $.mine)";
    roles.as(Role.OWNER, made);
    try {
      server.execute(StoreRoles.sql(schema, schema));
      assertThatThrownBy(() -> PostgresChunkStore.builder(server.source()).schema(other).open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is owned by " + schema + "_owner")
          .hasMessageContaining("open the store once with SchemaSetup.MIGRATE as the owner");
      PostgresChunkStore.builder(server.source()).schema(schema).open().close();
    } finally {
      roles.as(Role.OWNER, "DROP FUNCTION $.mine CASCADE");
      server.execute("DROP SCHEMA " + other);
    }
  }

  @Test
  void scheduler_leads_andUsesEachOfItsRights() {
    seen = new SeenStatements();
    leader.resign();
    PostgresChunkStore again = open(Role.SCHEDULER);
    Stowage next = SmallFleet.facade(again, "next");
    opened.add(next);
    fleet.through(next);
    assertThat(next.claim(fleet.now()).granted()).isTrue();
    for (int first = 0; first < 20; first++) {
      fleet.ingest(chunk("m" + first, 1_000 + 10 * first));
    }
    assertThat(next.ingest(many(), fleet.now()).isAccepted()).isTrue();
    fleet.settle();
    next.renew();
    next.remove(key("c2"), fleet.now());
    next.setStatus(WorkerId.of("c"), WorkerStatus.LEAVING, fleet.now());
    next.swap(SmallFleet.dataset(), List.of(key("c1")), List.of(chunk("c1b", 0)), fleet.now());
    next.inventoryPart(fleet.header("a"), 1, 2, List.of(), fleet.now());
    fleet.settle();
    Stowage beside = SmallFleet.facade(again, "beside");
    opened.add(beside);
    beside.ingest(List.of(chunk("d1", 5_000)), fleet.now());
    beside.heartbeat(fleet.header("b"), fleet.now());
    fleet.settle();
    beside.heartbeat(ofUnknownLineage("b"), fleet.now());
    beside.freeze(fleet.now());
    beside.unfreeze(fleet.now());
    server.execute(
        "INSERT INTO "
            + schema
            + ".inbox (sender, number, kind, command) VALUES (1, 1, 99, '\\x0163')");
    fleet.settle();
    assertThat(next.purge(fleet.pass(3_000_000).now()).code()).isNotNull();
    fleet.settle();
    assertThat(again.audit().problems()).isEmpty();
    next.resign();
    try (var session =
        ((dev.stowage.store.spi.Claim.Granted)
                again.claim(new LeaseRequest("trims", Duration.ofMinutes(1))))
            .session()) {
      session.trimHistory(new HistoryHorizon(1, 1), 1_000);
    }
    // A load needs the first, if all chunks of a run are gone, and retention the others.
    assertUsed(Role.SCHEDULER, "DELETE established", "DELETE swap", "DELETE worker");
  }

  @Test
  void ingester_ingestsAndOffers_andUsesEachOfItsRights() {
    seen = new SeenStatements();
    PostgresChunkStore store = open(Role.INGESTER);
    LogSender ingester = new LogSender(store, 1);
    CommandId first = ingester.append(ingest("i1", 1_000));
    ingester.append(new Command.Offer(ProposedChunk.listOf(List.of(chunk("i2", 1_010)))));
    CommandId late = ingester.append(ingest("i3", 1_005));
    CommandId withdrawn = ingester.append(ingest("i4", 2_000));
    assertThat(store.inbox().withdraw(withdrawn)).isTrue();
    assertThat(store.inbox().withdraw(withdrawn)).isFalse();
    assertSound();
    assertThat(ingester.answer(first).orElseThrow().code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(ingester.answer(late).orElseThrow().code()).isEqualTo(ResultCode.OVERLAP);
    assertThat(ingester.answer(withdrawn)).isEmpty();
    assertThat(store.inbox().withdraw(first)).isFalse();
    assertUsed(Role.INGESTER);
    assertThat(scheduler.quarantine(-1, 9)).isEmpty();
  }

  private static Command<?> ingest(String id, long first) {
    return new Command.Ingest(ProposedChunk.listOf(List.of(chunk(id, first))));
  }

  @Test
  void operator_asks_andUsesEachOfItsRights() {
    seen = new SeenStatements();
    PostgresChunkStore store = open(Role.OPERATOR);
    LogSender operator = new LogSender(store, 2);
    CommandId freeze = operator.append(new Command.Freeze(Command.ANY_VERSION));
    assertThat(store.inbox().withdraw(operator.append(new Command.Remove(key("c1"))))).isTrue();
    fleet.settle();
    assertThat(operator.answer(freeze).orElseThrow().code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(SmallFleet.state(leader).isFrozen()).isTrue();
    assertUsed(Role.OPERATOR);
    assertThat(scheduler.audit().problems()).isEmpty();
  }

  @Test
  void reporter_reports_andUsesEachOfItsRights() {
    seen = new SeenStatements();
    LogSender reporter = new LogSender(open(Role.REPORTER), 3);
    LogSender other = new LogSender(scheduler, 4);
    other.append(new Command.Heartbeat(fleet.header("a")));
    CommandId last = reporter.append(new Command.Heartbeat(fleet.header("a")));
    assertThat(roles.rows("inbox")).as("the one of another login is replaced").isOne();
    CommandId lost = reporter.append(new Command.Lost(fleet.header("a"), List.of()));
    fleet.settle();
    for (CommandId each : List.of(last, lost)) {
      assertThat(reporter.answer(each).orElseThrow().code()).isEqualTo(ResultCode.ACCEPTED);
    }
    assertUsed(Role.REPORTER);
    assertSound();
    assertThat(scheduler.quarantine(-1, 9)).isEmpty();
  }

  @Test
  void reader_readsEverything_andUsesEachOfItsRights() {
    fleet.ingest(chunk("c3", 200));
    leader.inventoryPart(fleet.header("a"), 1, 2, List.of(), fleet.now());
    seen = new SeenStatements();
    PostgresChunkStore reader = open(Role.READER);
    WorkerId a = WorkerId.of("a");
    var slice = reader.agedReader().slice(a).value().orElseThrow();
    assertThat(slice.put()).isNotEmpty();
    assertThat(reader.agedReader().sliceSince(a, slice.lineage(), slice.id()).value()).isPresent();
    var routes = reader.agedReader().routes().value();
    reader.agedReader().routesSince(routes.lineage(), routes.id()).value();
    assertThat(reader.view().slice(a)).isPresent();
    assertThat(reader.ask(Questions.status(List.of(key("c1")))).get(0).possessed())
        .isGreaterThan(1);
    assertThat(reader.ask(Questions.head(SmallFleet.dataset())).last()).isPresent();
    assertThat(reader.ask(Questions.leaving(List.of(a)))).hasSize(1);
    assertThat(reader.lease()).isPresent();
    assertThat(reader.clockNanos()).isPositive();
    assertThat(reader.evidence(0, 10)).isNotEmpty();
    assertThat(reader.quarantine(-1, 10)).isEmpty();
    assertThat(reader.read().state()).isPresent();
    assertThat(reader.audit().problems()).isEmpty();
    assertUsed(Role.READER);
  }

  private ReportHeader ofUnknownLineage(String worker) {
    ReportHeader known = fleet.header(worker);
    return new ReportHeader(known.worker(), known.incarnation(), Lineage.of(99), known.number());
  }

  /** Chunks of a new dataset, enough for bulk statements. */
  private static List<Chunk> many() {
    return LongStream.range(0, 300)
        .mapToObj(at ->
            Chunk.of(ChunkKey.of("other", "o" + at), BlockRange.of(10 * at, 10 * at + 9), 100))
        .toList();
  }

  /** Compares the granted rights with those of the statements that were executed. */
  private void assertUsed(Role role, String... rarely) {
    TreeSet<String> granted = granted(role);
    assertThat(granted).containsAll(List.of(rarely)).hasSizeGreaterThan(rarely.length);
    granted.removeAll(List.of(rarely));
    granted.removeAll(seen.rights(schema));
    assertThat(granted).as("rights that %s does not use", role).isEmpty();
  }

  private TreeSet<String> granted(Role role) {
    TreeSet<String> granted = new TreeSet<>();
    String of = "'" + schema + "_" + role.text() + "', c.oid, p";
    String sql =
        "SELECT p || ' ' || c.relname FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE',"
            + " 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p WHERE c.relnamespace = '"
            + schema
            + "'::regnamespace AND c.relname <> 'stowage_history' AND CASE WHEN c.relkind = 'r'"
            + " THEN has_table_privilege("
            + of
            + ") OR (p NOT IN ('DELETE', 'TRUNCATE', 'TRIGGER') AND has_any_column_privilege("
            + of
            + ")) WHEN c.relkind = 'S' AND p IN ('SELECT', 'UPDATE') THEN has_sequence_privilege("
            + of
            + ") ELSE false END";
    try (Connection connection = server.source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        granted.add(rows.getString(1));
      }
      return granted;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  // ---- and nothing else ----

  @Test
  void statement_ofAnotherRole_isRefused() {
    String table =
        """
        OWNER: CREATE ROLE #_more
        INGESTER: UPDATE $.dataset SET name = 'e'
        OPERATOR, INGESTER: SELECT * FROM $.worker
        OPERATOR, REPORTER: SELECT * FROM $.chunk
        OPERATOR, INGESTER, REPORTER, READER: UPDATE $.lease SET holder = 'thief'
        OPERATOR, INGESTER, REPORTER, READER: DO 'BEGIN LOCK TABLE $.gate IN SHARE MODE; END'
        OPERATOR, INGESTER, REPORTER, READER: DO 'BEGIN LOCK TABLE $.gate IN EXCLUSIVE MODE; END'
        OPERATOR, INGESTER, REPORTER: DO 'BEGIN LOCK TABLE $.inbox IN SHARE MODE; END'
        OPERATOR, INGESTER, REPORTER: DO 'BEGIN LOCK TABLE $.proof IN SHARE MODE; END'
        OPERATOR, INGESTER, REPORTER: DO 'BEGIN LOCK TABLE $.answer IN ROW SHARE MODE; END'
        OPERATOR, INGESTER, REPORTER, READER: CREATE TABLE $.more (a integer)
        OPERATOR, INGESTER, REPORTER, READER: CREATE FUNCTION $.more() RETURNS integer LANGUAGE sql
          AS 'SELECT 1'
        OPERATOR, INGESTER, REPORTER, READER: SET ROLE #_scheduler
        OPERATOR, INGESTER, REPORTER, READER: INSERT INTO $.inbox (sender, number, kind, command)
          VALUES (1, 1, 0, '')
        OPERATOR, INGESTER, REPORTER, READER: INSERT INTO $.inbox (sender, number, kind, command)
          VALUES (1, 1, 99, '')
        OPERATOR, INGESTER, REPORTER: INSERT INTO $.inbox (sender, number, kind, login, command)
          VALUES (1, 1, 1, 'somebody', '')
        OPERATOR, INGESTER, REPORTER: DELETE FROM $.inbox
        """;
    for (String line : HandOnTables.lines(table)) {
      String[] parts = line.split(": ", 2);
      for (String role : parts[0].split(", ")) {
        roles.assertRefused(Role.valueOf(role), parts[1].replace("#", schema));
      }
    }
  }

  @Test
  void follower_doesNotLead() {
    leader.resign();
    for (Role role : List.of(Role.OPERATOR, Role.INGESTER, Role.REPORTER, Role.READER)) {
      PostgresChunkStore store = open(role);
      assertThatThrownBy(() -> store.claim(new LeaseRequest("thief", Duration.ofMinutes(1))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("permission denied for table gate")
          .hasMessageContaining("grant the user the role <prefix>_scheduler");
      if (role != Role.READER) {
        assertThatThrownBy(store::view).hasMessageContaining("the role <prefix>_reader");
      }
    }
    assertThat(leader.claim(fleet.now()).granted()).isTrue();
    assertSound();
  }

  @ParameterizedTest
  @EnumSource(names = {"OPERATOR", "INGESTER", "REPORTER", "READER"})
  @Tag(RIGHTS_ALONE)
  void follower_writesNoTableOfTheLeader(Role role) {
    for (String name : SchemaObjects.NAMES) {
      String table = name.substring(name.indexOf(' ') + 1);
      if (name.startsWith("sequence ")) {
        roles.assertRefused(role, "SELECT setval('$." + table + "', 1)");
        roles.assertRefused(role, "SELECT nextval('$." + table + "')");
      } else if (name.startsWith("table ")) {
        roles.assertRefused(role, "DELETE FROM $." + table);
        roles.assertRefused(role, "TRUNCATE $." + table);
        roles.assertRefused(role, "ALTER TABLE $." + table + " ADD more text");
        if (!table.equals("proof") && (role == Role.READER || !table.equals("inbox"))) {
          String column =
              SchemaObjects.COLUMNS.stream()
                  .filter(it -> it.table().equals(table) && !it.name().equals("live"))
                  .reduce((first, last) -> last)
                  .orElseThrow()
                  .name();
          roles.assertRefused(role, "UPDATE $." + table + " SET " + column + " = " + column);
        }
      }
    }
  }

  @Test
  void writer_changesNoProofOfAnotherLogin() throws SQLException {
    server.execute("INSERT INTO " + schema + ".proof VALUES (7, 'somebody', 41, 0, 0, 0)");
    String columns = "INSERT INTO $.proof (token, login, number, seen_nanos, system_id, timeline)";
    for (Role role : List.of(Role.SCHEDULER, Role.OPERATOR, Role.INGESTER, Role.REPORTER)) {
      roles.as(role, "UPDATE $.proof SET number = 99 WHERE token = 7");
      assertThat(roles.rows("proof WHERE token = 7 AND number = 41")).isEqualTo(1);
      roles.assertRefused(role, columns + " VALUES (8, 'somebody', 1, 0, 0, 0)");
      roles.assertRefused(
          role,
          columns
              + " VALUES (7, session_user, 99, 0, 0, 0) ON CONFLICT (token) DO UPDATE SET number ="
              + " excluded.number");
      int own = 9 + role.ordinal();
      roles.as(role, columns + " VALUES (" + own + ", session_user, 1, 0, 0, 0)");
      roles.assertRefused(role, "UPDATE $.proof SET login = 'somebody' WHERE token = " + own);
    }
    assertSound();
  }

  // ---- kinds of commands ----

  private static int names;

  @Test
  void command_ofAnotherRole_isRefused_andChangesNothing() {
    long digest = SmallFleet.state(leader).fullDigest();
    Stowage ingester = facade(Role.INGESTER);
    Stowage reporter = facade(Role.REPORTER);
    for (Forbidden each :
        List.of(
            new Forbidden("operator", () -> ingester.freeze(fleet.now())),
            new Forbidden("operator", () -> ingester.remove(key("c1"), fleet.now())),
            new Forbidden("reporter", () -> ingester.heartbeat(fleet.header("a"), fleet.now())),
            new Forbidden("operator", () -> setLeaving(ingester)),
            new Forbidden("operator", () -> setLeaving(reporter)),
            new Forbidden("operator", () -> reporter.unfreeze(fleet.now())),
            new Forbidden(
                "ingester", () -> reporter.ingest(List.of(chunk("x", 9_000)), fleet.now())))) {
      assertThatThrownBy(each.command()::run)
          .isInstanceOf(IllegalStateException.class)
          .hasStackTraceContaining("ERROR: ")
          .hasStackTraceContaining("grant the user the role <prefix>_" + each.lacking());
    }
    assertThat(roles.rows("inbox")).isZero();
    assertThat(SmallFleet.state(leader).fullDigest()).isEqualTo(digest);
    assertSound();
  }

  private record Forbidden(String lacking, Runnable command) {}

  private void setLeaving(Stowage by) {
    by.setStatus(WorkerId.of("a"), WorkerStatus.LEAVING, fleet.now());
  }

  @Test
  @Tag(RIGHTS_ALONE)
  void command_isTakenFromARole_onlyInItsKinds() {
    assertThat(kindsThatAreTaken(Role.OPERATOR)).isEqualTo(kindsOf(CommandKind.Giver.OPERATOR));
    assertThat(kindsThatAreTaken(Role.INGESTER)).isEqualTo(kindsOf(CommandKind.Giver.INGESTER));
    assertThat(kindsThatAreTaken(Role.REPORTER)).isEqualTo(kindsOf(CommandKind.Giver.WORKER));
    assertThat(kindsThatAreTaken(Role.READER)).isEmpty();
  }

  private static List<CommandKind<?, ?>> kindsOf(CommandKind.Giver giver) {
    List<CommandKind<?, ?>> kinds = new ArrayList<>(CommandKind.ALL);
    kinds.removeIf(kind -> kind.giver() != giver);
    return kinds;
  }

  private List<CommandKind<?, ?>> kindsThatAreTaken(Role role) {
    List<CommandKind<?, ?>> taken = new ArrayList<>();
    for (CommandKind<?, ?> kind : CommandKind.ALL) {
      try {
        roles.as(role, news(kind.number(), "", "\\x"));
        taken.add(kind);
      } catch (SQLException e) {
        assertThat(e.getSQLState()).isEqualTo("42501");
      }
    }
    return taken;
  }

  @ParameterizedTest
  @EnumSource(names = {"INGESTER", "REPORTER"})
  void forgedBytes_underAnAllowedKind_areQuarantined(Role role) throws SQLException {
    int allowed = (role == Role.INGESTER ? CommandKind.INGEST : CommandKind.HEARTBEAT).number();
    List<Command<?>> forged =
        List.of(
            new Command.Freeze(Command.ANY_VERSION),
            new Command.Remove(key("c1")),
            new Command.SetStatus(WorkerId.of("a"), WorkerStatus.LEAVING),
            new Command.Offer(ProposedChunk.listOf(List.of(chunk("x", 9_000)))));
    for (Command<?> each : forged) {
      String bytes = "\\x" + HexFormat.of().formatHex(CommandCodec.toBytes(each));
      roles.as(role, news(allowed, "", bytes));
      roles.as(role, news(allowed, "a", bytes));
      roles.assertRefused(
          role,
          news(
              CommandKind.kindOf(each).number() == 3 ? 1 : CommandKind.kindOf(each).number(),
              "",
              bytes));
    }
    fleet.settle();
    assertThat(leader.quarantine(-1, 99))
        .hasSize(2 * forged.size())
        .allSatisfy(piece -> assertThat(piece.reason()).contains("its row says kind " + allowed))
        .extracting(QuarantinedNews::kind)
        .containsOnly(Optional.empty());
    assertThat(SmallFleet.state(leader).isFrozen()).isFalse();
    assertThat(leader.status(List.of(key("c1"))).get(0).marked()).isFalse();
    assertThat(leader.fleet().slice(WorkerId.of("a"))).isPresent();
    assertSound();
  }

  @Test
  void report_underAnotherWorker_isQuarantined() throws SQLException {
    Command<?> command = new Command.Heartbeat(fleet.header("a"));
    String bytes = "\\x" + HexFormat.of().formatHex(CommandCodec.toBytes(command));
    roles.as(Role.REPORTER, news(CommandKind.kindOf(command).number(), "b", bytes));
    roles.as(
        Role.REPORTER, news(CommandKind.kindOf(command).number(), "b" + "x".repeat(2_000), bytes));
    fleet.settle();
    assertThat(leader.quarantine(-1, 9))
        .hasSize(2)
        .extracting(QuarantinedNews::reason)
        .allSatisfy(reason -> assertThat(reason).contains("of worker a;").contains("of worker b"))
        .allSatisfy(reason -> assertThat(reason).hasSizeLessThan(1_000));
    assertSound();
  }

  private static String news(int kind, String worker, String bytes) {
    names++;
    return "INSERT INTO $.inbox (sender, number, kind, worker, command) VALUES (7, "
        + names
        + ", "
        + kind
        + ", NULLIF('"
        + worker
        + "', ''), '"
        + bytes
        + "')";
  }

  // ---- the script ----

  @Test
  @Tag(RIGHTS_ALONE)
  void prefix_thatIsNoName_isRefused() {
    for (String prefix : List.of("", "Pre", "pg_x", "a'b", "a\"; DROP TABLE x; --", "1a")) {
      assertThatThrownBy(() -> StoreRoles.sql("stowage", prefix))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("prefix is '" + prefix + "'");
      assertThatThrownBy(() -> StoreRoles.sql(prefix, "stowage"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
