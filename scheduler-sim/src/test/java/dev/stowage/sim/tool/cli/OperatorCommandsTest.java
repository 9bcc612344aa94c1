package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stowage.Preview;
import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.answer.LeaderStanding;
import dev.stowage.answer.LeaderStanding.Told;
import dev.stowage.audit.Audit;
import dev.stowage.command.Command;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.KeepApart;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.sim.kit.scenario.ScenarioStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code plan}, {@code apply}, {@code drain} and {@code set} on a live fleet. */
class OperatorCommandsTest {
  private static final long SECOND = 1_000_000_000L;

  private static final String URL = LiveServer.url("postgres");

  /** The first schema of a process, emptied for each test. */
  private static final String SCHEMA = "scenario_" + ProcessHandle.current().pid() + "_1";

  private static PostgresWorlds worlds;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private ScenarioStore store;
  private Stowage leader;
  private long tick = 1;

  /** Runs in the pauses of a command. */
  private Runnable meanwhile = () -> {};

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws UnreadableException {
    worlds = PostgresWorlds.at(URL);
  }

  @AfterAll
  static void stop() {
    worlds.close();
  }

  @BeforeEach
  void lead() {
    store = worlds.open();
    LifecycleConfig fleet =
        LifecycleConfig.builder()
            .minReplication(2)
            .suspectAfterTicks(LifecycleConfig.NEVER)
            .departAfterTicks(LifecycleConfig.NEVER)
            .build();
    leader =
        Stowage.builder(store.store())
            .config(StowageConfig.defaults().withFleet(fleet).withHolder("first"))
            .with(RebalanceConfig.defaults().withPressureScorer(true))
            .build();
    leader.claim(SECOND);
    for (String id : List.of("a", "b", "c", "d")) {
      leader.describe(Worker.of(WorkerId.of(id), 10_000), SECOND);
      leader.register(WorkerId.of(id), "disk of " + id, SECOND);
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < 20; at++) {
      chunks.add(Chunk.of(ChunkKey.of("d", "c" + at), BlockRange.of(10L * at, 10L * at + 9), 100));
    }
    leader.ingest(chunks, SECOND);
    leader.schedule(SECOND);
  }

  @AfterEach
  void close() {
    leader.close();
    store.close();
  }

  private int run(String command, String... words) {
    List<String> all = new ArrayList<>(List.of(command, "--jdbc-url", URL, "--schema", SCHEMA));
    all.addAll(List.of(words));
    Console console =
        new Console(new PrintWriter(out, true), new PrintWriter(err, true), false, () -> 0) {
          @Override
          InputStream in() {
            return new ByteArrayInputStream("drain a\n".getBytes(StandardCharsets.UTF_8));
          }

          @Override
          boolean pause(Duration length) {
            meanwhile.run();
            return true;
          }
        };
    String[] args = all.toArray(String[]::new);
    return StowageCommand.commandLine(console, args).execute(args);
  }

  private String file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines)).toString();
  }

  private static List<Command<?>> drain(String worker) {
    return List.of(new Command.SetStatus(WorkerId.of(worker), WorkerStatus.LEAVING));
  }

  private WorkerStatus status(String worker) {
    return leader.leaving(WorkerId.of(worker)).orElseThrow().status();
  }

  /** Runs a command in whose pauses the leader runs its cycles, and returns its exit code. */
  private int beside(String command, String... words) {
    meanwhile = this::cycle;
    return run(command, words);
  }

  private void cycle() {
    tick++;
    leader.publish(tick * SECOND);
    leader.schedule(tick * SECOND);
  }

  @Test
  void planOfALiveFleet_hasTheHashOfItsLeadersPreview_andChangesNothing() throws IOException {
    long digest = leader.ask(Audit.STATE).digest();
    String lines = file("drain.txt", "# the oldest one", "drain a", "");
    String page = folder.resolve("plan.html").toString();
    assertThat(run("plan", "--what-if", lines, "--report", page)).isEqualTo(ExitCode.OK);
    Preview preview = leader.preview(drain("a"), 2 * SECOND);
    assertThat(out.toString()).contains("evacuate", "Plan hash: " + preview.planHash());
    assertThat(Files.readString(Path.of(page)))
        .contains("after drain.txt", preview.planHash(), "Nothing stays short or stuck.")
        .contains("<code>stowage plan --jdbc-url", "<td data-sort=\"-1\">leaving</td>")
        .doesNotContain("password");
    out.getBuffer().setLength(0);
    assertThat(run("plan")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("Plan hash: " + leader.preview(List.of(), 2 * SECOND).planHash());
    assertThat(leader.ask(Audit.STATE).digest()).isEqualTo(digest);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void settingsAndAnotherWorker_whatIf() throws IOException {
    String lines = file("grow.txt", "worker e capacity=20KiB", "set floor=3");
    Path next = folder.resolve("next");
    assertThat(run("plan", "--what-if", lines, "--out", next.toString())).isEqualTo(ExitCode.OK);
    assertThat(Files.readString(next.resolve("actions.csv"))).contains(",e,");
    assertThat(Files.readString(next.resolve("inputs/plan.yaml"))).contains("min_replication: 3");
  }

  @Test
  void badLines_andRefusals_changeNothing() throws IOException {
    long digest = leader.ask(Audit.STATE).digest();
    assertThat(run("plan", "--what-if", file("bad", "drain a", "dran b", "return a disk=kept")))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("bad:2:").contains("bad:3:");
    assertThat(run("plan", "--what-if", file("nobody", "drain a", "drain nobody")))
        .isEqualTo(ExitCode.INPUT);
    assertThat(err.toString())
        .contains("nobody:2: drain: expected a worker of the fleet, found 'nobody'");
    assertThat(run("plan", "--what-if", file("odd", "drain a", "away b for=1h copies=0")))
        .isEqualTo(ExitCode.INFEASIBLE);
    assertThat(err.toString()).contains("odd:2: refused with INVALID");
    assertThat(run("set", "floor=")).isEqualTo(ExitCode.INPUT);
    assertThat(run("apply", folder.resolve("absent").toString())).isEqualTo(ExitCode.INPUT);
    assertThat(run("plan", "--workers", "w.csv")).isEqualTo(ExitCode.USAGE);
    assertThat(leader.ask(Audit.STATE).digest()).isEqualTo(digest);
    assertThat(run("drain", "nobody")).isEqualTo(ExitCode.INPUT);
  }

  @Test
  void reviewedPlan_isCarriedOut_andAStaleOneIsNot() throws IOException {
    String lines = file("drain.txt", "drain a");
    String hash = leader.preview(drain("a"), 2 * SECOND).planHash();
    assertThat(beside("apply", "--plan-hash", hash, lines)).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Accepted.");
    assertThat(status("a")).isEqualTo(WorkerStatus.LEAVING);
    assertThat(beside("apply", "--plan-hash", hash, file("b", "drain b")))
        .isEqualTo(ExitCode.INFEASIBLE);
    assertThat(err.toString()).contains("PLAN_CHANGED").contains("reviewed was " + hash);
    assertThat(status("b")).isEqualTo(WorkerStatus.ACTIVE);
  }

  @Test
  void linesOfAFile_areAllOrNone() throws IOException {
    assertThat(beside("apply", file("two", "drain a", "away b for=1h copies=9")))
        .isEqualTo(ExitCode.INFEASIBLE);
    assertThat(err.toString()).contains("TOO_FEW_WORKERS: command 2 is refused");
    assertThat(status("a")).isEqualTo(WorkerStatus.ACTIVE);
    assertThat(beside("apply", file("both", "drain a", "set floor=1"))).isEqualTo(ExitCode.OK);
    assertThat(status("a")).isEqualTo(WorkerStatus.LEAVING);
    assertThat(leader.config().value().minReplication()).isEqualTo(1);
  }

  @Test
  void history_tellsWhoDidWhat_ofAWorkerAndSinceATime() throws IOException {
    leader.freeze(SECOND);
    leader.unfreeze(SECOND);
    assertThat(beside("drain", "a", "b")).isEqualTo(ExitCode.OK);
    out.getBuffer().setLength(0);
    assertThat(run("history", "--worker", "b", "--json")).isEqualTo(ExitCode.OK);
    JsonNode drain = new ObjectMapper().readTree(out.toString()).path("deeds").get(1);
    assertThat(drain.path("by").asText())
        .isEqualTo(ProcessHandle.current().info().user().orElse(""));
    assertThat(drain.path("what").asText()).contains("worker a", "; ", "worker b", "LEAVING");
    assertThat(drain.path("answer").asText()).isEqualTo("ACCEPTED");
    out.getBuffer().setLength(0);
    assertThat(run("history")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("first  Freeze", "first  Unfreeze");
    out.getBuffer().setLength(0);
    assertThat(run("history", "--worker", "nobody", "--since", "24h")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).isEqualTo("no command is known\n");
    assertThat(run("history", "--since", "soon")).isEqualTo(ExitCode.USAGE);
  }

  private WorkerRow row(String worker) {
    LifecycleSnapshot at = leader.ask(Audit.STATE);
    return at.workerRow(at.workerPosition(WorkerId.of(worker)));
  }

  @Test
  void announcedAbsence_beginsAndEnds() throws IOException {
    assertThat(beside("away", "a", "--for", "20m", "--copies", "2")).isEqualTo(ExitCode.OK);
    assertThat(status("a")).isEqualTo(WorkerStatus.AWAY);
    assertThat(row("a").leastCopies()).isEqualTo(2);
    assertThat(row("a").awayUntil()).isBetween(20L * 60, 20L * 60 + 1_000_000);
    assertThat(beside("back", "a")).isEqualTo(ExitCode.OK);
    assertThat(status("a")).isEqualTo(WorkerStatus.ACTIVE);
    assertThat(beside("apply", file("two", "away a until=+1h copies=1", "away b for=50")))
        .isEqualTo(ExitCode.OK);
    assertThat(List.of(status("a"), status("b"))).containsOnly(WorkerStatus.AWAY);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void avoidedWorker_takesNothingNew_untilItsTimeIsOverOrEnded() {
    assertThat(beside("avoid", "a", "--for", "1h", "--because", "its disk is old"))
        .isEqualTo(ExitCode.OK);
    cycle();
    leader.ingest(List.of(Chunk.of(ChunkKey.of("e", "1"), BlockRange.of(0, 9), 1)), tick * SECOND);
    cycle();
    assertThat(avoided()).isEqualTo("a");
    assertThat(run("explain", "--worker", "a")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("avoided until tick ", ": its disk is old");
    assertThat(leader.explainPlacement(ChunkKey.of("e", "1"), tick * SECOND).orElseThrow().text())
        .contains("1 worker (a) is avoided");
    assertThat(run("explain", "e/1")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("rebalancer: NOT_LEADER, the chunk is not live, or was never possessed");
    assertThat(beside("avoid", "a", "--for", "0")).isEqualTo(ExitCode.OK);
    cycle();
    cycle();
    assertThat(avoided()).isEmpty();
    assertThat(run("avoid", "nobody", "--for", "1h")).isEqualTo(ExitCode.INPUT);
    assertThat(run("avoid", "a", "--for", "soon")).isEqualTo(ExitCode.USAGE);
  }

  private String avoided() {
    return Rebalancing.of(leader).avoided().entries(Tick.of(tick)).stream()
        .map(each -> each.worker().value())
        .collect(Collectors.joining(","));
  }

  @Test
  void replacement_isOneCommand_andItsPlanHasTheHashOfItsLeadersPreview() throws IOException {
    leader.describe(Worker.of(WorkerId.of("b"), 1), SECOND);
    assertThat(beside("replace", "a", "b")).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(err.toString())
        .contains("1000 B must move, 999 B more than b has room for; partly ");
    leader.freeze(SECOND);
    assertThat(run("replace", "a")).isEqualTo(ExitCode.INPUT);
    assertThat(beside("replace", "a", "b", "--partly")).isEqualTo(ExitCode.OK);
    assertThat(status("a")).isEqualTo(WorkerStatus.LEAVING);
    assertThat(row("a").description().replacedBy()).contains(WorkerId.of("b"));
    String hash = leader.preview(List.of(), SECOND).planHash();
    Path fleet = folder.resolve("fleet");
    assertThat(run("export", "--out", fleet.toString(), "--json")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains(hash);
    assertThat(Files.readString(fleet.resolve("workers.csv"))).contains(",leaving,b");
    assertThat(beside("undrain", "a")).isEqualTo(ExitCode.OK);
    cycle();
    assertThat(row("a").description().replacedBy()).isEmpty();
  }

  @Test
  void planWhileAWorkerIsAway_hasTheHashOfItsLeadersPreview() throws IOException {
    assertThat(leader.away(WorkerId.of("a"), 3_600 * SECOND, 2, SECOND).code())
        .isEqualTo(ResultCode.ACCEPTED);
    Preview preview = leader.preview(List.of(), SECOND);
    assertThat(preview.bytesByCause()).isNotEmpty();
    Path next = folder.resolve("next");
    assertThat(run("plan", "--out", next.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Plan hash: " + preview.planHash());
    Path fleet = folder.resolve("fleet");
    out.getBuffer().setLength(0);
    assertThat(run("export", "--out", fleet.toString(), "--json")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains(preview.planHash());
    // Two copies elsewhere beside the one that waits for its worker.
    assertThat(Files.readAllLines(fleet.resolve("chunks.csv")))
        .anyMatch(line -> line.endsWith(",3,false"))
        .anyMatch(line -> line.endsWith(",\"\",false"));
  }

  @Test
  void planAfterAnAbsence_whatIf() throws IOException {
    assertThat(run("plan", "--what-if", file("away.txt", "away a for=1h copies=2")))
        .isEqualTo(ExitCode.OK);
    String reviewed = out.toString().replaceAll("(?s).*Plan hash: ([0-9a-f-]{77}).*", "$1");
    leader.away(WorkerId.of("a"), 3_601 * SECOND, 2, SECOND);
    assertThat(reviewed).isEqualTo(leader.preview(List.of(), SECOND).planHash());
  }

  @Test
  void absence_thatCannotBe_isRefusedWithItsChunks() {
    assertThat(beside("away", "a", "--for", "20m", "--copies", "4", "--json"))
        .isEqualTo(ExitCode.INFEASIBLE);
    assertThat(err.toString())
        .contains("refused with TOO_FEW_WORKERS: command 1 is refused: ")
        .contains("chunks can never have 4 copies elsewhere: ", "d/c");
    assertThat(out.toString()).contains("\"accepted\" : false", "\"TOO_FEW_WORKERS\"");
    assertThat(run("away", "nobody", "--for", "1h")).isEqualTo(ExitCode.INPUT);
    assertThat(beside("away", "a", "--for", "0m")).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(err.toString()).contains("INVALID: command 1 is refused: until is tick ");
    assertThat(run("away", "a", "--for", "20")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("'--for': expected a time such as 90s, 20m, 1h or 2d, found '20'");
    assertThat(run("away", "a")).isEqualTo(ExitCode.USAGE);
    assertThat(run("back", "a", "--for", "1h")).isEqualTo(ExitCode.USAGE);
    assertThat(status("a")).isEqualTo(WorkerStatus.ACTIVE);
  }

  @Test
  void absence_whileNobodyLeads_waitsForTheNextLeader() throws IOException {
    leader.resign();
    assertThat(run("away", "a", "--for", "1h")).isEqualTo(ExitCode.PENDING);
    assertThat(out.toString()).contains("Requested as", "No leader holds a lease");
    String id = out.toString().replaceAll("(?s)Requested as (\\S+): it waits.*", "$1");
    assertThat(run("apply", "--request", id, "--wait", "0")).isEqualTo(ExitCode.PENDING);
    leader.claim(SECOND);
    cycle();
    assertThat(status("a")).isEqualTo(WorkerStatus.AWAY);
    assertThat(run("apply", "--request", id)).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Accepted.");
    assertThat(run("apply", "--request", id, file("drain.txt", "drain a")))
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("apply")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void planThatChangedBeforeTheNextLeader_isToldToWhoAsksLater() throws IOException {
    leader.resign();
    assertThat(run("apply", "--plan-hash", "0", file("drain.txt", "drain a")))
        .isEqualTo(ExitCode.PENDING);
    String id = out.toString().replaceAll("(?s)Requested as (\\S+): it waits.*", "$1");
    leader.claim(SECOND);
    cycle();
    assertThat(run("apply", "--request", id)).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(err.toString()).contains("PLAN_CHANGED");
  }

  @Test
  void commands_whileNobodyLeads_waitForTheNextLeader() throws IOException {
    String hash = leader.preview(drain("a"), SECOND).planHash();
    leader.resign();
    assertThat(run("apply", "--plan-hash", hash, file("drain.txt", "drain a")))
        .isEqualTo(ExitCode.PENDING);
    assertThat(out.toString()).contains("Requested as", "No leader holds a lease");
    assertThat(run("set", "saturation=0.9")).isEqualTo(ExitCode.PENDING);
    assertThat(run("drain", "b")).isEqualTo(ExitCode.PENDING);
    out.getBuffer().setLength(0);
    assertThat(run("away", "c", "--for", "1h", "--copies", "9")).isEqualTo(ExitCode.PENDING);
    String id = out.toString().replaceAll("(?s)Requested as (\\S+): it waits.*", "$1");
    assertThat(run("undrain", "b")).isEqualTo(ExitCode.PENDING);
    leader.claim(SECOND);
    cycle();
    assertThat(leader.config().value().placement())
        .isEqualTo(PlacementConfig.builder().saturation(0.9).build());
    assertThat(status("b")).isEqualTo(WorkerStatus.ACTIVE);
    // Decided before the setting, which is not of the plan that was reviewed.
    assertThat(status("a")).isEqualTo(WorkerStatus.LEAVING);
    assertThat(run("apply", "--request", id)).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(err.toString()).contains("refused with TOO_FEW_WORKERS");
    assertThat(run("apply", "--request", "b's drain")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void command_thatNoLeaderDecidesInTime_waitsUnderItsName() {
    assertThat(run("drain", "a", "--wait", "1m")).isEqualTo(ExitCode.PENDING);
    assertThat(err.toString()).contains("no reply within 60 s");
    assertThat(run("drain", "a", "--wait", "soon")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("expected seconds, or a time such as 90s, 20m, 1h or 2d, found 'soon'");
    assertThat(out.toString()).contains("it waits for a leader under this name");
    cycle();
    assertThat(status("a")).isEqualTo(WorkerStatus.LEAVING);
  }

  /** Returns what a command that is refused, or changes nothing, prints in its first lines. */
  private String said(String command, String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    beside(command, words);
    return (out + err.toString()).replace(folder + "/", "").strip();
  }

  @Test
  void mistakes_areAnsweredWithWhatWasMeant() throws IOException {
    leader.describe(Worker.of(WorkerId.of("disk-1"), 10_000), SECOND);
    assertThat(said("set", "flor=3"))
        .isEqualTo("the command line:1: set: did you mean 'floor='? found 'flor='");
    assertThat(said("apply", file("lines", "dran a")))
        .isEqualTo("lines:1: dran: did you mean 'drain'? found 'dran'");
    assertThat(said("drain", "disk-9"))
        .isEqualTo("the command line:1: drain: did you mean 'disk-1'? found 'disk-9'");
    assertThat(said("drain", "zone=disk-9"))
        .isEqualTo("the command line:1: drain: did you mean 'disk-1'? found 'disk-9'");
    assertThat(said("set", "movement_budget_bytes=20XB"))
        .isEqualTo(
            "the command line:1: set: expected a whole number of bytes, such as 1048576, 1MiB or"
                + " 1MB, at least 0, or unlimited for movement_budget_bytes, found '20XB'");
    assertThat(said("set", "drain_window=5x"))
        .contains("expected a number of ticks, or a time such as 90s, 20m, 1h or 2d, at least 0");
    assertThat(said("plan", "--what-if", folder.resolve("none.txt").toString()))
        .isEqualTo("none.txt: expected a file, found nothing of that name");
    assertThat(said("drain")).contains("Missing required parameter: 'WORKER..'");
    assertThat(said("freeze")).contains("'freeze' is a line of 'stowage apply'");
  }

  @Test
  void deedsThatChangeNothing_sayWhy() {
    String accepted = "Accepted.\nNothing changed: ";
    assertThat(said("back", "a")).isEqualTo(accepted + "a is not away");
    assertThat(said("undrain", "a")).isEqualTo(accepted + "a is active already");
    assertThat(said("set", "floor=2")).endsWith(accepted + "the settings are so already");
    assertThat(said("set", "hold_until=workers:30"))
        .endsWith("Accepted.\nNothing waits: hold_until=workers:30 is met, or was met once");
  }

  @Test
  void settings_areReadWithUnits_andTellWhatTheyCopyFirst() {
    assertThat(said("set", "drain_window=5m")).startsWith("The next plan then:\n");
    assertThat(leader.config().value().drainWindowTicks()).isEqualTo(300);
    assertThat(said("set", "floor=3"))
        .startsWith("The next plan then:\nWhat changes:\n  20 replicas ")
        .contains("What it costs: 1.95 KiB to copy")
        .endsWith("\nAccepted.");
  }

  @Test
  void segmentThatEarnsNothing_isToldBeforeItIsTaken() {
    String policy = "weight_policy={d: [{from: -20, weight: 6}]}";
    assertThat(said("set", policy))
        .contains("\nWarning: d, blocks from -20: weight 6 earns no copy, ")
        .endsWith("\nAccepted.");
    LifecycleConfig held = leader.config().value();
    assertThat(leader.configure(Command.ANY_VERSION, held, SECOND).reasons())
        .singleElement()
        .asString()
        .startsWith("d, blocks from -20: weight 6 earns no copy, ");
  }

  @Test
  void settingsOfOneDataset_leaveThoseOfOthersAlone() {
    Chunk other = Chunk.of(ChunkKey.of("e.f=g", "x"), BlockRange.of(0, 9), 100);
    leader.ingest(List.of(other), SECOND);
    assertThat(said("set", "floor.d=3", "newest.d=50:4")).endsWith("Accepted.");
    assertThat(said("set", "floor.e.f=g=1")).endsWith("Accepted.");
    DatasetId d = DatasetId.of("d");
    DatasetId e = other.key().dataset();
    assertThat(leader.config().value().weights())
        .isEqualTo(WeightPolicy.floor(d, 3).withNewest(d, 50, 4).withFloor(e, 1));
    assertThat(said("set", "keep_apart+=e.f=g<>d")).endsWith("Accepted.");
    assertThat(said("set", "keep_apart+=d<>e.f=g")).endsWith("the settings are so already");
    assertThat(leader.config().value().placement().of(KeepApart.PAIRS))
        .containsExactly(KeepApart.Pair.of("d<>e.f=g"));
    String set = "the command line:1: set: ";
    assertThat(said("set", "floor.e.f=h=2")).isEqualTo(set + "did you mean 'e.f=g'? found 'e.f=h'");
    assertThat(said("set", "keep_apart+=d<>none"))
        .isEqualTo(set + "expected a dataset of the fleet, found 'none'");
    assertThat(said("set", "keep_apart+=d<>d"))
        .contains("expected two different datasets as in lake<>logs for keep_apart+, found 'd<>d'");
    assertThat(said("set", "flor.d=2")).isEqualTo(set + "did you mean 'floor.'? found 'flor.'");
    assertThat(said("set", "newest.d=50"))
        .contains("expected BLOCKS:COPIES, such as 1000:5 for newest.d, found '50'");
  }

  @Test
  void severalWorkers_areCheckedAndChangedTogether() throws IOException {
    assertThat(beside("apply", file("zones", "zone a za/r0", "zone b za/r0", "zone c za/r1")))
        .isEqualTo(ExitCode.OK);
    assertThat(beside("away", "zone=za/r0", "--for", "20m", "--copies", "3"))
        .as("two others stay")
        .isEqualTo(ExitCode.INFEASIBLE);
    assertThat(List.of(status("a"), status("b"))).containsOnly(WorkerStatus.ACTIVE);
    assertThat(said("away", "zone=za/r0", "--for", "20m"))
        .containsPattern("Accepted.\na is away until [-0-9]+T[:0-9]+Z, 1 copy of each chunk else")
        .contains("\nb is away until ");
    assertThat(List.of(status("a"), status("b"))).containsOnly(WorkerStatus.AWAY);
    assertThat(beside("back", "a", "b")).isEqualTo(ExitCode.OK);
    assertThat(beside("drain", "c", "zone=d")).isEqualTo(ExitCode.OK);
    assertThat(List.of(status("c"), status("d"))).containsOnly(WorkerStatus.LEAVING);
    assertThat(beside("apply", "-")).as("drain a").isEqualTo(ExitCode.OK);
    assertThat(status("a")).isEqualTo(WorkerStatus.LEAVING);
  }

  @Test
  void status_ofADegradedLeader_isNoSuccess() {
    assertThat(run("status")).isEqualTo(ExitCode.OK);
    LeaderStanding standing =
        new LeaderStanding(true, "tired", 0, 0, 0, false, 0, 0, List.of(), Told.NOTHING);
    leader.execute(new LeaderCommand.Keep(KeptValue.LEADER_STANDING.with(standing)), SECOND);
    assertThat(run("status")).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(out.toString()).contains(": degraded", "  tired");
  }
}
