package dev.stowage.sim.tool.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.config.WeightPolicy;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.shape.Shape;
import dev.stowage.sim.kit.scenario.words.SettingText;
import dev.stowage.sim.tool.csv.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a fleet give the plan of its leader. */
class FleetExportTest {
  private static final int STEPS = 240;

  @Property(tries = 15, seed = "1", shrinking = ShrinkingMode.OFF)
  void planOfTheFiles_afterAnyStory_isThatOfTheFleet(@ForAll long seed)
      throws IOException, BadInputException {
    SplittableRandom random = new SplittableRandom(seed);
    LifecycleState state = LifecycleState.empty(config(seed, random), Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    RandomStory story = new RandomStory(seed, state);
    Path folder = Files.createTempDirectory("export");
    try {
      for (int step = 1; step <= STEPS; step++) {
        lifecycle.execute(state, next(story, random), Tick.of(story.now()));
        if (step % 6 == 0) {
          assertSame(state, folder);
        }
      }
    } finally {
      for (String name : FleetExport.names()) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.delete(folder);
    }
  }

  /** No story of this length leaves a debt. */
  @Test
  void debtOfEarlierPlans_isWritten(@TempDir Path folder) throws IOException, BadInputException {
    LifecycleState state = LifecycleState.empty(RandomStory.config(1), Lineage.of(7));
    FleetRow indebted = with(with(state.fleetRow(), "debt_bytes", "5"), "debt_replicas", "2");
    LifecycleState loaded = LifecycleState.load(indebted, state.rows());
    assertThat(FleetExport.of(loaded).input().debtBytes()).isEqualTo(5);
    assertSame(loaded, folder);
  }

  private static FleetRow with(FleetRow row, String word, String value) {
    return SettingText.with(Shape.of(FleetRow.class), row, word, value).orElseThrow();
  }

  @Test
  void settingsOfTheFleet_areReadAgain(@TempDir Path folder) throws IOException, BadInputException {
    LifecycleConfig config =
        LifecycleConfig.builder()
            .drainWindowTicks(30)
            .suspectAfterTicks(40)
            .departAfterTicks(LifecycleConfig.NEVER)
            .giveUpAfterTicks(7_000)
            .confirmation(ConfirmationPolicy.quorum(80))
            .gates(Gates.NONE)
            .maxWaitingChunks(6)
            .build();
    write(FleetExport.of(LifecycleState.empty(config, Lineage.of(7))), folder);
    assertThat(FleetFolder.read(folder).config()).isEqualTo(config);
  }

  @Test
  void settingsOfTheFleet_outOfBounds_areRefused(@TempDir Path folder)
      throws IOException, BadInputException {
    assertThatThrownBy(() -> read(folder, "settings: {drain_windo: 5}\n"))
        .hasMessageContaining(
            "plan.yaml:1: settings.drain_windo: did you mean 'drain_window'? found");
    read(folder, "settings:\n  suspect_after: 60\n  depart_after: 50\n");
    assertThatThrownBy(() -> FleetFolder.read(folder))
        .hasMessageContaining("plan.yaml:")
        .hasMessageContaining("settings: expected settings in bounds, found depart_after_ticks");
  }

  @Test
  void lossesOfAChunk_areRead(@TempDir Path folder) throws IOException, BadInputException {
    assertThat(
            read(folder, "recently_lost:\n  \"d/c\": 2\n")
                .input()
                .value(0, ChunkColumn.RECENTLY_LOST))
        .isEqualTo(2);
    assertThatThrownBy(() -> read(folder, "recently_lost:\n  d/other: 1\n"))
        .hasMessageContaining("plan.yaml:2: recently_lost: expected dataset/chunk_id");
    assertThatThrownBy(() -> read(folder, "previous_factors:\n  - {weight: 3}\n"))
        .hasMessageContaining("previous_factors.factor: expected this key");
  }

  @Test
  void replicaThatIsRoutedTo_isReadable(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve(PlanInputs.HELD),
        "dataset,chunk_id,worker_id,routed,readable\nd,c,a,true,false\n");
    assertThatThrownBy(() -> read(folder, "min_replication: 1\n"))
        .hasMessageContaining("held.csv:2: readable: expected true or nothing");
  }

  private static PlanCase read(Path folder, String settings) throws IOException, BadInputException {
    Files.writeString(folder.resolve(PlanInputs.WORKERS), "worker_id,capacity_bytes\na,1000\n");
    Files.writeString(
        folder.resolve(PlanInputs.CHUNKS),
        "dataset,chunk_id,first_block,last_block,size_bytes\nd,c,0,9,10\n");
    Files.writeString(folder.resolve(PlanInputs.CONFIG), settings);
    return PlanReader.read(
        new PlanFiles(
            folder.resolve(PlanInputs.WORKERS),
            folder.resolve(PlanInputs.CHUNKS),
            Optional.of(folder.resolve(PlanInputs.HELD)).filter(Files::exists),
            Optional.of(folder.resolve(PlanInputs.CONFIG))));
  }

  /** Half of the stories have a weight policy and a limit on a domain. */
  private static LifecycleConfig config(long seed, SplittableRandom random) {
    LifecycleConfig config = RandomStory.config(seed);
    if (random.nextBoolean()) {
      return config;
    }
    WeightPolicy.Builder policy = WeightPolicy.builder();
    for (String dataset : List.of("d", "e", "absent")) {
      WeightPolicy.Segment newest =
          new WeightPolicy.Segment(
              -1 - random.nextInt(60),
              1 + random.nextInt(6),
              OptionalInt.of(1 + random.nextInt(2)),
              new Eligibility(WorkerVersion.ZERO, Labels.of("ssd")));
      policy.segment(DatasetId.of(dataset), newest);
      policy.segment(DatasetId.of(dataset), WeightPolicy.Segment.of(random.nextInt(40), 3));
    }
    return config.toBuilder()
        .weights(policy.build())
        .placement(
            config.placement().toBuilder()
                .maxPerDomain(Map.of(1, 1 + random.nextInt(3)))
                .factorMode(FactorMode.values()[random.nextInt(2)])
                .factorMargin(0.2)
                .budget(MovementBudget.UNLIMITED.withBytes((1L + random.nextInt(4)) << 19))
                .build())
        .maxReplication(random.nextBoolean() ? WeightPolicy.AT_FLOOR : WeightPolicy.UNCAPPED)
        .giveUpAfterTicks(4)
        .regrowAfterTicks(200)
        .unchecked();
  }

  /** Random stories leave out wishes about whole datasets. */
  private static Command<?> next(RandomStory story, SplittableRandom random) {
    Command<?> drawn = story.next();
    WorkerId worker = WorkerId.of(String.valueOf((char) ('a' + random.nextInt(5))));
    if (random.nextInt(12) == 0) {
      Tick until = Tick.of(story.now() + 1 + random.nextInt(60));
      return random.nextInt(4) == 0
          ? Command.Away.back(worker)
          : new Command.Away(worker, until, 1 + random.nextInt(3));
    }
    if (random.nextInt(24) == 0) {
      WorkerId by = WorkerId.of(String.valueOf((char) ('a' + random.nextInt(5))));
      return new Command.Replace(worker, by, true);
    }
    if (random.nextInt(12) > 0) {
      return drawn;
    }
    PlacementWish.Kind kind = PlacementWish.Kind.values()[random.nextInt(2)];
    DatasetId dataset = DatasetId.of(random.nextBoolean() ? "d" : "e");
    return new Command.Wish(PlacementWish.of(kind, dataset, worker), Command.ANY_VERSION);
  }

  private static void assertSame(LifecycleState state, Path folder)
      throws IOException, BadInputException {
    FleetExport export = FleetExport.of(state);
    write(export, folder);
    PlanCase read =
        PlanReader.read(
            new PlanFiles(
                folder.resolve(PlanInputs.WORKERS),
                folder.resolve(PlanInputs.CHUNKS),
                Optional.of(folder.resolve(PlanInputs.HELD)),
                Optional.of(folder.resolve(PlanInputs.CONFIG))));
    assertThat(lines(read.input())).isEqualTo(lines(export.input()));
    assertThat(read.plan().planHash()).isEqualTo(export.planHash());
  }

  private static void write(FleetExport export, Path folder) throws IOException {
    for (Map.Entry<String, String> file : export.texts().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private static List<String> lines(PlacementInput input) {
    List<String> lines = new ArrayList<>();
    // Limits of levels that no zone has are left out; the hash of the plan tells whether any bound.
    lines.add(input.config().toBuilder().maxPerDomain(Map.of()).build().toString());
    lines.add("frozen " + input.isFrozen() + ", held " + input.isDeletionHeld());
    lines.add("debt " + input.debtBytes() + " bytes, " + input.debtReplicas() + " replicas");
    for (int worker = 0; worker < input.workerCount(); worker++) {
      lines.add(input.worker(worker).toString());
    }
    for (int chunk = 0; chunk < input.chunkCount(); chunk++) {
      lines.add(
          String.join(
              " ",
              Long.toHexString(input.keyHash(chunk)),
              Long.toString(input.sizeBytes(chunk)),
              "weight " + input.weight(chunk),
              "floor " + input.floor(chunk),
              "cap " + input.cap(chunk),
              input.eligibilityOf(chunk).toString(),
              "bits " + input.chunkBits(chunk),
              "admitted " + input.value(chunk, ChunkColumn.ADMITTED),
              "lost " + input.value(chunk, ChunkColumn.RECENTLY_LOST),
              "factor " + input.previousFactor(chunk)));
      for (int at = input.replicaStart(chunk); at < input.replicaStart(chunk + 1); at++) {
        lines.add("  on " + input.replicaWorker(at) + " bits " + input.replicaBits(at));
      }
    }
    return lines;
  }
}
