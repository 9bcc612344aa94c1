package dev.stowage.storage.postgres;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.postgres.sql.SchemaObjects;
import dev.stowage.store.HistoryHorizon;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.QuarantinedNews;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each role does its part through the store, and the server refuses it everything else. */
class StoreRolesTest {
  enum Role {
    OWNER,
    SCHEDULER,
    INGESTER,
    REPORTER,
    READER;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Tests that no row matters to, and that change none of a fleet. */
  private static final String RIGHTS_ALONE = "rights-alone";

  /** Only who misses a commit of its own uses it. */
  private static final String TELLS = "INSERT loss";

  private static final TestServer server = TestServer.get();
  private static final String schema = server.freshSchema();
  private static final Map<Role, HikariDataSource> SOURCES = new EnumMap<>(Role.class);

  private final List<AutoCloseable> opened = new ArrayList<>();
  private SeenStatements seen = new SeenStatements();
  private PostgresChunkStore scheduler;
  private Stowage leader;
  private SmallFleet fleet;

  @BeforeAll
  static void makeRoles() {
    String sql = StoreRoles.sql(schema, schema);
    server.execute(sql);
    for (Role role : Role.values()) {
      server.execute(
          "CREATE ROLE "
              + login(role)
              + " LOGIN PASSWORD 'word' IN ROLE "
              + schema
              + "_"
              + role.text());
      SOURCES.put(role, source(role));
    }
    builder(SOURCES.get(Role.OWNER)).open().close();
    server.execute(sql);
    server.execute(sql);
  }

  @BeforeEach
  void openFleet(TestInfo test) {
    if (test.getTags().contains(RIGHTS_ALONE)) {
      return;
    }
    Home.empty(server, schema);
    scheduler = open(builder(SOURCES.get(Role.SCHEDULER)).history(Home.VERSIONS));
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
    SOURCES.values().forEach(HikariDataSource::close);
    server.execute("DROP SCHEMA " + schema + " CASCADE");
    for (Role role : Role.values()) {
      server.execute("DROP ROLE " + login(role));
      server.execute("DROP ROLE " + schema + "_" + role.text());
    }
  }

  private static String login(Role role) {
    return schema + "_u_" + role.text();
  }

  private static HikariDataSource source(Role role) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url().replaceAll("([?&])(user|password)=[^&]*", "$1"));
    config.setUsername(login(role));
    config.setPassword("word");
    config.setMaximumPoolSize(8);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  private static PostgresChunkStore.Builder builder(DataSource source) {
    return PostgresChunkStore.builder(source)
        .schema(schema)
        .withoutListening()
        .withoutTrustedClock();
  }

  private PostgresChunkStore open(Role role) {
    return open(builder(seen.over(SOURCES.get(role))));
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

  private void as(Role role, String sql) throws SQLException {
    try (Connection connection = SOURCES.get(role).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql.replace("$.", schema + "."));
    }
  }

  private void assertRefused(Role role, String sql) {
    assertThatThrownBy(() -> as(role, sql))
        .as("%s: %s", role, sql)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
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
    builder(SOURCES.get(Role.OWNER)).setup(SchemaSetup.MIGRATE).open().close();
    as(Role.OWNER, "ALTER TABLE $.quarantine ADD more text; DELETE FROM $.quarantine");
    as(Role.OWNER, "ALTER TABLE $.quarantine DROP more");
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
    as(Role.OWNER, made);
    try {
      server.execute(StoreRoles.sql(schema, schema));
      assertThatThrownBy(() -> PostgresChunkStore.builder(server.source()).schema(other).open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is owned by " + schema + "_owner")
          .hasMessageContaining("open the store once with SchemaSetup.MIGRATE as the owner");
      PostgresChunkStore.builder(server.source()).schema(schema).open().close();
    } finally {
      as(Role.OWNER, "DROP FUNCTION $.mine CASCADE");
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
    assertAccepted(next.ingest(many(), fleet.now()).isAccepted());
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
    assertThat(beside.heartbeat(ofUnknownLineage("b"), fleet.now()).code())
        .isEqualTo(ResultCode.FOREIGN_LINEAGE);
    beside.freeze(fleet.now());
    beside.unfreeze(fleet.now());
    server.execute(
        "INSERT INTO "
            + schema
            + ".news (tick, kind, about_fleet, command) VALUES (1, 99, false, '\\x0163')");
    fleet.settle();
    assertThat(next.purge(fleet.pass(1_000).now()).code()).isNotNull();
    fleet.settle();
    assertThat(again.audit().problems()).isEmpty();
    next.resign();
    try (var session =
        ((dev.stowage.store.Claim.Granted)
                again.claim(new LeaseRequest("trims", Duration.ofMinutes(1))))
            .session()) {
      session.trimHistory(new HistoryHorizon(1, 1), 1_000);
    }
    // A load needs it, if all chunks of a run are gone.
    assertUsed(Role.SCHEDULER, "DELETE established", TELLS);
  }

  @Test
  void ingester_ingestsAndOffers_andUsesEachOfItsRights() {
    seen = new SeenStatements();
    Stowage ingester = facade(Role.INGESTER);
    assertAccepted(ingester.ingest(List.of(chunk("i1", 1_000)), fleet.now()).isAccepted());
    assertAccepted(ingester.offer(List.of(chunk("i2", 1_010)), fleet.now()).isAccepted());
    assertAccepted(ingester.ingest(many(), fleet.now()).isAccepted());
    assertThat(ingester.ingest(List.of(chunk("i3", 1_005)), fleet.now()).items().get(0).code())
        .isEqualTo(ResultCode.OVERLAP);
    assertSound();
    LifecycleConfig limited = leader.snapshot().config().toBuilder().maxWaitingChunks(5).build();
    leader.configure(Command.ANY_VERSION, limited, fleet.now());
    assertAccepted(ingester.ingest(List.of(chunk("i4", 2_000)), fleet.now()).isAccepted());
    assertUsed(Role.INGESTER, TELLS);
    assertSound();
    assertThat(scheduler.quarantine(-1, 9)).isEmpty();
  }

  @Test
  void reporter_reports_andUsesEachOfItsRights() {
    seen = new SeenStatements();
    Stowage reporter = facade(Role.REPORTER);
    WorkerId a = WorkerId.of("a");
    long now = fleet.now();
    assertAccepted(reporter.heartbeat(fleet.header("a"), now).isAccepted());
    assertAccepted(reporter.lost(fleet.header("a"), List.of(), now).isAccepted());
    assertAccepted(
        reporter
            .applied(fleet.header("a"), leader.fleet().slice(a).orElseThrow().id(), List.of(), now)
            .isAccepted());
    assertThat(reporter.heartbeat(ofUnknownLineage("a"), now).code())
        .isEqualTo(ResultCode.FOREIGN_LINEAGE);
    List<dev.stowage.model.ChunkNumber> held = List.copyOf(fleet.disk("a"));
    assertAccepted(reporter.inventory(fleet.header("a"), held, now).isAccepted());
    assertAccepted(reporter.inventoryPart(fleet.header("a"), 1, 2, held, now).isAccepted());
    assertThat(reporter.register(WorkerId.of("b"), "another disk", now).incarnation()).isNotNull();
    // The inquiry after a commit whose answer was lost needs it.
    assertUsed(Role.REPORTER, "UPDATE writers", TELLS);
    fleet.register("b");
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
    var slice = reader.slice(a).orElseThrow();
    assertThat(slice.put()).isNotEmpty();
    assertThat(reader.sliceSince(a, slice.lineage(), slice.id())).isPresent();
    var routes = reader.routes();
    reader.routesSince(routes.lineage(), routes.id());
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

  private static void assertAccepted(boolean isAccepted) {
    assertThat(isAccepted).isTrue();
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
        INGESTER: INSERT INTO $.chunk (dataset, id, first_block, last_block, size_bytes,
          admitted_tick, state, position) VALUES (1, 'x', 9000, 9001, 1, 1, 3, 77)
        INGESTER: UPDATE $.dataset SET name = 'e'
        INGESTER: SELECT * FROM $.worker
        REPORTER: SELECT * FROM $.chunk
        REPORTER: INSERT INTO $.worker SELECT * FROM $.worker WHERE NOT ahead
          ON CONFLICT DO NOTHING
        INGESTER, REPORTER: SELECT command FROM $.news
        INGESTER, REPORTER, READER: UPDATE $.lease SET holder = 'thief'
        INGESTER, REPORTER, READER: DO 'BEGIN LOCK TABLE $.gate IN SHARE MODE; END'
        INGESTER, REPORTER, READER: DO 'BEGIN LOCK TABLE $.gate IN EXCLUSIVE MODE; END'
        INGESTER, REPORTER, READER: CREATE TABLE $.more (a integer)
        INGESTER, REPORTER, READER: CREATE FUNCTION $.more() RETURNS integer LANGUAGE sql
          AS 'SELECT 1'
        INGESTER, REPORTER, READER: SET ROLE #_scheduler
        INGESTER, REPORTER, READER: INSERT INTO $.news (tick, kind, about_fleet, command)
          VALUES (1, 0, false, '')
        INGESTER, REPORTER, READER: INSERT INTO $.news (tick, kind, about_fleet, command)
          VALUES (1, 99, false, '')
        INGESTER, REPORTER, READER: INSERT INTO $.news (tick, about_fleet, command)
          VALUES (1, true, '')
        """;
    for (String line : HandOnTables.lines(table)) {
      String[] parts = line.split(": ", 2);
      for (String role : parts[0].split(", ")) {
        assertRefused(Role.valueOf(role), parts[1].replace("#", schema));
      }
    }
  }

  @Test
  void follower_doesNotLead() {
    leader.resign();
    for (Role role : List.of(Role.INGESTER, Role.REPORTER, Role.READER)) {
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
  @EnumSource(names = {"INGESTER", "REPORTER", "READER"})
  @Tag(RIGHTS_ALONE)
  void follower_writesNoTableOfTheLeader(Role role) {
    for (String name : SchemaObjects.NAMES) {
      String table = name.substring(name.indexOf(' ') + 1);
      if (name.startsWith("sequence ")) {
        assertRefused(role, "SELECT setval('$." + table + "', 1)");
        assertRefused(role, "SELECT nextval('$." + table + "')");
      } else if (name.startsWith("table ")) {
        assertRefused(role, "DELETE FROM $." + table);
        assertRefused(role, "TRUNCATE $." + table);
        assertRefused(role, "ALTER TABLE $." + table + " ADD more text");
        if (!List.of("worker", "writers", "dataset", "proof", "doubt").contains(table)) {
          String column =
              SchemaObjects.columns().stream()
                  .filter(it -> it.table().equals(table) && !it.name().equals("live"))
                  .reduce((first, last) -> last)
                  .orElseThrow()
                  .name();
          assertRefused(role, "UPDATE $." + table + " SET " + column + " = " + column);
        }
      }
    }
  }

  @Test
  void reporter_changesNoRowOfTheLeader() throws SQLException {
    fleet.pass(1);
    long before = rows("worker WHERE capacity_bytes = 1");
    as(Role.REPORTER, "UPDATE $.worker SET capacity_bytes = 1");
    assertThat(rows("worker WHERE capacity_bytes = 1")).isEqualTo(before);
    assertSound();
  }

  @Test
  void writer_changesNoProofOfAnotherLogin() throws SQLException {
    server.execute("INSERT INTO " + schema + ".proof VALUES (7, 'somebody', 41, 0, 0, 0)");
    String columns = "INSERT INTO $.proof (token, login, number, seen_nanos, system_id, timeline)";
    for (Role role : List.of(Role.SCHEDULER, Role.INGESTER, Role.REPORTER)) {
      as(role, "UPDATE $.proof SET number = 99 WHERE token = 7");
      assertThat(rows("proof WHERE token = 7 AND number = 41")).isEqualTo(1);
      assertRefused(role, columns + " VALUES (8, 'somebody', 1, 0, 0, 0)");
      assertRefused(
          role,
          columns
              + " VALUES (7, session_user, 99, 0, 0, 0) ON CONFLICT (token) DO UPDATE SET number ="
              + " excluded.number");
      int own = 9 + role.ordinal();
      as(role, columns + " VALUES (" + own + ", session_user, 1, 0, 0, 0)");
      assertRefused(role, "UPDATE $.proof SET login = 'somebody' WHERE token = " + own);
    }
    assertSound();
  }

  private long rows(String of) {
    return server.number("SELECT count(*) FROM " + schema + "." + of);
  }

  @Test
  @Tag(RIGHTS_ALONE)
  void tableOfLocks_takesNoRow() {
    for (String table : List.of("gate", "writers")) {
      for (Role role : List.of(Role.INGESTER, Role.REPORTER, Role.SCHEDULER)) {
        assertThatThrownBy(() -> as(role, "INSERT INTO $." + table + " VALUES (true)"))
            .isInstanceOf(SQLException.class);
      }
    }
  }

  // ---- kinds of commands ----

  @Test
  void command_ofAnotherRole_isRefused_andChangesNothing() {
    long digest = leader.snapshot().fullDigest();
    Stowage ingester = facade(Role.INGESTER);
    Stowage reporter = facade(Role.REPORTER);
    for (Forbidden each :
        List.of(
            new Forbidden("scheduler", () -> ingester.freeze(fleet.now())),
            new Forbidden("scheduler", () -> ingester.remove(key("c1"), fleet.now())),
            new Forbidden("reporter", () -> ingester.heartbeat(fleet.header("a"), fleet.now())),
            new Forbidden("scheduler", () -> setLeaving(ingester)),
            new Forbidden("scheduler", () -> setLeaving(reporter)),
            new Forbidden("scheduler", () -> reporter.unfreeze(fleet.now())),
            new Forbidden(
                "ingester", () -> reporter.ingest(List.of(chunk("x", 9_000)), fleet.now())))) {
      assertThatThrownBy(each.command()::run)
          .isInstanceOf(IllegalStateException.class)
          .hasStackTraceContaining("ERROR: ")
          .hasStackTraceContaining("grant the user the role <prefix>_" + each.lacking());
    }
    assertThat(rows("news")).isZero();
    assertThat(leader.snapshot().fullDigest()).isEqualTo(digest);
    assertSound();
  }

  private record Forbidden(String lacking, Runnable command) {}

  private void setLeaving(Stowage by) {
    by.setStatus(WorkerId.of("a"), WorkerStatus.LEAVING, fleet.now());
  }

  /** In deep: Flyway tries ten times, a second apart, to make a schema. */
  @Test
  @Tag("deep")
  void schemaThatIsToBeMade_needsTheOwner() {
    PostgresChunkStore.Builder elsewhere =
        PostgresChunkStore.builder(SOURCES.get(Role.SCHEDULER)).schema(server.freshSchema());
    assertThatThrownBy(elsewhere::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("grant the user the role <prefix>_owner");
  }

  @Test
  @Tag(RIGHTS_ALONE)
  void news_isTakenFromARole_onlyInItsKinds() {
    assertThat(kindsThatAreTaken(Role.INGESTER))
        .containsExactly(CommandKind.INGEST, CommandKind.OFFER);
    assertThat(kindsThatAreTaken(Role.REPORTER))
        .containsExactly(
            CommandKind.REGISTER,
            CommandKind.HEARTBEAT,
            CommandKind.APPLIED,
            CommandKind.LOST,
            CommandKind.INVENTORY,
            CommandKind.INVENTORY_PART);
    assertThat(kindsThatAreTaken(Role.READER)).isEmpty();
  }

  private List<CommandKind<?, ?>> kindsThatAreTaken(Role role) {
    List<CommandKind<?, ?>> taken = new ArrayList<>();
    for (CommandKind<?, ?> kind : CommandKind.ALL) {
      try {
        as(role, news(kind.number(), "", "\\x"));
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
      as(role, news(allowed, "", bytes));
      as(role, news(allowed, "a", bytes));
      assertRefused(role, news(each.kind().number() == 3 ? 1 : each.kind().number(), "", bytes));
    }
    fleet.settle();
    assertThat(leader.quarantine(-1, 99))
        .hasSize(2 * forged.size())
        .allSatisfy(piece -> assertThat(piece.reason()).contains("its row says kind " + allowed))
        .extracting(QuarantinedNews::kind)
        .containsOnly(Optional.empty());
    assertThat(leader.snapshot().isFrozen()).isFalse();
    assertThat(leader.status(List.of(key("c1"))).get(0).marked()).isFalse();
    assertThat(leader.fleet().slice(WorkerId.of("a"))).isPresent();
    assertSound();
  }

  @Test
  void report_underAnotherWorker_isQuarantined() throws SQLException {
    Command<?> command = new Command.Heartbeat(fleet.header("a"));
    String bytes = "\\x" + HexFormat.of().formatHex(CommandCodec.toBytes(command));
    as(Role.REPORTER, news(command.kind().number(), "b", bytes));
    as(Role.REPORTER, news(command.kind().number(), "b" + "x".repeat(2_000), bytes));
    fleet.settle();
    assertThat(leader.quarantine(-1, 9))
        .hasSize(2)
        .extracting(QuarantinedNews::reason)
        .allSatisfy(reason -> assertThat(reason).contains("of worker a;").contains("of worker b"))
        .allSatisfy(reason -> assertThat(reason).hasSizeLessThan(1_000));
    assertSound();
  }

  /** A year ahead, and as far as a column goes. */
  @ParameterizedTest
  @ValueSource(longs = {365L * 86_400, Long.MAX_VALUE})
  void tickFarAhead_movesNoTime_andLastsNoLongerThanTheNextCycle(long tick) throws SQLException {
    leader.configure(Command.ANY_VERSION, LifecycleConfig.defaults(), fleet.now());
    fleet.settle();
    long before = leader.snapshot().largestTick().value();
    as(Role.INGESTER, news(tick, new Command.Ingest(proposed("i1", 1_000))));
    as(Role.INGESTER, news(tick, new Command.Offer(proposed("i2", 1_010))));
    as(Role.REPORTER, news(tick, new Command.Heartbeat(fleet.header("a"))));
    as(Role.REPORTER, news(tick, new Command.Register(WorkerId.of("b"), "another disk")));
    leader.schedule(fleet.pass(1).now());
    leader.schedule(fleet.now());
    LifecycleSnapshot books = leader.snapshot();
    long now = books.largestTick().value();
    assertThat(now).isBetween(before, before + 2);
    for (String worker : List.of("a", "b")) {
      assertThat(books.workerRow(books.workerPosition(WorkerId.of(worker))).lastSeenTick())
          .isEqualTo(now);
    }
    for (String chunk : List.of("i1", "i2")) {
      assertThat(books.chunkRow(books.chunkPosition(key(chunk))).admittedTick())
          .isBetween(before, now);
    }
    assertThat(leader.quarantine(-1, 9)).isEmpty();
    fleet.register("b");
    assertSound();
  }

  private static List<ProposedChunk> proposed(String id, long first) {
    return ProposedChunk.listOf(List.of(chunk(id, first)));
  }

  private static String news(long tick, Command<?> command) {
    String worker = command.kind().worker(command).map(WorkerId::value).orElse("");
    String bytes = "\\x" + HexFormat.of().formatHex(CommandCodec.toBytes(command));
    return news(command.kind().number(), worker, bytes)
        .replace("VALUES (1,", "VALUES (" + tick + ",");
  }

  private static String news(int kind, String worker, String bytes) {
    return "INSERT INTO $.news (tick, kind, about_fleet, worker, command) VALUES (1, "
        + kind
        + ", false, NULLIF('"
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
