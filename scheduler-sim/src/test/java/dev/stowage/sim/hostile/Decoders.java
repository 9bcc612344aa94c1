package dev.stowage.sim.hostile;

import dev.stowage.Stowage;
import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.SignedHead;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.evidence.files.EvidenceFile;
import dev.stowage.evidence.files.SegmentSink;
import dev.stowage.evidence.numbers.NumbersForm;
import dev.stowage.lifecycle.FormerFloor;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Moved;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.documents.DocumentException;
import dev.stowage.lifecycle.documents.DocumentFormat;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.pressure.PressureSnapshot.Resource;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.replay.EngineReplay;
import dev.stowage.shape.Shape;
import dev.stowage.sim.hostile.Conversation.Said;
import dev.stowage.sim.kit.scenario.Scenario;
import dev.stowage.sim.kit.scenario.ScenarioProblems;
import dev.stowage.sim.tool.catalogue.CatalogueReader;
import dev.stowage.sim.tool.csv.BadInputException;
import dev.stowage.sim.tool.plan.PlanFiles;
import dev.stowage.sim.tool.plan.PlanReader;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.StorageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The one list of decoders of bytes from outside. */
final class Decoders {
  private static final long FILE_BUFFERS = 1 << 20;

  /** The bytes of a client that hears a talk again. */
  private static final long TALK = 512 << 10;

  private Decoders() {}

  static List<Decoder> all() {
    List<Decoder> all = new ArrayList<>();
    List<byte[]> commands = published("command ");
    all.add(
        Decoder.binary(
                "commands",
                commands,
                bytes -> {
                  Command<?> read = CommandCodec.fromBytes(bytes);
                  byte[] written = CommandCodec.toBytes(read);
                  requireCanonical(written, CommandCodec.toBytes(CommandCodec.fromBytes(written)));
                })
            .refusingBy(EvidenceException.Malformed.class));
    all.add(
        Decoder.binary("configurations", configurations(commands), Decoders::configuration)
            .refusingBy(EvidenceException.Malformed.class));
    all.add(
        Decoder.binary("numbers", numbers(), NumbersForm.ANY::fromBytes)
            .refusingBy(EvidenceException.Malformed.class));
    for (DocumentFormat format : DocumentFormat.values()) {
      all.addAll(documents(format));
      all.addAll(messages(format));
    }
    all.addAll(evidence());
    all.addAll(kept());
    all.add(
        Decoder.binary(
                "saved memory stores",
                List.of(savedStore(1), savedStore(8)),
                bytes -> MemoryChunkStore.builder().load(new ByteArrayInputStream(bytes)))
            .refusingBy(StorageException.Corrupt.class)
            .sealedBy(Seals::savedStore));
    all.addAll(files());
    return all;
  }

  private static void requireCanonical(byte[] read, byte[] written) {
    if (!Arrays.equals(read, written)) {
      throw new AssertionError("other bytes are written than were read");
    }
  }

  // ---- commands and what is in them ----

  private static List<byte[]> published(String prefix) {
    return text("/dev/stowage/replay/published-bytes.list")
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> HexFormat.of().parseHex(line.substring(line.lastIndexOf(' ') + 1)))
        .toList();
  }

  private static List<byte[]> configurations(List<byte[]> commands) {
    List<byte[]> all = new ArrayList<>();
    all.add(row(LifecycleConfig.defaults()));
    for (byte[] each : commands) {
      if (CommandCodec.fromBytes(each) instanceof Command.Configure configure) {
        all.add(row(configure.config()));
      }
    }
    return all;
  }

  private static byte[] row(LifecycleConfig config) {
    return new CanonicalWriter().row(Shape.of(LifecycleConfig.class), config).toBytes();
  }

  private static void configuration(byte[] bytes) {
    CanonicalReader in = CanonicalReader.of(bytes);
    LifecycleConfig read = in.row(Shape.of(LifecycleConfig.class));
    in.end();
    requireCanonical(bytes, row(read));
  }

  private static List<byte[]> numbers() {
    return Stream.of(1, 40, 2_000)
        .map(count ->
            LongStream.rangeClosed(1, count)
                .mapToObj(each -> new ChunkNumber(Lineage.of(1 + each * 2 / count), each * each))
                .toList())
        .map(NumbersForm.ANY::toBytes)
        .toList();
  }

  // ---- documents and messages ----

  private static List<Decoder> documents(DocumentFormat format) {
    boolean isText = format == DocumentFormat.JSON;
    return List.of(
        Decoder.of(
                in("slices", format),
                isText,
                golden("worker-assignment", format),
                folder -> bytes -> format.readSlice(bytes).header() != null)
            .refusingBy(DocumentException.class),
        Decoder.of(
                in("routes", format),
                isText,
                golden("portal-assignment", format),
                folder -> bytes -> format.readRoutes(bytes).lineage() != null)
            .refusingBy(DocumentException.class));
  }

  private static String in(String what, DocumentFormat format) {
    return what + (format == DocumentFormat.JSON ? " in JSON" : "");
  }

  private static List<byte[]> golden(String name, DocumentFormat format) {
    String folder = "/dev/stowage/lifecycle/golden/";
    List<byte[]> all = new ArrayList<>();
    for (String each : List.of(name, name + "-delta")) {
      if (format == DocumentFormat.JSON) {
        all.add(text(folder + each + ".json").strip().getBytes(StandardCharsets.UTF_8));
      } else {
        String hex = text(folder + each + ".hex").replaceAll("(?m)#.*$|\\s", "");
        all.add(HexFormat.of().parseHex(hex));
      }
    }
    return all;
  }

  private static List<Decoder> messages(DocumentFormat format) {
    boolean isText = format == DocumentFormat.JSON;
    Conversation talk = Conversation.in(format);
    List<byte[]> requests =
        Stream.concat(talk.ofWorker.stream(), talk.ofPortal.stream())
            .map(said -> plain(said.request(), format))
            .toList();
    List<Decoder> all = new ArrayList<>();
    all.add(
        Decoder.of(
                in("requests of clients", format),
                isText,
                requests,
                folder -> Conversation.in(format)::takes)
            .sealedBy(isText ? bytes -> bytes : Seals::envelope)
            .allocating(TALK, 256));
    all.add(answers("worker", Conversation.worker(), format, talk.ofWorker));
    all.add(answers("portal", Conversation.portal(), format, talk.ofPortal));
    if (!isText) {
      all.add(
          Decoder.of(
                  "memories of clients",
                  false,
                  List.of(talk.memory()),
                  folder -> Conversation::remembers)
              .sealedBy(Seals::envelope));
    }
    return all;
  }

  /**
   * Returns the decoder of the answers to a client: the first byte of an input chooses a place in
   * its talk, the others are the answer there.
   */
  private static Decoder answers(
      String client, Conversation.Maker maker, DocumentFormat format, List<Said> talk) {
    Map<String, Integer> times = new LinkedHashMap<>();
    List<Integer> places = new ArrayList<>();
    List<byte[]> samples = new ArrayList<>();
    for (int at = 0; at < talk.size(); at++) {
      if (times.merge(talk.get(at).name(), 1, Integer::sum) <= 2) {
        samples.add(placed(places.size(), plain(talk.get(at).answer(), format)));
        places.add(at);
      }
    }
    List<String> honest = new ArrayList<>();
    for (int place = 0; place < places.size(); place++) {
      byte[] answer = answer(samples.get(place));
      honest.add(Conversation.stateAfter(maker, format, talk, places.get(place), answer));
    }
    return Decoder.of(
            in("answers to a " + client, format),
            format == DocumentFormat.JSON,
            samples,
            folder ->
                bytes -> {
                  int place = bytes.length == 0 ? 0 : (bytes[0] & 0xFF) % places.size();
                  int at = places.get(place);
                  return Conversation.stateAfter(maker, format, talk, at, answer(bytes))
                      .equals(honest.get(place));
                })
        .sealedBy(bytes ->
            format == DocumentFormat.JSON || bytes.length == 0
                ? bytes
                : placed(bytes[0], Seals.envelope(answer(bytes))))
        .allocating(TALK, 256);
  }

  private static byte[] placed(int place, byte[] answer) {
    return ByteBuffer.allocate(1 + answer.length).put((byte) place).put(answer).array();
  }

  private static byte[] answer(byte[] placed) {
    return Arrays.copyOfRange(placed, Math.min(1, placed.length), placed.length);
  }

  /** Returns a document without a checksum if it may have none. */
  private static byte[] plain(byte[] document, DocumentFormat format) {
    if (format == DocumentFormat.BINARY) {
      return document;
    }
    String text = new String(document, StandardCharsets.UTF_8);
    return (text.substring(0, text.lastIndexOf(",\"crc\"")) + "}").getBytes(StandardCharsets.UTF_8);
  }

  // ---- evidence ----

  private static List<Decoder> evidence() {
    byte[] segment;
    List<byte[]> records = new ArrayList<>();
    EvidenceHeader header;
    ChainPoint head;
    try {
      Path folder = Files.createTempDirectory("hostile");
      Path file = folder.resolve("run.seg");
      try (SegmentSink sink = SegmentSink.file(file, SegmentSink.Fsync.NEVER)) {
        if (Scenario.parse("recorded", RECORDED).recordedBy(sink).run().isPresent()) {
          throw new AssertionError("the scenario fails");
        }
      }
      segment = Files.readAllBytes(file);
      try (EvidenceFile written = EvidenceFile.open(file)) {
        header = written.header();
        head = written.verify().end();
        for (EvidenceRecord each : written.records()) {
          records.add(wired(each));
        }
      }
      Files.delete(file);
      Files.delete(folder);
    } catch (IOException | ScenarioProblems failed) {
      throw new IllegalStateException(failed);
    }
    byte[] signed = SignedHead.sign(header, head, message -> new byte[] {1, 2, 3}).encode();
    return List.of(
        Decoder.binary(
                "headers of evidence",
                List.of(header.encode()),
                bytes -> requireCanonical(bytes, EvidenceHeader.decode(bytes).encode()))
            .refusingBy(EvidenceException.Malformed.class)
            .refusingBy(EvidenceException.Mismatch.class),
        Decoder.binary(
                "signed heads",
                List.of(signed),
                bytes -> requireCanonical(bytes, SignedHead.decode(bytes).encode()))
            .refusingBy(EvidenceException.Malformed.class),
        Decoder.of("records of evidence", false, records, folder -> Decoders::explain),
        Decoder.of(
                "segments of evidence",
                false,
                List.of(segment),
                folder -> bytes -> verify(folder, bytes))
            .refusingBy(EvidenceException.Malformed.class)
            .refusingBy(EvidenceException.Mismatch.class)
            .sealedBy(Seals::segment)
            .allocating(FILE_BUFFERS, 64),
        Decoder.of(
                "segments of evidence to continue",
                false,
                List.of(segment),
                folder -> bytes -> reopen(folder, bytes))
            .refusingBy(EvidenceException.class)
            .sealedBy(Seals::segment)
            .allocating(FILE_BUFFERS, 64));
  }

  private static byte[] wired(EvidenceRecord record) {
    byte[] payload = record.payload();
    return ByteBuffer.allocate(2 + payload.length)
        .putShort((short) record.wire())
        .put(payload)
        .array();
  }

  private static final String RECORDED =
      """
      worker a capacity=10MiB
      ingest d/c 0-99 size=1MiB
      schedule
      fetch a
      publish
      """;

  private static final RecordCatalog CATALOG = EngineReplay.catalog();

  private static boolean explain(byte[] bytes) {
    if (bytes.length < 2) {
      return false;
    }
    int wire = ByteBuffer.wrap(bytes).getShort() & 0xFFFF;
    byte[] payload = Arrays.copyOfRange(bytes, 2, bytes.length);
    String text = CATALOG.explain(EvidenceRecord.of(0, wire, payload, Hash256.ZERO)).text();
    return !text.startsWith("unreadable payload (") && !text.startsWith("unknown type");
  }

  private static boolean verify(Path folder, byte[] bytes) throws IOException {
    Path file = fresh(folder.resolve("run.seg"), bytes);
    try (EvidenceFile evidence = EvidenceFile.open(file)) {
      evidence.wholeRecords().forEach(each -> each.payload());
      return evidence.verify().damageCount() == 0;
    }
  }

  private static boolean reopen(Path folder, byte[] bytes) throws IOException {
    Path file = fresh(folder.resolve("run.seg"), bytes);
    try (SegmentSink sink = SegmentSink.file(file, SegmentSink.Fsync.NEVER)) {
      return sink.damages().isEmpty();
    }
  }

  // ---- what parts keep in a store ----

  private static List<Decoder> kept() {
    WorkerId a = WorkerId.of("a");
    MoveRecord move =
        new MoveRecord(
            new ChunkNumber(Lineage.of(7), 1),
            a,
            WorkerId.of("b"),
            100,
            3,
            MoveRecord.Phase.COPYING,
            0,
            9,
            List.of(a),
            "why");
    return List.of(
        kept(KeptValue.MOVES, List.of(move, move)),
        kept(KeptValue.REBALANCERS, List.of(RebalanceConfig.defaults())),
        kept(KeptValue.AVOIDED, List.of(new AvoidList.Entry(a, "why", 1, 9))),
        kept(
            KeptValue.OBSERVED_PRESSURE,
            new ObservedPressure(PressureBand.HIGH, Resource.DISK, 93, 4)),
        kept(KeptValue.PURGED_LIVES, 4L),
        kept(
            KeptValue.MOVED,
            new Moved(
                List.of(new Moved.Stream(Moved.ALL, 1, 4, 2, 20, List.of(new Moved.Sample(1, 10)))),
                true)),
        kept(KeptValue.HOLD_OVER, true),
        kept(KeptValue.FORMER_FLOORS, List.of(new FormerFloor(DatasetId.of("d"), 0, 2))));
  }

  private static <T> Decoder kept(KeptValue<T> value, T sample) {
    byte[] bytes = value.with(sample).content();
    return Decoder.binary(
            value.kind(), List.of(bytes), read -> value.of(new Annex(value.kind(), read)))
        .refusingBy(IllegalArgumentException.class);
  }

  // ---- saved states ----

  private static byte[] savedStore(int rounds) {
    MemoryChunkStore store = MemoryChunkStore.builder().fixedLineages().leaseClock(() -> 0).build();
    Stowage stowage = SmallFleet.facade(store, "leader");
    SmallFleet fleet = new SmallFleet(stowage);
    stowage.claim(fleet.now());
    fleet.join(1_000, "a", "b", "c");
    for (int i = 0; i < rounds; i++) {
      fleet.ingest(SmallFleet.chunk("c" + i, 10L * i));
      fleet.round();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      store.save(bytes);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return bytes.toByteArray();
  }

  // ---- files of users ----

  private static final String WORKERS =
      """
      worker_id,capacity_bytes,zone,version,labels,max_replicas,status
      mirror-1,1000000,east/a,1.2.0,ssd;new,10,active
      "mirror,2",1000000,west/b,1.2.0,,,leaving
      mirror-3,2000000,west/c,,ssd,,active
      """;
  private static final String CHUNKS =
      """
      dataset,chunk_id,first_block,last_block,size_bytes,weight,min_version,labels,visible,replaces
      logs,mon,0,99,300000,1,,,true,
      logs,tue,100,199,300000,1,1.2.0,ssd,true,
      logs,"wed 2",100,199,200000,4,,,false,tue
      """;
  private static final String HELD =
      """
      dataset,chunk_id,worker_id,state,possessed
      logs,mon,mirror-1,assigned,true
      logs,mon,mirror-3,assigned,true
      """;
  private static final String PLAN =
      """
      # rules
      min_replication: 2
      max_replication: none
      saturation: 0.60
      movement_budget_replicas: 10
      pins:
        - logs/mon@mirror-1
      bans: ["logs/tue@mirror,2"]
      """;
  private static final String CATALOGUE =
      """
      dataset,chunk_id,first_block,last_block,size_bytes,weight,priority
      d,a,0,9,10,1,
      d,b,10,19,10,,required
      "e é",a,0,9,10,,
      """;
  private static final String CORRECTIONS =
      """
      dataset,old_chunk_id,new_chunk_id,first_block,last_block,size_bytes
      d,a,a2,0,9,11
      d,a2,a3,0,9,12
      """;

  private static List<Decoder> files() {
    List<Decoder> all = new ArrayList<>();
    Map<String, String> plan =
        Map.of("workers.csv", WORKERS, "chunks.csv", CHUNKS, "held.csv", HELD, "plan.yaml", PLAN);
    for (String name : List.of("workers.csv", "chunks.csv", "held.csv", "plan.yaml")) {
      String text = Objects.requireNonNull(plan.get(name));
      all.add(
          Decoder.of(
                  name + " of a plan",
                  true,
                  List.of(bytes(text)),
                  folder -> {
                    for (Map.Entry<String, String> each : plan.entrySet()) {
                      Files.write(folder.resolve(each.getKey()), bytes(each.getValue()));
                    }
                    return input -> plan(folder, folder.resolve(name), input);
                  })
              .refusingBy(BadInputException.class)
              .allocating(4 * FILE_BUFFERS, 256));
    }
    for (boolean isCorrection : new boolean[] {false, true}) {
      all.add(
          Decoder.of(
                  isCorrection ? "corrections of a catalogue" : "chunks of a catalogue",
                  true,
                  List.of(bytes(isCorrection ? CORRECTIONS : CATALOGUE)),
                  folder -> {
                    Path chunks = Files.write(folder.resolve("chunks.csv"), bytes(CATALOGUE));
                    Path corrections =
                        Files.write(folder.resolve("corrections.csv"), bytes(CORRECTIONS));
                    Path changed = isCorrection ? corrections : chunks;
                    return input -> {
                      fresh(changed, input);
                      CatalogueReader.read(
                          chunks, Optional.of(corrections).filter(it -> isCorrection));
                      return true;
                    };
                  })
              .refusingBy(BadInputException.class)
              .allocating(4 * FILE_BUFFERS, 256));
    }
    all.add(
        Decoder.of(
                "scenarios",
                true,
                Stream.of("00-example", "114-an-idle-fleet-writes-nothing")
                    .map(name -> bytes(scenarioText(name)))
                    .toList(),
                folder ->
                    input -> {
                      Scenario.read(fresh(folder.resolve("scenario.txt"), input));
                      return true;
                    })
            .refusingBy(ScenarioProblems.class)
            .allocating(FILE_BUFFERS, 256));
    return all;
  }

  /** Writes a new file: some file systems wait for the disk where an old one is cut and written. */
  private static Path fresh(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    return Files.write(file, bytes);
  }

  private static boolean plan(Path folder, Path changed, byte[] input) throws Exception {
    fresh(changed, input);
    PlanReader.read(
        new PlanFiles(
            folder.resolve("workers.csv"),
            folder.resolve("chunks.csv"),
            Optional.of(folder.resolve("held.csv")),
            Optional.of(folder.resolve("plan.yaml"))));
    return true;
  }

  private static String scenarioText(String name) {
    return text("/dev/stowage/sim/scenarios/" + name + ".txt");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(String resource) {
    try (InputStream in = Decoders.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
