package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.PlacementWish;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.plan.FleetExport;
import dev.stowage.sim.tool.plan.FleetFolder;
import dev.stowage.sim.tool.simulate.Profile;
import dev.stowage.sim.tool.simulate.ProfileReader;
import dev.stowage.sim.tool.simulate.Simulated;
import dev.stowage.sim.tool.simulate.Simulation;
import dev.stowage.sim.tool.simulate.SimulationText;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the verdict of a simulation with its rows: a run that ends badly does not pass. */
class SimulationVerdictTest {
  private static final List<String> EVENTS =
      List.of(
          "lose any=1",
          "leave any=1",
          "drain any=1",
          "away any=1 for 4",
          "empty any=1",
          "grow 20%",
          "correct 10%",
          "remove 10%",
          "join 1 capacity=1GiB zones=2",
          "set min_replication=3");

  @TempDir Path folder;

  @Test
  void run_thatEndsBeforeItIsWhole_fails_unlessItsProfileSaysSo() throws Exception {
    String[] slow = {
      "workers: 4 capacity=10GiB downlink=1MiB", "steps: 3", "events: ['at 2: lose w0001']"
    };
    Simulated done = run(slow);
    assertThat(SimulatorOptions.exitCode(List.of(done))).isEqualTo(ExitCode.INFEASIBLE);
    assertThat(done.run().headline())
        .startsWith("Not whole at the end: ")
        .contains("chunks below their floor");
    Simulated said = run(slow[0], slow[1], slow[2], "ends: under-way");
    assertThat(SimulatorOptions.exitCode(List.of(said))).isEqualTo(ExitCode.OK);
    assertThat(said.run().headline())
        .startsWith("Not whole at the end: ")
        .endsWith("It ends under way, as asked.");
  }

  @Test
  void headline_ofOneNarrowLink_namesIt() throws Exception {
    Simulated done =
        run(
            "workers: 3 capacity=10GiB downlink=60MiB",
            "steps: 80",
            "events: ['at 2: join 1 capacity=10GiB downlink=1MiB prefix=narrow-']");
    assertThat(SimulatorOptions.exitCode(List.of(done))).isEqualTo(ExitCode.OK);
    assertThat(done.run().headline())
        .containsPattern("^Whole [0-9.]+ (s|min) after the first event; at worst 0 unreadable")
        .contains("the downlink of narrow-0004 was at least half full in");
    assertThat(done.run().neverAsked())
        .containsExactly(
            "move budget", "the governor's limits", "world: a portal sees its datasets alone");
    assertThat(SimulationText.of(done))
        .contains("\nnever judged: move budget; the governor's limits; world: a portal sees");
  }

  @Test
  void headline_ofNarrowUplinks_namesThem() throws Exception {
    Simulated done =
        run(
            "workers: 3 capacity=10GiB uplink=1MiB zones=3",
            "steps: 80",
            "events: ['at 2: join 1 capacity=10GiB prefix=new-']");
    assertThat(done.run().headline()).contains("the uplinks of 3 workers were at least half full");
  }

  @Test
  void fleetOfAnExport_thatWaitedForWorkers_isSimulatedWithItsWishesAndSwaps() throws Exception {
    String start = "workers: 5 capacity=10GiB downlink=100KiB";
    String hold = "settings: {hold_until: 'workers:5'}";
    Simulated first =
        run(start, "steps: 2", "events: ['at 2: pin d1/c0@w0001', 'at 2: correct 1']", hold);
    LifecycleSnapshot end = first.fleet();
    LifecycleState state = LifecycleState.load(end.fleetRow(), end.rows());
    assertThat(state.pendingSwaps()).hasSize(1);
    FleetExport.of(state).texts().forEach(this::write);
    Simulated next =
        new Simulation(
                ProfileReader.read(
                    write("next.yaml", "steps: 150\nevents: ['at 2: lose w0002']\n"),
                    Map.of(),
                    Optional.of(FleetFolder.read(folder))),
                () -> 0,
                () -> false,
                1)
            .run("it", "", memory(), EvidenceSink.NONE, (share, doing) -> {});
    assertThat(Files.readString(folder.resolve("plan.yaml"))).contains("hold_until: none");
    assertThat(SimulatorOptions.exitCode(List.of(next)))
        .as(next.run().headline())
        .isEqualTo(ExitCode.OK);
    assertThat(next.run().notes()).isEmpty();
    assertThat(next.run().totals().correctionsFired()).isOne();
    assertThat(next.fleet().fleetRow().wishes())
        .extracting(PlacementWish::worker)
        .hasToString("[w0001]");
    assertWhole(next);
  }

  @Test
  void event_ofNobody_isRefusedBeforeTheFirstStep_orToldWhenItsStepComes() throws Exception {
    assertThatThrownBy(
            () -> read("workers: 4 capacity=1GiB zones=2", "events: ['at 9: lose w005']"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("expected a worker of the run, such as w0001, found 'w005'");
    assertThatThrownBy(
            () -> read("workers: 4 capacity=1GiB zones=2", "events: ['at 9: drain zone=z3']"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("expected a zone of the run, such as z1, found 'z3'");
    Simulated late =
        run(
            "workers: 4 capacity=1GiB zones=2",
            "events: ['at 2: lose zone=z2', 'at 9: drain zone=z2']");
    assertThat(late.run().notes()).hasSize(1).first().asString().startsWith("step 9: no worker");
  }

  @Test
  void drawnRuns_thatPass_areWhole() throws Exception {
    draw(20);
  }

  @Tag("deep")
  @Test
  void drawnRuns_inTheThousand_thatPass_areWhole() throws Exception {
    draw(1_000);
  }

  private void draw(int count) throws Exception {
    int passed = 0;
    for (int seed = 1; seed <= count; seed++) {
      Chance chance = Chance.ofSeed(seed);
      List<String> events = new ArrayList<>();
      for (int i = chance.below(4); i > 0; i--) {
        String event = EVENTS.get(chance.below(EVENTS.size()));
        events.add("'at " + (1 + chance.below(20)) + ": " + event + "'");
      }
      String budget = chance.below(3) == 0 ? "settings: {movement_budget_bytes: 8MiB}" : "loss: 5";
      Simulated done =
          run(
              "seed: " + seed,
              "workers: " + (4 + chance.below(5)) + " capacity=1GiB zones=2 downlink=1MiB",
              "steps: " + (20 + chance.below(60)),
              "events: [" + String.join(", ", events) + "]",
              budget);
      if (SimulatorOptions.exitCode(List.of(done)) == ExitCode.OK) {
        passed++;
        assertWhole(done);
      }
    }
    assertThat(passed).isBetween(count * 6 / 10, count - 1);
  }

  /** Reads the rows of the end, which the verdict does not. */
  private static void assertWhole(Simulated done) {
    LifecycleSnapshot end = done.fleet();
    for (int chunk = 0; chunk < end.chunkLimit(); chunk++) {
      if (end.isChunk(chunk) && end.isLive(chunk)) {
        String what = done.profile().seed() + ": " + end.chunkKey(chunk);
        int there = 0;
        for (int slot = end.firstReplica(chunk);
            slot != LifecycleView.NONE;
            slot = end.nextReplica(slot)) {
          assertThat(end.replicaState(slot)).as(what).isEqualTo(ReplicaState.ASSIGNED);
          assertThat(end.confirmed(slot)).as(what).isTrue();
          there += end.isCounted(end.replicaWorker(slot)) ? 1 : 0;
        }
        assertThat(end.chunkState(chunk)).as(what).isEqualTo(ChunkState.VISIBLE);
        assertThat(there).as(what).isGreaterThanOrEqualTo(end.floor(chunk));
      }
    }
    assertThat(end.pendingSwaps()).isEmpty();
  }

  private Profile read(String... lines) throws BadInputException {
    String text = String.join("\n", lines) + "\nchunks: 40 size=8MiB\n";
    return ProfileReader.read(write("profile.yaml", text), Map.of(), Optional.empty());
  }

  private Simulated run(String... lines) throws BadInputException {
    return new Simulation(read(lines), () -> 0, () -> false, 1)
        .run("it", "", memory(), EvidenceSink.NONE, (share, doing) -> {});
  }

  private String write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MemoryChunkStore memory() {
    return MemoryChunkStore.builder().fixedLineages().build();
  }
}
