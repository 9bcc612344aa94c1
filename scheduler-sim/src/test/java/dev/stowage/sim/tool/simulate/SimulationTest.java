package dev.stowage.sim.tool.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.Hash256;
import dev.stowage.shape.NumberField;
import dev.stowage.sim.kit.scenario.words.SettingText;
import dev.stowage.sim.kit.world.RoundBytes;
import dev.stowage.sim.kit.world.WorldFaults;
import dev.stowage.sim.kit.world.WorldParts;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.plan.FleetFolder;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.EventRecord;
import dev.stowage.sim.tool.report.LastPlan;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.WorkerRecord;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
  @SuppressWarnings("unused") // by the name
  static final List<String> READY =
      ProfileReader.READY.stream().filter(each -> !each.equals("debian-12")).toList();

  /** All parts, and what may go wrong with them. */
  private static final String ALL =
      String.join(
          "\n",
          "rebalancer: 30",
          "governor: 50",
          "pressure: 30",
          "fan_out: 2",
          "interests: 2",
          "faults: {lie: 5, full: 5, disk_loss: 1, portal_loss: 10}");

  private static final Map<String, String> SMALL = Map.of("chunks", "200 size=lognormal(16MiB,1)");

  @TempDir Path folder;

  @ParameterizedTest
  @FieldSource("READY")
  void readyProfile_withFewChunks_keepsItsLedgerAndItsExpectations(String name)
      throws BadInputException {
    Simulated done = run(ProfileReader.read(name, SMALL, Optional.empty()));
    assertThat(done.run().violations()).isEmpty();
    assertThat(done.failed()).isEmpty();
    assertThat(done.profile().about()).isNotEmpty();
    assertThat(done.profile().expectations()).isNotEmpty();
    assertThat(done.at(RunFigure.VISIBLE)).isGreaterThanOrEqualTo(200);
  }

  @Test
  void run_sameProfileTwice_plansTheSame() throws BadInputException {
    Profile profile = ProfileReader.read("rack-loss", SMALL, Optional.empty());
    Simulated one = run(profile);
    Simulated other = run(profile);
    assertThat(one.run().hashOfAllPlans()).isEqualTo(other.run().hashOfAllPlans());
    for (RunFigure figure : RunFigure.values()) {
      assertThat(one.at(figure)).as(figure.word()).isEqualTo(other.at(figure));
    }
  }

  @Test
  void run_expectationThatDoesNotHold_namesItAndWhatItFound() throws BadInputException {
    Profile profile =
        profile(
            "events:",
            "  - \"at 2: lose w0001\"",
            "expect:",
            "  - at_risk_chunk_seconds = 0",
            "  - \"at 1: moved_bytes = 0\"");
    Simulated done = run(profile);
    assertThat(done.failed()).hasSize(1);
    assertThat(done.failed().get(0)).startsWith("at_risk_chunk_seconds = 0: found ");
    assertThat(done.at(RunFigure.AT_RISK_CHUNK_SECONDS)).isPositive();
    assertThat(done.at(RunFigure.UNREADABLE_CHUNK_SECONDS)).isZero();
  }

  @Test
  void run_manyPortals_areAllServed() throws BadInputException {
    for (String loss : List.of("loss: 5", "loss: 20")) {
      Simulated done =
          run(profile("portals: 40", loss, "events: ['every 1 from 2 to 20: grow 1%']"));
      assertThat(done.run().violations()).isEmpty();
    }
  }

  @Test
  void run_bothHoldersLost_countsUnreadableChunks() throws BadInputException {
    Profile profile = profile("events:", "  - \"at 2: lose any=3\"");
    Simulated done = run(profile);
    assertThat(done.at(RunFigure.UNREADABLE_CHUNK_SECONDS)).isPositive();
    assertThat(done.run().violations()).isEmpty();
  }

  @Test
  void run_ledger_balancesInEveryEvent() throws BadInputException {
    Profile profile =
        profile(
            "events:",
            "  - \"at 2: grow 10%\"",
            "  - \"at 3: empty w0002\"",
            "  - \"at 6: remove 20\"",
            "  - \"from 7 to 9: correct 30 shape ramp\"",
            "  - \"at 12: copy d1 to other\"",
            "  - \"at 14: replace other\"",
            "  - \"at 16: drain any=25%\"",
            "  - \"at 18: join 2 capacity=20GiB zones=2\"",
            "  - \"at 20: set min_replication=1\"");
    Simulated done = run(profile);
    assertThat(done.run().violations()).isEmpty();
    assertThat(done.run().events()).hasSize(11);
    assertThat(done.at(RunFigure.FREED_BYTES)).isPositive();
  }

  @Test
  void run_workerThatComesBackEmpty_countsItsBytesInTheMinimum() throws BadInputException {
    Simulated done = run(profile("events:", "  - \"at 2: empty w0002\""));
    assertThat(done.run().violations()).isEmpty();
    assertThat(done.at(RunFigure.MOVED_BYTES)).isPositive();
    assertThat(done.at(RunFigure.MOVED_OVER_MINIMUM)).isEqualTo(1);
  }

  @Test
  void ledger_byteTooMany_doesNotFollow() {
    assertThat(new RoundBytes(10, 4, 1, 25).follow(20)).isTrue();
    assertThat(new RoundBytes(10, 4, 1, 26).follow(20)).isFalse();
    assertThat(new RoundBytes(10, 3, 1, 25).follow(20)).isFalse();
    assertThat(new RoundBytes(10, 4, 0, 25).follow(20)).isFalse();
  }

  /** Every event that waits for rest, on one fleet. */
  @Test
  void run_eventsThatFollowEachOther_waitUntilTheFleetIsAtRest()
      throws BadInputException, IOException {
    List<String> chunks =
        new ArrayList<>(List.of("dataset,chunk_id,first_block,last_block,size_bytes"));
    for (int i = 0; i < 200; i++) {
      chunks.add("d,c" + i + "," + i + "," + i + "," + ((1 + i % 32) << 20));
    }
    Path corrections = folder.resolve("corrections.csv");
    Files.write(folder.resolve("chunks.csv"), chunks);
    Files.writeString(
        corrections,
        "dataset,old_chunk_id,new_chunk_id,first_block,last_block,size_bytes\n"
            + "d,c1,c1+,1,1,9\nd,c1+,c1++,1,1,8\nd,c2,c2+,2,2,7\n");
    Profile profile =
        ProfileReader.read(
            "debian-12",
            Map.of(
                "catalogue",
                folder.resolve("chunks.csv").toString(),
                "corrections",
                corrections.toString(),
                "workers",
                "12 zones=4 capacity=1GiB,2GiB,4GiB"),
            Optional.empty());
    Simulated done = run(profile);
    RunRecord told = done.run();
    assertThat(told.violations()).isEmpty();
    assertThat(done.failed()).isEmpty();
    assertThat(done.isPartial()).isFalse();
    assertThat(done.steps()).isLessThan(profile.steps());
    assertThat(told.totals().corrections()).isEqualTo(3);
    assertThat(told.totals().correctionsFired()).isEqualTo(3);
    assertThat(told.shortAfter()).isEmpty();
    assertThat(told.events())
        .extracting(EventRecord::name)
        .containsExactly("fill", "correct", "lose", "away", "empty", "join", "capacity");
    Map<String, EventRecord> events = new TreeMap<>();
    told.events().forEach(each -> events.put(each.name(), each));
    assertThat(events.get("lose").title()).isEqualTo("A mirror is lost for ever");
    assertThat(told.ticksUntilWhole(events.get("lose"))).isGreaterThanOrEqualTo(300);
    assertThat(events.get("away").bytesMoved()).isZero();
    assertThat(events.get("empty").bytesMinimum()).isPositive();
    assertThat(told.workers()).hasSize(14);
    assertThat(told.workers().stream().mapToLong(WorkerRecord::capacityBytes).sum())
        .isLessThan(44L << 30);
    for (EventRecord event : told.events()) {
      assertThat(event.bytesMoved()).isGreaterThanOrEqualTo(event.bytesMinimum());
      assertThat(told.endOf(event).isWhole()).as(event.name()).isTrue();
      assertThat(arrived(told, event)).as(event.name()).isEqualTo(event.bytesMoved());
    }
    CycleRecord end = told.cycles().get(told.cycles().size() - 1);
    assertThat(end.replicas().total()).isEqualTo(end.replicas().confirmed());
    assertThat(lag(told.cycles())).isPositive();
  }

  private static long arrived(RunRecord run, EventRecord event) {
    return run.cycles().subList((int) event.firstCycle() - 1, (int) event.lastCycle()).stream()
        .flatMap(each -> each.arrivedBytes().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  @Tag("deep")
  @Test
  void run_debian12_meetsEveryFigureThatIsPromised() throws BadInputException {
    Map<String, String> all = Map.of("catalogue", "debian12");
    RunRecord run = run(ProfileReader.read("debian-12", all, Optional.empty())).run();
    assertThat(run.violations()).isEmpty();
    assertThat(run.totals().chunks()).isEqualTo(63_436);
    assertThat(run.totals().correctionsFired()).isEqualTo(1_028);
    assertThat(run.shortAfter()).isEmpty();
    assertThat(run.cycles()).allSatisfy(each -> assertThat(each.chunks().unreadable()).isZero());
    assertThat(run.totals().maxOverMeanFill()).isLessThanOrEqualTo(1.05);
    assertThat(run.lastPlan().domains()).containsExactly(new LastPlan.DomainLimit(2, 20, 2, 2));
    assertThat(run.weights())
        .allSatisfy(each -> assertThat(each.fewest()).isEqualTo(each.target()));
    // A link in the middle of a chain of corrections is counted with its floor, and has a third
    // copy.
    assertThat(run.events())
        .allSatisfy(each ->
            assertThat(each.movedOverMinimum())
                .as("bytes moved over the minimum: " + each.name())
                .isBetween(1.0, each.name().equals("correct") ? 1.07 : 1.03));
  }

  @Test
  void run_interrupted_isPartialAndSaysSo() throws BadInputException {
    Profile profile = profile();
    int[] asked = new int[1];
    Simulated done =
        new Simulation(profile, () -> 0, () -> asked[0]++ > 8, 1)
            .run("it", "", memory(), EvidenceSink.NONE, (share, doing) -> {});
    assertThat(done.isPartial()).isTrue();
    assertThat(done.steps()).isBetween(1, 24);
    assertThat(done.run().title()).endsWith("(interrupted after step " + done.steps() + " of 25)");
    assertThat(SimulationText.of(done)).contains("interrupted after step " + done.steps());
    assertThat(SimulationJson.of(List.of(done)).at("/runs/0/partial").asBoolean()).isTrue();
  }

  @Test
  void run_eventThatTheFleetRefuses_namesLineAndAnswer() throws BadInputException {
    Profile profile = profile("events:", "  - \"at 2: worker w0001 capacity=1GiB\"");
    assertThatThrownBy(() -> run(profile))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(":6: events: expected an event that the fleet accepts")
        .hasMessageContaining("worker w0001")
        .hasMessageContaining("DUPLICATE");
  }

  @Test
  void run_fleetOfAFolderThatIsLevel_movesNothing() throws BadInputException, IOException {
    Simulated done = drained("min_replication: 2");
    assertThat(done.run().violations()).isEmpty();
    assertThat(RunFigure.MOVED_BYTES.of(done.part(5))).isZero();
    assertThat(done.at(RunFigure.MOVED_BYTES)).isEqualTo(20_000);
    assertThat(done.gains()).containsEntry("n3", -20_000L);
  }

  @Test
  void run_drainOfAFleetOfAFolder_lastsForTheWindowOfThatFleet()
      throws BadInputException, IOException {
    Simulated brief = drained("min_replication: 2", "settings: {drain_window: 40}");
    Simulated longer = drained("min_replication: 2", "settings: {drain_window: 200}");
    assertThat(brief.at(RunFigure.LEAVING_SECONDS)).isBetween(40.0, 120.0);
    assertThat(longer.at(RunFigure.LEAVING_SECONDS) - brief.at(RunFigure.LEAVING_SECONDS))
        .isEqualTo(160);
  }

  @Test
  void run_fleetOfAFolderWithWeights_runs() throws BadInputException, IOException {
    Simulated done =
        drained(
            "min_replication: 2",
            "weight_policy: {d: [{from: 0, weight: 3, floor: 2}, {from: -9, weight: 4}]}");
    assertThat(done.run().violations()).isEmpty();
    assertThat(done.gains()).containsEntry("n3", -20_000L);
  }

  /** Runs a level fleet of a folder with such a {@code plan.yaml}, and drains a worker of it. */
  private Simulated drained(String... plan) throws BadInputException, IOException {
    StringBuilder workers = new StringBuilder("worker_id,capacity_bytes,zone,status\n");
    for (int i = 0; i < 4; i++) {
      workers.append("n").append(i).append(",1000000,z").append(i).append(",active\n");
    }
    StringBuilder chunks =
        new StringBuilder("dataset,chunk_id,first_block,last_block,size_bytes,visible\n");
    StringBuilder held = new StringBuilder("dataset,chunk_id,worker_id\n");
    for (int i = 0; i < 40; i++) {
      chunks.append("d,c").append(i).append(',').append(i).append(',').append(i);
      chunks.append(",1000,true\n");
      held.append("d,c").append(i).append(",n").append(i % 4).append('\n');
      held.append("d,c").append(i).append(",n").append((i + 1) % 4).append('\n');
    }
    Files.writeString(folder.resolve("workers.csv"), workers);
    Files.writeString(folder.resolve("chunks.csv"), chunks);
    Files.writeString(folder.resolve("held.csv"), held);
    Files.write(folder.resolve("plan.yaml"), List.of(plan));
    Path file = folder.resolve("p.yaml");
    Files.writeString(file, "steps: 40\nevents:\n  - \"at 6: drain n3\"\n");
    return run(
        ProfileReader.read(file.toString(), Map.of(), Optional.of(FleetFolder.read(folder))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wokers: 3 capacity=1GiB | wokers: did you mean 'workers'? found an unknown key",
        "steps: 0 | steps: expected a whole number from 1",
        "step: 31 | step: expected at most half of suspect_after",
        "settings: {flor: 3} | settings.flor: did you mean 'floor'? found an unknown key",
        "settings: {floor: 0} | settings.floor: expected a value that is accepted",
        "workers: 5 | workers: expected capacity=SIZE",
        "workers: 5 capacity=2GiB..1GiB | expected the smaller size first",
        "workers: 5 capacity=1GiB racks=2 | expected zones= beside racks=",
        "workers: 5 capacity=1GiB colour=red | expected one of",
        "chunks: many | chunks: expected a number of chunks",
        "chunks: 5 size=lognormal(1MiB) | expected a size, SIZE..SIZE, or lognormal",
        "chunks: '5 size=1MiB weights=1:50' | expected shares that add up to 100, not to 50",
        "catalogue: debian12 | chunks: expected chunks or catalogue, found both",
        "planner: best | planner: expected stowage or stateless, found 'best'",
        "events: ['drain w1'] | events: expected a time",
        "events: ['at 0: drain w1'] | events: expected a step from 1",
        "events: ['at 26: drain w1'] | events[0]: expected a step up to 25",
        "events: ['from 9 to 3: grow 1%'] | expected a step from 9",
        "events: ['at 2: drian w1'] | did you mean 'drain'? found 'drian'",
        "events: ['at 2: grow -5'] | expected a count such as 500",
        "events: ['at 2: grow 5 shape cubic'] | expected constant, ramp",
        "events: ['at 2: lose'] | events: expected",
        "events: ['at 2: fetch w1'] | expected a command to a fleet",
        "faults: {ful: 3} | faults.ful: did you mean 'full'? found an unknown key",
        "faults: {full: 91} | faults.full: expected a whole number, 0 to 90",
        "faults: 5 | faults: expected faults, such as {full: 5}",
        "rebalancr: 5 | rebalancr: did you mean 'rebalancer'?",
        "rebalancer: 101 | rebalancer: expected a whole number, 0 to 100",
        "governor: on | governor: expected a whole number, 0 to 100",
        "fan_out: 1 | fan_out: expected a whole number, 2 to 1000, or none",
        "fan_out: 3 | fan_out: expected less than the 3 portals that follow all datasets",
        "interests: 4 | interests: expected at most portals, 3, found 4",
        "expect: [movedbytes = 0] | did you mean 'moved_bytes'?",
        "expect: [moved_bytes > 0] | expected",
        "expect: ['at 99: deferred = 0'] | expect: expected a step up to 25",
      })
  void read_contradictoryOrUnknown_isRefusedWithLineAndCure(String line, String problem)
      throws IOException {
    String key = line.substring(0, line.indexOf(':'));
    Path file = folder.resolve("bad.yaml");
    String good =
        "steps: 25\nworkers: 8 zones=4 capacity=20GiB\nchunks: 200 size=1MiB..32MiB\n"
            .lines()
            .filter(each -> !each.startsWith(key + ":"))
            .reduce("", (all, each) -> all + each + "\n");
    Files.writeString(file, good + line + "\n");
    var refused =
        assertThatThrownBy(() -> ProfileReader.read(file.toString(), Map.of(), Optional.empty()))
            .isInstanceOf(BadInputException.class)
            .hasMessageContaining(file + ":");
    for (String part : problem.split(" \\* ", -1)) {
      refused.hasMessageContaining(part);
    }
  }

  /** Returns a figure of a run with these faults, and with none otherwise. */
  private double under(String faults, RunFigure figure) throws BadInputException {
    Simulated done =
        run(
            profile(
                "loss: 0",
                "faults: {" + faults + "}",
                "events:",
                "  - \"every 2 from 1 to 19: grow 5%\""));
    assertThat(done.run().violations()).as(faults).isEmpty();
    return done.at(figure);
  }

  @Test
  void fault_ofDisks_isApplied_andLosesNothing() throws BadInputException {
    double moved = under("full: 0", RunFigure.MOVED_BYTES);
    assertThat(under("disk_loss: 2", RunFigure.MOVED_BYTES)).isGreaterThan(moved);
    assertThat(under("lie: 30", RunFigure.MOVED_BYTES)).isGreaterThan(moved);
    assertThat(under("full: 60", RunFigure.MOVING_STEPS))
        .isGreaterThan(under("full: 0", RunFigure.MOVING_STEPS));
  }

  @ParameterizedTest
  @CsvSource({"loss: 60", "delay: 90", "damage: 60"})
  void fault_ofWires_letsPortalsLag(String fault) throws BadInputException {
    assertThat(lags(fault)).isGreaterThan(lags("full: 0"));
  }

  private long lags(String faults) throws BadInputException {
    Simulated done =
        run(
            profile(
                "loss: 0",
                "portals: 12",
                "faults: {" + faults + "}",
                "events:",
                "  - \"every 1 from 1 to 20: grow 5%\""));
    assertThat(done.run().violations()).as(faults).isEmpty();
    return lag(done.run().cycles());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rebalancer: 5 | planner: stateless | rebalancer: expected planner stowage",
        "fan_out: 2 | interests: 1 | fan_out: expected less than the 2 portals",
      })
  void read_partThatContradictsAnother_isRefused(String part, String other, String problem) {
    assertThatThrownBy(() -> profile(part, other))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void read_changes_goWhereTheyBelong() throws BadInputException {
    Profile changed =
        ProfileReader.read(
            "rack-loss",
            new TreeMap<>(Map.of("faults.full", "7", "fan_out", "2", "floor", "3")),
            Optional.empty());
    assertThat(changed.faults().full()).isEqualTo(7);
    assertThat(changed.parts().fanOut()).isEqualTo(2);
    assertThat(changed.config().minReplication()).isEqualTo(3);
    assertThat(ProfileReader.read("rack-loss", Map.of("fan_out", "none"), Optional.empty()).parts())
        .isEqualTo(WorldParts.NONE);
  }

  @Test
  void hottestWorker_coolsDown_byMovesOfWhatIsRead() throws BadInputException {
    String[] read = {"reads: 50", "settings: {min_replication: 2, max_replication: 2}", ""};
    Simulated left = run(profile(read));
    assertThat(left.at(RunFigure.HOTTEST_WORKER_BEFORE))
        .isEqualTo(left.at(RunFigure.HOTTEST_WORKER));
    read[2] = "rebalancer: 1";
    Simulated moved = run(profile(read));
    assertThat(moved.at(RunFigure.HOTTEST_WORKER_BEFORE))
        .isEqualTo(left.at(RunFigure.HOTTEST_WORKER_BEFORE));
    assertThat(moved.at(RunFigure.HOTTEST_WORKER))
        .isLessThan(left.at(RunFigure.HOTTEST_WORKER) - .1);
    assertThat(run(profile()).at(RunFigure.HOTTEST_WORKER)).isZero();
  }

  @Test
  void rebalancer_workersThatAreSlow_movesOffThem_andNamesTheCause() throws BadInputException {
    assertThat(run(profile("loss: 0")).at(RunFigure.MOVED_BYTES)).isZero();
    Simulated done = run(profile("loss: 0", "rebalancer: 50"));
    assertThat(done.run().violations()).isEmpty();
    assertThat(came(done, "intent")).isPositive();
    // The planner fills what it empties with other replicas.
    assertThat((double) came(done, "intent") + came(done, "balance"))
        .isEqualTo(done.at(RunFigure.MOVED_BYTES));
  }

  /** Returns the bytes that came for a cause after the first fill. */
  private static long came(Simulated done, String cause) {
    return done.run().cycles().stream()
        .skip(done.run().cycles().size() - done.steps())
        .mapToLong(cycle -> cycle.arrivedBytes().getOrDefault(cause, 0L))
        .sum();
  }

  @Test
  void governor_load_keepsChunksOutForAWhile() throws BadInputException {
    String growth = "events: ['every 1 from 1 to 15: grow 10']";
    Simulated open = run(profile("loss: 0", growth));
    Simulated held = run(profile("loss: 0", "governor: 100", growth));
    assertThat(held.run().violations()).isEmpty();
    assertThat(held.at(RunFigure.VISIBLE)).isEqualTo(open.at(RunFigure.VISIBLE)).isEqualTo(350);
    assertThat(visibleSum(held)).isLessThan(visibleSum(open));
  }

  private static long visibleSum(Simulated done) {
    return done.run().cycles().stream().mapToLong(each -> each.chunks().visible()).sum();
  }

  @Test
  void pressure_ofTheLeader_shrinksTheBudgetAndHoldsTransfers() throws BadInputException {
    String bounded = "settings: {movement_budget_bytes: 64MiB}";
    String join = "events: ['at 2: join 4 zones=4 capacity=20GiB']";
    Simulated calm = run(profile("loss: 0", bounded, join));
    Simulated held = run(profile("loss: 0", "pressure: 60", bounded, join));
    assertThat(held.run().violations()).isEmpty();
    assertThat(held.at(RunFigure.MOVED_BYTES))
        .isPositive()
        .isLessThan(calm.at(RunFigure.MOVED_BYTES));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fan_out: 2", "interests: 3", "fan_out: 2\ninterests: 3"})
  void portals_ofATreeOrWithInterests_reachTheNewest(String parts) throws BadInputException {
    List<CycleRecord> all = told(parts, 0);
    assertThat(all.get(all.size() - 1).laggingPortals()).isZero();
    assertThat(lag(told(parts, 20))).as("while portals die").isGreaterThan(lag(all));
  }

  private List<CycleRecord> told(String parts, int deaths) throws BadInputException {
    Simulated done =
        run(
            profile(
                "loss: 0",
                "portals: 9",
                parts,
                "faults: {portal_loss: " + deaths + "}",
                "events:",
                "  - \"every 2 from 1 to 15: grow 5%\""));
    assertThat(done.run().violations()).isEmpty();
    return done.run().cycles();
  }

  private static long lag(List<CycleRecord> cycles) {
    return cycles.stream().mapToLong(CycleRecord::laggingPortals).sum();
  }

  @Test
  void read_noSuchProfile_isRefused() {
    assertThatThrownBy(() -> ProfileReader.read("rack-los", Map.of(), Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("rack-los: expected a file");
  }

  private Profile profile(String... more) throws BadInputException {
    Path file = folder.resolve("profile.yaml");
    String text =
        "steps: 25\nstart: filled\nworkers: 8 zones=4 capacity=20GiB\n"
            + "chunks: 200 size=1MiB..32MiB\n"
            + String.join("\n", more)
            + "\n";
    try {
      Files.writeString(file, text);
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
    return ProfileReader.read(file.toString(), Map.of(), Optional.empty());
  }

  /** Each fault and part is declared once; the page shows what the declaration says. */
  @Test
  void page_hasTheRowOfEveryPartAndFault() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "simulate.md"));
    assertThat(page).contains(rows(WorldParts.all()), rows(WorldFaults.all()));
    assertThat(ProfileReader.keys())
        .contains("seed", "rebalancer", "fan_out", "faults.portal_loss")
        .allSatisfy(key -> assertThat(page).contains("`" + key.replace("faults.", "") + "`"));
  }

  private static <T> String rows(List<NumberField<T>> fields) {
    StringBuilder rows = new StringBuilder();
    for (NumberField<T> field : fields) {
      rows.append("| `").append(field.name()).append("` | ").append(SettingText.accepted(field));
      rows.append(" | ").append(field.meaning()).append(" |\n");
    }
    return rows.toString();
  }

  /** Every fault that a world knows, every part, and what they do together. */
  static Stream<String> faultsAndParts() {
    String faults =
        WorldFaults.all().stream()
            .map(each -> each.name() + ": 20")
            .collect(Collectors.joining(", ", "faults: {", "}"));
    String parts =
        WorldParts.all().stream()
            .map(each -> each.name() + ": " + (each.most() == 100 ? 40 : 2))
            .collect(Collectors.joining("\n"));
    return Stream.of(faults, parts, ALL);
  }

  @ParameterizedTest
  @MethodSource("faultsAndParts")
  void threads_changeNoRecordAndNoFigure(String what) throws BadInputException {
    Profile profile =
        profile(
            "loss: 10",
            "portals: 6",
            what,
            "events:",
            "  - \"every 3 from 1 to 9: grow 20\"",
            "  - \"at 12: drain any=1\"");
    List<Hash256> one = new ArrayList<>();
    Simulated first = run(profile, 1, one);
    assertThat(first.run().violations()).isEmpty();
    assertThat(one).hasSizeGreaterThan(100);
    List<Hash256> many = new ArrayList<>();
    Simulated second = run(profile, 8, many);
    assertThat(many).isEqualTo(one);
    assertThat(SimulationJson.of(List.of(second))).isEqualTo(SimulationJson.of(List.of(first)));
  }

  private static Simulated run(Profile profile, int threads, List<Hash256> records)
      throws BadInputException {
    EvidenceSink sink =
        batch -> {
          for (int at = 0; at < batch.count(); at++) {
            records.add(batch.hash(at));
          }
        };
    return new Simulation(profile, () -> 0, () -> false, threads)
        .run("it", "", memory(), sink, (share, doing) -> {});
  }

  private static Simulated run(Profile profile) throws BadInputException {
    return new Simulation(profile, () -> 0, () -> false, 1)
        .run("it", "", memory(), EvidenceSink.NONE, (share, doing) -> {});
  }

  private static MemoryChunkStore memory() {
    return MemoryChunkStore.builder().fixedLineages().build();
  }
}
