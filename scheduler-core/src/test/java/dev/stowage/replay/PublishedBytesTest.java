package dev.stowage.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.WeightPolicy;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.contract.CommandSamples;
import dev.stowage.engine.EngineRecords;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.shape.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Pins the published bytes: each kind of command, the subject of its record of evidence, the
 * numbers of records, and the records of a content scheduler. Documents are in {@code
 * GoldenDocumentsTest}. To change a format on purpose, copy {@code target/published-bytes.list},
 * which every run of this test writes, over the resource.
 */
class PublishedBytesTest {
  private static final String RESOURCE = "published-bytes.list";

  private static final ChunkKey KEY = ChunkKey.of("d", "水\"");
  private static final WorkerId WORKER = WorkerId.of("w");
  private static final ReportHeader HEADER =
      new ReportHeader(WORKER, Incarnation.of(2), Lineage.of(-3), 4);
  private static final List<ChunkNumber> NUMBERS =
      List.of(new ChunkNumber(Lineage.of(-3), 5), new ChunkNumber(Lineage.of(7), 1L << 40));
  private static final Eligibility ELIGIBILITY =
      new Eligibility(new WorkerVersion(1, 2, 3), Labels.of("ssd"));
  private static final List<ProposedChunk> CHUNKS =
      List.of(
          new ProposedChunk(KEY, 1, 2, 3, OptionalInt.empty(), Eligibility.ANY),
          new ProposedChunk(ChunkKey.of("e", "c"), -1, 9, 8, OptionalInt.of(7), ELIGIBILITY));

  private static Command<?> described(String zone, WorkerVersion version, int maxReplicas) {
    return new Command.Describe(
        WORKER,
        Shape.of(Worker.Description.class)
            .draft(Worker.Description.of(1, zone))
            .with("version", version)
            .with("labels", Labels.of("ssd"))
            .with("max_replicas", maxReplicas)
            .row());
  }

  /** A command of every kind, and one for every field that those leave at its default. */
  static List<Command<?>> commands() {
    List<Command<?>> commands = new ArrayList<>(CommandSamples.small());
    commands.addAll(
        List.of(
            new Command.Configure(1, config()),
            new Command.Ingest(CHUNKS),
            new Command.Heartbeat(HEADER, Optional.of(new PressureSnapshot(0.25, 0.5, 0.75, 1, 5))),
            new Command.Lost(HEADER, NUMBERS),
            described("eu/hall", new WorkerVersion(1, 2, 3), Worker.UNLIMITED),
            described("", WorkerVersion.ZERO, 2),
            new Command.Wish(PlacementWish.of(PlacementWish.Kind.PIN, KEY, WORKER), 1),
            new Command.Wish(
                PlacementWish.of(PlacementWish.Kind.BAN, DatasetId.of("d"), WORKER), 1),
            new LeaderCommand.Schedule(
                advice().withScores(List.of(new PlanningAdvice.Score(KEY, WORKER, 1_000_000)))),
            new LeaderCommand.Publish(1).withWaiting(List.of(WORKER)),
            new LeaderCommand.SetAside(
                1, Optional.of(WORKER), 2, Optional.of("disk"), Hash256.ZERO, "why")));
    return commands;
  }

  private static PlanningAdvice advice() {
    return new PlanningAdvice(
        List.of(new PlanningAdvice.Intent(KEY, WORKER, WorkerId.of("x"))),
        List.of(WORKER),
        List.of(KEY),
        4);
  }

  /** Each number is another one. */
  private static LifecycleConfig config() {
    WeightPolicy weights =
        WeightPolicy.builder()
            .segment(
                DatasetId.of("d"),
                new WeightPolicy.Segment(
                    25, 26, OptionalInt.of(27), OptionalInt.of(28), ELIGIBILITY))
            .build();
    PlacementConfig placement =
        new PlacementConfig(
            30,
            Spread.ZONE,
            31,
            FactorMode.SMOOTH,
            32,
            new MovementBudget(33, 34, 35, 36),
            new TreeMap<>(Map.of(1, 38, 2, 39)),
            Map.of());
    return LifecycleConfig.builder()
        .minReplication(1)
        .maxReplication(2)
        .drainWindowTicks(11)
        .suspectAfterTicks(12)
        .departAfterTicks(13)
        .regrowAfterTicks(14)
        .giveUpAfterTicks(15)
        .lineagePauseTicks(16)
        .orphanAfterTicks(17)
        .retention(new RetentionHorizons(18, 19, 20, 21))
        .maxWaitingBytes(22)
        .maxWaitingChunks(23)
        .maxChunksPerCycle(24)
        .confirmation(ConfirmationPolicy.quorum(40))
        .gates(Gates.NONE)
        .weights(weights)
        .placement(placement)
        .maxStepTicks(41)
        .allowedSkewTicks(42)
        .departureGuardMillionths(43)
        .massDeletionMillionths(44)
        .unchecked();
  }

  @Test
  void bytes_areThePublishedOnes() throws IOException {
    List<String> found = new ArrayList<>();
    for (Command<?> command : commands()) {
      byte[] bytes = CommandCodec.toBytes(command);
      assertThat(CommandCodec.fromBytes(bytes)).isEqualTo(command);
      found.add("command " + CommandKind.kindOf(command) + " " + hex(bytes));
      found.add("subjects of " + CommandKind.kindOf(command) + subjects(command));
    }
    records(EngineReplay.catalog(), found);
    PartReplay.kinds().stream()
        .filter(kind -> kind.name().startsWith("deterministic"))
        .forEach(kind -> records(kind.records().catalog(), found));
    content(found);
    Files.write(Path.of("target", RESOURCE), found);

    try (InputStream in = getClass().getResourceAsStream(RESOURCE)) {
      String pinned =
          new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(found).isEqualTo(pinned.lines().toList());
    }
  }

  private static String subjects(Command<?> command) {
    Explained explained = EngineReplay.catalog().explain(recorded(command));
    StringBuilder subjects = new StringBuilder();
    explained.subjects().forEach(it -> subjects.append(' ').append(it.kind() + " " + it.id()));
    return subjects.toString();
  }

  static EvidenceRecord recorded(Command<?> command) {
    CanonicalWriter payload = new CanonicalWriter();
    RecordType type =
        EngineRecords.ALL.write(new EngineRecords.Executed(Tick.of(7), command), payload);
    return EvidenceRecord.of(0, type.wire(), payload.toBytes(), Hash256.ZERO);
  }

  private static void records(RecordCatalog catalog, List<String> lines) {
    catalog
        .types()
        .forEach(type ->
            lines.add(String.format(Locale.ROOT, "record %04x %s", type.wire(), type.name())));
  }

  /** Adds the records of a content scheduler for one item that goes out, and for one that fails. */
  private static void content(List<String> lines) {
    ContentConfig config = ContentConfig.DEFAULT;
    EvidenceLog log = EvidenceLog.of(ContentScheduler.header(config, "any"));
    ContentScheduler scheduler = ContentScheduler.recording(config, log);
    ContentItem item = ContentItem.of(1, PriorityClass.REPAIR, 1_000, 3, 4).inStream(5);
    scheduler.schedule(item.with(ItemDetails.NONE.withDeadline(1L << 40)), 6);
    scheduler.decide(7);
    scheduler.fail(1, "lost", 8);
    scheduler.decide(1L << 39);
    scheduler.complete(1);
    scheduler.schedule(ContentItem.of(2, PriorityClass.DATA, 10, 0, 0), 1L << 39);
    scheduler.cancel(2);
    for (EvidenceRecord record : log.records()) {
      lines.add(String.format(Locale.ROOT, "content %04x ", record.wire()) + hex(record.payload()));
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
