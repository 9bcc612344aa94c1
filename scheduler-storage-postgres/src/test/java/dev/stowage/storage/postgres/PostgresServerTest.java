package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.LeaseConfig;
import dev.stowage.StowageFleets;
import dev.stowage.StowageFleets.Listing;
import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService.State;
import dev.stowage.command.Command;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.postgres.sql.FleetSchema;
import dev.stowage.store.Lease;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.FleetServer.Renewal;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.StoreSession;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fleets in schemas of one database, whose stores share its connections. */
class PostgresServerTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int PATIENCE_TENTHS = 600;

  private final TestServer database = TestServer.get();
  private final List<Home> homes = new ArrayList<>();
  private final List<FleetStore> stores = new ArrayList<>();
  private final List<StoreSession> sessions = new ArrayList<>();
  private final PostgresServer server = server("shared", 4);
  private final ExecutorService executor = Executors.newFixedThreadPool(8);
  private final Set<String> heard = ConcurrentHashMap.newKeySet();
  private final CountDownLatch never = new CountDownLatch(1);

  private PostgresServer server(String name, int connections) {
    return PostgresServer.builder(database.url() + "&ApplicationName=" + name, "", "")
        .name(name)
        .connections(connections)
        .build();
  }

  @AfterEach
  void close() {
    executor.shutdownNow();
    stores.forEach(FleetStore::close);
    server.close();
    homes.forEach(Home::close);
  }

  private String schema() {
    Home home = Home.at(database);
    homes.add(home);
    return home.schema();
  }

  private List<String> schemas() {
    return homes.stream().map(Home::schema).toList();
  }

  private void open(int count) {
    for (int fleet = 0; fleet < count; fleet++) {
      FleetStore store = server.open(schema());
      stores.add(store);
      Claim claim = store.claim(new LeaseRequest("first", LEASE));
      sessions.add(((Claim.Granted) claim).session());
    }
  }

  private List<Optional<RuntimeException>> renew() {
    return server.renew(sessions.stream().map(it -> new Renewal(it, LEASE)).toList());
  }

  private long transactions() {
    StringBuilder all = new StringBuilder("SELECT count(DISTINCT x) FROM (VALUES (NULL::text)");
    schemas()
        .forEach(it -> all.append(", ((SELECT xmin::text FROM ").append(it).append(".lease))"));
    return database.number(all.append(") AS v (x)").toString());
  }

  private void execute(int fleet, String sql) {
    database.execute(new FleetSchema(schemas().get(fleet)).in(sql));
  }

  private void await(BooleanSupplier done) throws InterruptedException {
    await(PATIENCE_TENTHS, done);
  }

  private void await(int tenths, BooleanSupplier done) throws InterruptedException {
    for (int left = tenths; !done.getAsBoolean(); left--) {
      assertThat(left).as("tenths of a second left").isPositive();
      assertThat(never.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
  }

  @Test
  void renewals_shareATransaction() {
    open(3);
    assertThat(transactions()).isEqualTo(3);
    List<Lease> before = sessions.stream().map(StoreSession::lease).toList();
    assertThat(renew()).hasSize(3).allMatch(Optional::isEmpty);
    assertThat(transactions()).isEqualTo(1);
    for (int at = 0; at < 3; at++) {
      assertThat(sessions.get(at).lease().expiresAtNanos())
          .isGreaterThan(before.get(at).expiresAtNanos());
    }
  }

  @Test
  void serverThatIsNoLongerThePrimary_isUsedByNoFleet() throws InterruptedException {
    AtomicBoolean isPrimary = new AtomicBoolean(true);
    try (PostgresServer checked =
            PostgresServer.builder(database.url(), "", "")
                .connections(4)
                .stores(it ->
                    it.primaryCheck((host, port) -> isPrimary.get()).pauses(Duration.ofMillis(50)))
                .build();
        FleetStore store = checked.open(schema())) {
      assertThat(store.claim(new LeaseRequest("first", LEASE))).isInstanceOf(Claim.Granted.class);
      isPrimary.set(false);
      await(() -> {
        try {
          store.lease();
          return false;
        } catch (StorageException.Transient refused) {
          return refused.getMessage().contains("primary");
        }
      });
      isPrimary.set(true);
      await(() -> {
        try {
          return store.lease().isPresent();
        } catch (StorageException.Transient notYet) {
          return false;
        }
      });
    }
  }

  @Test
  void renewal_whoseRowIsLocked_failsAlone() throws Exception {
    open(3);
    try (Connection other = database.source().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT * FROM " + schemas().get(1) + ".lease FOR UPDATE");
      List<Optional<RuntimeException>> failures = renew();
      assertThat(failures.get(0)).isEmpty();
      assertThat(failures.get(1)).containsInstanceOf(StorageException.Transient.class);
      assertThat(failures.get(2)).isEmpty();
      other.rollback();
    }
    assertThat(renew()).allMatch(Optional::isEmpty);
  }

  @Test
  void renewal_ofAFencedLease_orInADroppedSchema_failsAlone() {
    open(3);
    execute(1, "UPDATE $.lease SET epoch = epoch + 1, holder = 'other'");
    List<Optional<RuntimeException>> fenced = renew();
    assertThat(fenced.get(0)).isEmpty();
    assertThat(fenced.get(1)).containsInstanceOf(StorageException.Fenced.class);
    assertThat(fenced.get(2)).isEmpty();
    execute(2, "DROP TABLE $.lease");
    List<Optional<RuntimeException>> dropped = renew();
    assertThat(dropped.get(0)).isEmpty();
    assertThat(dropped.get(2)).isPresent();
  }

  @Test
  void running_namesTheLeasesOfOthers() {
    open(3);
    execute(1, "UPDATE $.lease SET expires_nanos = 0");
    assertThat(server.running(stores))
        .extracting(it -> it.map(Lease::holder).orElse("free"))
        .containsExactly("first", "free", "first");
    execute(2, "DROP TABLE $.lease");
    assertThatThrownBy(() -> server.running(stores)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void news_ofEachFleet_areHeardOnOneConnection() throws Exception {
    open(3);
    for (int at = 0; at < 3; at++) {
      FleetStore store = stores.get(at);
      sessions.get(at).found(SmallFleet.config().fleet());
      String name = "fleet " + at;
      store.inbox().onNews(() -> heard.add(name));
    }
    await(() -> {
      boolean isQuiet = heard.isEmpty();
      heard.clear();
      return listeners() == 1 && isQuiet;
    });
    PostgresServer elsewhere = server("elsewhere", 4);
    try (FleetStore writer = elsewhere.open(schemas().get(1))) {
      await(() -> {
        submit(writer);
        return heard.contains("fleet 1");
      });
      assertThat(heard).containsOnly("fleet 1");
      stores.remove(1).close();
      stores.get(1).inbox().onNews(() -> {}).close();
    } finally {
      elsewhere.close();
    }
  }

  private int workers;

  private void submit(FleetStore writer) {
    workers++;
    Command<?> told = Command.Describe.of(Worker.of(WorkerId.of("w" + workers), 1_000));
    execute(1, "DELETE FROM $.inbox");
    PostgresFixture.append(writer, told);
  }

  private long listeners() {
    return database.number(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN stowage_%'"
            + " AND pid <> pg_backend_pid() AND (query LIKE '%"
            + String.join("' OR query LIKE '%", schemas())
            + "')");
  }

  @Test
  void newsThatWaits_isFoundForAllFleetsAtOnce() {
    open(3);
    sessions.forEach(it -> it.found(SmallFleet.config().fleet()));
    assertThat(server.haveNews(stores)).contains(List.of(false, false, false));
    submit(stores.get(1));
    assertThat(server.haveNews(stores)).contains(List.of(false, true, false));
    execute(2, "DROP TABLE $.inbox CASCADE");
    assertThatThrownBy(() -> server.haveNews(stores)).isInstanceOf(RuntimeException.class);
    assertThat(server.haveNews(List.of())).contains(List.of());
  }

  // ---- under many fleets ----

  private String seen(String schema) {
    return String.valueOf(number(schema, "SELECT last_value FROM $.seen_tick"));
  }

  private StowageFleets quickFleets(StowageConfig config) {
    StowageFleets fleets =
        StowageFleets.builder(executor, InstantSource.system())
            .idleEvery(Duration.ofMillis(100))
            .pace(
                new Pace(
                    Duration.ofMillis(100),
                    Duration.ofMillis(300),
                    Duration.ofHours(1),
                    Duration.ofMinutes(1)))
            .facade((name, facade) -> facade.config(config))
            .build();
    fleets.start();
    return fleets;
  }

  /** A configuration whose portals have windows long enough for idle turns in memory. */
  private static StowageConfig resting() {
    return SmallFleet.config()
        .withTickLength(Duration.ofMillis(100))
        .withFleet(fleet -> fleet.drainWindow(Duration.ofMinutes(5)));
  }

  private void rests(String schema) throws InterruptedException {
    String[] before = {""};
    int[] same = {0};
    // Half a second without a turn that keeps the time.
    await(() -> {
      String now = seen(schema);
      same[0] = now.equals(before[0]) ? same[0] + 1 : 0;
      before[0] = now;
      return same[0] > 5;
    });
  }

  @Test
  void idleFleet_doesNotTouchTheStore_andNewsWakeIt_evenUnannounced() throws Exception {
    StowageFleets fleets = quickFleets(resting().withHolder("one"));
    try (PostgresServer elsewhere = server("elsewhere", 4)) {
      String schema = schema();
      fleets.add(new Listing("a", server, schema));
      await(() -> fleets.status("a").state() == State.LEADING);
      rests(schema);
      long turns = fleets.status("a").turns();
      await(() -> fleets.status("a").turns() > turns + 5);
      try (FleetStore writer = elsewhere.open(schema)) {
        PostgresFixture.append(writer, Command.Describe.of(Worker.of(WorkerId.of("w"), 1_000)));
        await(() -> number(schema, "SELECT count(*) FROM $.worker") == 1);
        rests(schema);
        // As after a lost notification: the row alone, which nobody can read.
        database.execute(
            new FleetSchema(schema)
                .in(
                    "INSERT INTO $.inbox (sender, number, kind, command) VALUES (1, 1, 1,"
                        + " '\\x00')"));
        await(() -> number(schema, "SELECT count(*) FROM $.quarantine") == 1);
      }
    } finally {
      fleets.close();
    }
  }

  @Test
  void schemaThatCannotBeRead_keepsOnlyItsOwnFleetFromResting() throws Exception {
    StowageFleets fleets = quickFleets(resting().withHolder("one"));
    try {
      for (String name : List.of("a", "b", "c")) {
        fleets.add(new Listing(name, server, schema()));
      }
      await(() -> fleets.statuses().stream().allMatch(it -> it.status().state() == State.LEADING));
      String unread = fleets.statuses().get(1).listing().fleet();
      database.execute(new FleetSchema(unread).in("DROP TABLE $.inbox CASCADE"));
      await(() -> fleets.status("b").state() == State.DEGRADED);
      for (int at : List.of(0, 2)) {
        rests(fleets.statuses().get(at).listing().fleet());
      }
    } finally {
      fleets.close();
    }
  }

  @Test
  void idleFleet_ofAShortPortalWindow_keepsTheTimeWithinIt() throws Exception {
    StowageFleets fleets =
        quickFleets(SmallFleet.config().withTickLength(Duration.ofMillis(250)).withHolder("one"));
    try {
      String schema = schema();
      fleets.add(new Listing("a", server, schema));
      await(() -> fleets.status("a").state() == State.LEADING);
      for (int times = 0; times < 3; times++) {
        String before = seen(schema);
        // A fleet of a long window takes a whole turn a minute.
        await(100, () -> !seen(schema).equals(before));
      }
    } finally {
      fleets.close();
    }
  }

  @Test
  void silentWorker_isFound_thoughIdleTurnsDoNotAskTheStore() throws Exception {
    StowageFleets fleets =
        quickFleets(resting().withFleet(fleet -> fleet.suspectAfter(Duration.ofSeconds(1))));
    try {
      String schema = schema();
      fleets.add(new Listing("a", server, schema));
      await(() -> fleets.status("a").state() == State.LEADING);
      Stowage led = fleets.stowage("a").orElseThrow();
      led.describe(Worker.of(WorkerId.of("w"), 1_000), led.now());
      led.register(WorkerId.of("w"), "disk", led.now());
      // Less than to the next whole turn that nothing asks for.
      await(
          400,
          () -> {
            LifecycleSnapshot books = SmallFleet.state(led);
            int worker = books.workerPosition(WorkerId.of("w"));
            return books.worker(worker).status() == WorkerStatus.SUSPECT;
          });
    } finally {
      fleets.close();
    }
  }

  @Test
  void idleFleet_whoseLeaseAnotherOneHas_followsIt() throws Exception {
    StowageFleets fleets = quickFleets(resting().withHolder("one"));
    try {
      String schema = schema();
      fleets.add(new Listing("a", server, schema));
      await(() -> fleets.status("a").state() == State.LEADING);
      rests(schema);
      database.execute(
          new FleetSchema(schema)
              .in(
                  "UPDATE $.lease SET epoch = epoch + 1, holder = 'other', expires_nanos ="
                      + " 9000000000000000000"));
      await(() -> fleets.status("a").reason().contains("other"));
    } finally {
      fleets.close();
    }
  }

  private long number(String schema, String sql) {
    return database.number(new FleetSchema(schema).in(sql));
  }

  private StowageFleets fleets(String holder) {
    StowageFleets fleets =
        StowageFleets.builder(executor, InstantSource.system())
            .facade((name, facade) -> facade.config(SmallFleet.config().withHolder(holder)))
            .build();
    fleets.start();
    return fleets;
  }

  @Test
  @Tag("deep")
  void manyFleets_areLed_withinABoundOfConnectionsAndThreads() throws Exception {
    // Those of earlier tests may still be ending.
    Set<Thread> others = Thread.getAllStackTraces().keySet();
    StowageFleets fleets = fleets("one");
    try {
      for (int at = 0; at < 12; at++) {
        fleets.add(new Listing("fleet" + at, server, schema()));
      }
      await(() -> fleets.statuses().stream().allMatch(it -> it.status().state() == State.LEADING));
      assertThat(
              database.number(
                  "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND"
                      + " application_name IN ('shared', 'stowage stowage')"))
          .isBetween(1L, 4L + 3);
      assertThat(
              Thread.getAllStackTraces().keySet().stream()
                  .filter(it -> !others.contains(it))
                  .map(Thread::getName)
                  .filter(it -> it.startsWith("stowage-")))
          .contains("stowage-fleets", "stowage-leases-shared", "stowage-listen-shared")
          .filteredOn(it -> !it.contains("pool") && !it.contains("housekeeper"))
          .filteredOn(it ->
              it.startsWith("stowage-lease")
                  || it.startsWith("stowage-listen-shared")
                  || it.startsWith("stowage-fleets"))
          .hasSize(3);
    } finally {
      fleets.close();
    }
    for (String schema : schemas()) {
      assertThat(database.number("SELECT count(holder) FROM " + schema + ".lease")).isZero();
    }
  }

  @Test
  void schemaOfAnotherVersion_degradesItsFleetAlone_andOneThatIsNoSchema() throws Exception {
    String old = schema();
    server.open(old).close();
    database.execute(
        "INSERT INTO "
            + old
            + ".stowage_history SELECT installed_rank + 1, '2', description, type, 'V2__later.sql',"
            + " checksum, installed_by, installed_on, execution_time, success FROM "
            + old
            + ".stowage_history WHERE version = '1'");
    StowageFleets fleets = quickFleets(SmallFleet.config().withHolder("one"));
    try {
      fleets.add(new Listing("old", server, old));
      fleets.add(new Listing("bad", server, "No Schema"));
      fleets.add(new Listing("good", server, schema()));
      await(() -> fleets.status("good").state() == State.LEADING);
      await(() -> fleets.status("old").state() == State.DEGRADED);
      await(() -> fleets.status("bad").state() == State.DEGRADED);
      assertThat(fleets.status("old").reason()).contains(old).contains("version 2");
      assertThat(fleets.status("bad").reason()).contains("schema is 'No Schema'");
    } finally {
      fleets.close();
    }
  }

  @Test
  void serverThatIsAwayAtTheStart_degradesItsFleets_untilItComes() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    PostgresServer away =
        PostgresServer.builder(
                database.url().replaceFirst("//[^/]*/", "//localhost:" + port + "/"), "", "")
            .name("away")
            .build();
    // A process that leads one fleet leaves free leases to others for a part of the lease.
    LeaseConfig lease = new LeaseConfig("one", Duration.ofSeconds(3));
    StowageFleets fleets = quickFleets(SmallFleet.config().withLease(lease));
    try {
      fleets.add(new Listing("x", away, schema()));
      fleets.add(new Listing("y", away, schema()));
      fleets.add(new Listing("good", server, schema()));
      await(() -> fleets.status("good").state() == State.LEADING);
      await(() -> fleets.status("x").state() == State.DEGRADED);
      await(() -> fleets.status("y").state() == State.DEGRADED);
      assertThat(fleets.status("y").reason()).contains("could not be opened").contains("" + port);
      try (Relay late = new Relay(port, database.port())) {
        assertThat(late.port()).isEqualTo(port);
        await(() -> fleets.status("x").state() == State.LEADING);
        await(() -> fleets.status("y").state() == State.LEADING);
        fleets.remove("x").toCompletableFuture().get(1, TimeUnit.MINUTES);
        fleets.remove("y").toCompletableFuture().get(1, TimeUnit.MINUTES);
        away.close();
      }
    } finally {
      fleets.close();
    }
  }
}
