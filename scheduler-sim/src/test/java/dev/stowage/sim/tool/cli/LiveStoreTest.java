package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code audit} and {@code explain} on a live store. */
class LiveStoreTest {
  /** Databases that hold the same fleet, as a hand changed it. */
  private static final Map<String, String> CHANGED =
      Map.of(
          "mended", "UPDATE fleet.chunk SET size_bytes = size_bytes + 1",
          "ghosted",
              "INSERT INTO fleet.chunk (dataset, id, first_block, last_block, size_bytes, state,"
                  + " admitted_tick, position) VALUES (1, 'ghost', 800, 899, 1, 2, 1, 7)",
          "lacking", "DROP SEQUENCE fleet.seen_tick",
          "broken", "UPDATE fleet.chunk SET min_version = 'new'",
          "narrow", "ALTER TABLE fleet.fleet DROP COLUMN clock_nanos",
          "square", "UPDATE fleet.slice_added SET chunks = '{{1,2},{3,4}}'",
          "early",
              "UPDATE fleet.lease SET holder = E'\\x1b[2J',"
                  + " expires_nanos = (-9223372036854775808)");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void fill() throws SQLException {
    LiveServer.execute(
        "postgres", "CREATE DATABASE sound", "CREATE DATABASE held", "CREATE DATABASE clocked");
    live();
    held();
    for (Map.Entry<String, String> each : CHANGED.entrySet()) {
      LiveServer.execute(
          "postgres", "CREATE DATABASE " + each.getKey() + " TEMPLATE sound STRATEGY file_copy");
      LiveServer.execute(each.getKey(), each.getValue());
    }
  }

  private static void live() {
    try (PostgresChunkStore store =
            PostgresChunkStore.builder(LiveServer.url("sound"))
                .withoutTrustedClock()
                .schema("fleet")
                .open();
        Stowage stowage =
            Stowage.builder(store).config(StowageConfig.defaults().withHolder("test")).build()) {
      stowage.claim(1);
      for (String id : List.of("a", "b", "c")) {
        stowage.describe(Worker.of(WorkerId.of(id), 1_000), 1);
        stowage.register(WorkerId.of(id), "disk of " + id, 1);
      }
      stowage.ingest(List.of(Chunk.of(ChunkKey.of("d", "x"), BlockRange.of(0, 9), 100)), 1);
      stowage.schedule(1);
    }
  }

  /** A fleet whose worker a is to leave and holds a chunk that nobody else can take. */
  private static void held() {
    try (PostgresChunkStore store =
            PostgresChunkStore.builder(LiveServer.url("held"))
                .withoutTrustedClock()
                .schema("fleet")
                .open();
        Stowage stowage = SmallFleet.facade(store, "test")) {
      SmallFleet fleet = new SmallFleet(stowage);
      stowage.claim(fleet.now());
      fleet.join(1_000, "a", "b").ingest(SmallFleet.chunk("x", 0)).settle();
      stowage.setStatus(WorkerId.of("a"), WorkerStatus.LEAVING, fleet.now());
    }
  }

  /** Runs a command on the fleet of a database. */
  private int on(String database, String command, String... words) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--jdbc-url", LiveServer.url(database), "--schema", "fleet"));
    all.addAll(List.of(words));
    return run(all.toArray(String[]::new));
  }

  private int run(String... words) {
    Console console =
        new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, () -> 0);
    return StowageCommand.commandLine(console, words).execute(words);
  }

  @Test
  void soundFleet_isAudited() {
    assertThat(on("sound", "audit")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("1 chunks").contains("every check passed");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void exportedFleet_isPlannedAsItsLeaderWould(@TempDir Path folder) throws IOException {
    String fleet = folder.resolve("fleet").toString();
    assertThat(on("sound", "export", "--out", fleet)).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("3 workers, 1 chunks, ");
    assertThat(err.toString()).isEmpty();
    String hash = out.toString().replaceAll("(?s).*; plan ([0-9a-f-]{77}).*", "$1");
    Path next = folder.resolve("next");
    assertThat(run("plan", "--from", fleet, "--out", next.toString())).isEqualTo(ExitCode.OK);
    assertThat(Files.readString(next.resolve("summary.json"))).contains(hash);
  }

  @Test
  void exportOfAFleetThatCannotBeRead_writesNothing(@TempDir Path folder) {
    Path fleet = folder.resolve("fleet");
    assertThat(on("broken", "export", "--out", fleet.toString())).isEqualTo(ExitCode.VIOLATION);
    assertThat(err.toString()).contains("chunk x");
    assertThat(fleet).doesNotExist();
    assertThat(run("export", "--out", fleet.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(on("postgres", "export", "--out", fleet.toString())).isEqualTo(ExitCode.INPUT);
    assertThat(fleet).doesNotExist();
  }

  @Test
  void rowChangedByAHand_isADifference() {
    assertThat(on("mended", "audit")).isEqualTo(ExitCode.VIOLATION);
    assertThat(err.toString()).contains("worker a", "add up");
  }

  @Test
  void rowThatCannotBeRead_isNamed() {
    assertThat(on("broken", "audit")).isEqualTo(ExitCode.VIOLATION);
    assertThat(err.toString()).contains("chunk x");
  }

  @Test
  void sequenceThatWasDropped_isNamed() {
    assertThat(on("lacking", "audit")).isEqualTo(ExitCode.VIOLATION);
    assertThat(err.toString())
        .startsWith("stowage: the schema lacks sequence seen_tick; it was changed by hand")
        .doesNotContain("ERROR");
  }

  @Test
  void fleetThatIsThere_andThatAHandChanged_isADifference_inPlainWords() {
    for (String database : List.of("narrow", "square", "early")) {
      assertThat(on(database, "audit")).as(database).isEqualTo(ExitCode.VIOLATION);
    }
    assertThat(out.toString() + err)
        .contains("the schema lacks column clock_nanos of table fleet")
        .contains(
            "table slice_added has a row that cannot be read: a column is NULL, or holds what")
        .contains("control character at position 0")
        .doesNotContain("ERROR", "java.", "SELECT", "lyway", "\u001b");
  }

  @Test
  void noFleet_isMissingInput() {
    assertThat(on("postgres", "audit")).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("schema fleet");
    assertThat(run("audit", "--jdbc-url", "jdbc:postgresql://127.0.0.1:1/x?user=u"))
        .isEqualTo(ExitCode.INPUT);
    assertThat(run("audit")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void chunkAndWorkerOfALiveFleet_areExplained() {
    assertThat(on("sound", "explain", "d/x")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("d/x");
    assertThat(on("sound", "explain", "--worker", "a")).isEqualTo(ExitCode.OK);
    assertThat(on("sound", "explain", "d/y")).isEqualTo(ExitCode.INPUT);
    assertThat(on("sound", "explain")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void chunkThatAHandInserted_isSetAsideByTheNextLeader_countedAndExplained() throws IOException {
    assertThat(json("ghosted", "status").path("set_aside").asInt()).isZero();
    try (PostgresChunkStore store =
            PostgresChunkStore.builder(LiveServer.url("ghosted"))
                .withoutTrustedClock()
                .schema("fleet")
                .open();
        Stowage stowage = SmallFleet.facade(store, "test")) {
      assertThat(stowage.claim(2).granted()).isTrue();
      stowage.schedule(2);
    }
    assertThat(json("ghosted", "status").path("set_aside").asInt()).isOne();
    assertThat(on("ghosted", "status")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("set aside: 1, see table quarantine");
    assertThat(on("ghosted", "explain", "d/ghost")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("no leader wrote this row of table chunk: d/ghost");
    assertThat(on("ghosted", "explain", "d/host")).isEqualTo(ExitCode.INPUT);
    assertThat(on("ghosted", "audit")).isEqualTo(ExitCode.OK);
  }

  private JsonNode json(String database, String command) throws IOException {
    out.getBuffer().setLength(0);
    on(database, command, "--json");
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void standingOfALiveFleet_isToldAsTextAndAsJson() throws IOException {
    assertThat(on("sound", "status")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .containsPattern("capacity +2.93 KiB")
        .contains("test holds the lease");
    assertThat(err.toString()).isEmpty();
    JsonNode fleet = json("sound", "status");
    assertThat(fleet.path("workers").asInt()).isEqualTo(3);
    assertThat(fleet.path("worker_assignment").asInt()).isEqualTo(1);
    assertThat(fleet.path("frozen").isBoolean()).isTrue();
    assertThat(fleet.path("lease").asText()).contains("test");
    JsonNode workers = json("sound", "workers").path("workers");
    assertThat(workers).hasSize(3);
    int replicas = 0;
    for (JsonNode worker : workers) {
      int held = worker.path("replicas").asInt();
      assertThat(worker.path("used_bytes").asLong()).isEqualTo(100L * held);
      assertThat(worker.path("fill_millionths").asLong()).isEqualTo(100_000L * held);
      replicas += held;
    }
    assertThat(replicas).isPositive().isEqualTo(fleet.path("replicas").asInt());
  }

  @Test
  void pendingSwaps_areListedWithWhatTheyWaitFor() throws Exception {
    assertThat(on("held", "swaps")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("no swap is pending");
    LiveServer.execute("postgres", "CREATE DATABASE swapping TEMPLATE held");
    long later = TimeUnit.HOURS.toNanos(1);
    try (PostgresChunkStore store =
            PostgresChunkStore.builder(LiveServer.url("swapping"))
                .withoutTrustedClock()
                .schema("fleet")
                .open();
        Stowage leader = SmallFleet.facade(store, "test")) {
      leader.claim(later);
      List<ChunkKey> old = List.of(SmallFleet.key("x"));
      leader.swap(SmallFleet.dataset(), old, List.of(SmallFleet.chunk("y", 0)), later);
    }
    JsonNode swaps = json("swapping", "swaps").path("swaps");
    assertThat(swaps).hasSize(1);
    assertThat(swaps.get(0).path("id").asLong()).isEqualTo(1);
    assertThat(swaps.get(0).path("waits_for").get(0).asText()).startsWith("d/y: ");
    assertThat(on("swapping", "swaps")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("swap 1", "  d/y: ");
  }

  @Test
  void whatOnlyTheLeaderKnows_isToldWithItsAge() throws IOException {
    assertThat(on("sound", "status")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).as("no clock").contains("the leader, as of tick 0: up");
    assertThat(json("sound", "status").path("leader").path("age_seconds").isNull()).isTrue();
    try (PostgresChunkStore store =
            PostgresChunkStore.builder(LiveServer.url("clocked")).schema("fleet").open();
        Stowage leader = SmallFleet.facade(store, "test")) {
      long now = store.trustedClockNanos().orElseThrow();
      leader.claim(now);
      leader.describe(Worker.of(WorkerId.of("a"), 100), now);
      leader.register(WorkerId.of("a"), "disk of a", now);
      leader.ingest(List.of(SmallFleet.chunk("x", 0), SmallFleet.chunk("y", 10)), now);
      leader.schedule(now);
      out.getBuffer().setLength(0);
      assertThat(on("clocked", "status")).isEqualTo(ExitCode.OK);
      assertThat(out.toString())
          .containsPattern("the leader, as of [0-9.]+ m?s ago: up")
          .contains("  chunks under floor: 0", "  backpressure: 1", "  news lag: 0 s");
      JsonNode said = json("clocked", "status").path("leader");
      assertThat(said.path("health").asText()).isEqualTo("up");
      assertThat(said.path("reasons").isArray()).isTrue();
      assertThat(said.path("backpressure").asInt()).isOne();
      assertThat(said.path("chunks_at_risk").isInt()).isTrue();
      assertThat(said.path("news_delay_mean_seconds").isInt()).isTrue();
      double before = said.path("age_seconds").asDouble();
      assertThat(json("clocked", "status").path("leader").path("age_seconds").asDouble())
          .as("the age of a fleet without cycles grows")
          .isGreaterThan(before);
    }
  }

  @Test
  void nextPlanOfALiveFleet_tellsItsTime() {
    on("sound", "plan");
    assertThat(out.toString())
        .contains("Time: It takes no time.", "Budget: no budget", "Plan hash: ");
  }

  @Test
  void workersOfALiveFleet_areATable() {
    assertThat(on("sound", "workers")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines())
        .hasSize(4)
        .first()
        .asString()
        .startsWith("worker  status")
        .contains("fill", "level", "deviation", "silent ticks");
    assertThat(out.toString()).contains("10.0 %", "1000 B");
  }

  @Test
  void datasetsOfALiveFleet_areATable() throws Exception {
    assertThat(on("held", "datasets")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .isEqualTo(
            """
            dataset  chunks  size   copies wanted  copies held  under floor  at risk  raising
            d        1       100 B  2              2            0            0        0
            """);
    LiveServer.execute("postgres", "CREATE DATABASE raised TEMPLATE held");
    long later = TimeUnit.HOURS.toNanos(1);
    try (PostgresChunkStore store =
            PostgresChunkStore.builder(LiveServer.url("raised"))
                .withoutTrustedClock()
                .schema("fleet")
                .open();
        Stowage leader = SmallFleet.facade(store, "test")) {
      leader.claim(later);
      LifecycleConfig config =
          SmallFleet.config().fleet().toBuilder()
              .weights(WeightPolicy.floor(SmallFleet.dataset(), 3))
              .build();
      leader.configure(leader.config().version(), config, later);
    }
    JsonNode raised = json("raised", "datasets").path("datasets").path(0);
    assertThat(raised.path("size_bytes").asLong()).isEqualTo(100);
    assertThat(raised.path("copies_wanted").asInt()).isEqualTo(3);
    assertThat(raised.path("copies_held").asInt()).isEqualTo(2);
    assertThat(raised.path("raising").asInt()).isEqualTo(1);
    assertThat(raised.path("under_floor").asInt()).isZero();
  }

  @Test
  void leaversOfALiveFleet_areJudgedByTheExitCode() throws IOException {
    assertThat(on("held", "leaving", "a")).isEqualTo(ExitCode.INFEASIBLE);
    String said = out.toString();
    assertThat(said)
        .contains("a: it may not be switched off yet: too few copies elsewhere of d/x")
        .contains("1 replica, 100 B: to leave, once a plan finds places for them");
    out.getBuffer().setLength(0);
    assertThat(on("held", "leaving")).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(out.toString()).isEqualTo(said);
    out.getBuffer().setLength(0);
    assertThat(on("held", "progress", "a")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("a: ", "too few copies elsewhere of d/x");
    assertThat(on("held", "leaving", "nobody")).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("expected a worker of the fleet, found 'nobody'");
    assertThat(on("held", "leaving", "")).isEqualTo(ExitCode.USAGE);
    JsonNode leaving = json("held", "leaving").path("leaving").path(0);
    assertThat(leaving.path("code").asText()).isEqualTo("FLOOR");
    assertThat(leaving.path("chunk").asText()).isEqualTo("d/x");
    assertThat(json("sound", "leaving").path("leaving")).isEmpty();
    out.getBuffer().setLength(0);
    assertThat(on("sound", "leaving", "--quiet")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void watched_isAskedAgain_untilInterrupted() throws Exception {
    Thread watch = new Thread(() -> on("sound", "workers", "--watch", "1s"));
    watch.start();
    while (out.toString().split("worker  status", -1).length < 3 && watch.isAlive()) {
      watch.join(20);
    }
    watch.interrupt();
    watch.join();
    assertThat(out.toString().split("worker  status", -1)).hasSizeGreaterThan(2);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void questionToNobody_isRefused() {
    for (String command : List.of("status", "workers", "datasets", "swaps", "leaving")) {
      assertThat(run(command)).isEqualTo(ExitCode.USAGE);
      assertThat(run(command, "--password-file", "x")).isEqualTo(ExitCode.USAGE);
      assertThat(on("postgres", command)).isEqualTo(ExitCode.INPUT);
      assertThat(on("sound", command, "--watch", "0")).isEqualTo(ExitCode.USAGE);
    }
    assertThat(on("broken", "leaving", "a")).isEqualTo(ExitCode.VIOLATION);
    assertThat(err.toString()).contains("chunk x");
  }

  @Test
  void password_isReadFromAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "any\nother");
    String named = file.toString();
    assertThat(on("sound", "status", "--password-file", named)).isEqualTo(ExitCode.OK);
    Files.delete(file);
    assertThat(on("sound", "status", "--password-file", named)).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains(named + ": expected a password in the first line");
  }
}
