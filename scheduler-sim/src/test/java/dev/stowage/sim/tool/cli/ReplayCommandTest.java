package dev.stowage.sim.tool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.deterministic.DeterministicScheduler;
import dev.stowage.deterministic.SchedulerConfig;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.TaskTable;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.EvidenceRecord.RecordType.RecordStream;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Retention;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.evidence.files.EvidenceFile;
import dev.stowage.evidence.files.SegmentSink;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayCommandTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void replay_ofWhatAFacadeRecorded_isTheSameAgain() {
    Path file = recorded("run.evidence", 30);
    assertThat(run("replay", file.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("chain      intact").contains("led to the same");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void replay_ofACutFile_saysThatItWasNotClosedAndWithItsHeadThatTheTailIsGone()
      throws IOException {
    Path file = recorded("run.evidence", 10);
    String head = headOf(file);
    assertThat(run("replay", "--head", head, file.toString())).isEqualTo(ExitCode.OK);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThat(run("replay", "--head", head, file.toString())).isEqualTo(ExitCode.VIOLATION);
    assertThat(out.toString()).contains("not closed by its writer");
  }

  @Test
  void compare_ofARunWithItself_isEqual() {
    String file = recorded("run.evidence", 5).toString();
    assertThat(run("replay", "--compare", file, file)).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("every record is equal");
  }

  @Test
  void compare_ofTwoRuns_showsTheFirstDifferenceInWords() {
    String left = recorded("left.evidence", 5).toString();
    String right = recorded("right.evidence", 6).toString();
    assertThat(run("replay", "--compare", left, right)).isEqualTo(ExitCode.VIOLATION);
    assertThat(out.toString())
        .contains("these are different runs")
        .contains("first difference at record 26")
        .contains("expected #26 INPUT COMMAND: tick 5, command Admit ()")
        .contains("found    #26 INPUT COMMAND: tick 5, command Ingest (")
        .contains("dataset d, id chunk-5");
  }

  @Test
  void replay_ofARecordWhoseInputWasExchanged_isADifferenceEvenIfTheFileIsSound() {
    Path honest = recorded("honest.evidence", 5);
    Path forged = folder.resolve("forged.evidence");
    exchange(honest, forged, "chunk-4", "chunk-9");
    assertThat(run("replay", forged.toString())).isEqualTo(ExitCode.VIOLATION);
    assertThat(out.toString()).contains("chain      intact").contains("first difference at record");
  }

  @Test
  void replay_ofTheDeterministicRuntimesLog_isTheSameAgain() {
    Path file = folder.resolve("rounds.evidence");
    runtimeRecording(file);
    assertThat(run("replay", file.toString())).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("led to the same");
  }

  @Test
  void compare_ofARunWithItsOwnTrimmedTail_holdsWhatBothHaveAgainstEachOther() throws IOException {
    Path whole = Files.createDirectory(folder.resolve("whole"));
    Path tail = Files.createDirectory(folder.resolve("tail"));
    segments(whole, 1);
    segments(tail, 1);
    deleteFirstSegment(tail);
    String[] both = {"replay", "--compare", whole.toString(), tail.toString()};
    assertThat(run(both)).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .containsPattern("compared   from record [1-9][0-9]* on")
        .contains("every record is equal");
    assertThat(run("replay", tail.toString())).isEqualTo(ExitCode.INPUT);
    assertThat(out.toString()).contains("chain      intact");
    assertThat(err.toString()).contains("a trimmed recording cannot be replayed");
  }

  @Test
  void replay_ofInputsThatNoFacadeRecords_isUnreadableAndNoBugOfOurs() {
    byte[] word = new CanonicalWriter().u64(-1).string("no command").toBytes();
    Path honest = recorded("honest.evidence", 1);
    for (int wire : wiresOf(honest)) {
      for (boolean founded : new boolean[] {false, true}) {
        Path forged = folder.resolve("forged-" + wire + founded);
        forge(honest, forged, wire, word, founded);
        assertThat(run("replay", forged.toString())).as("type %x", wire).isEqualTo(ExitCode.INPUT);
        assertThat(err.toString()).contains("can run again").doesNotContain("bug");
      }
    }
  }

  @Test
  void replay_ofCommandsBeforeTheirFleet_isUnreadableAndNoBugOfOurs() {
    Path honest = recorded("honest.evidence", 1);
    for (int wire : wiresOf(honest)) {
      Path forged = folder.resolve("early-" + wire);
      try (EvidenceFile file = EvidenceFile.open(honest);
          EvidenceLog log = written(file.header(), forged)) {
        EvidenceRecord first = firstOf(file, wire);
        log.append(first);
      }
      int code = run("replay", forged.toString());
      assertThat(code).as("type %x", wire).isIn(ExitCode.OK, ExitCode.INPUT);
      assertThat(err.toString()).doesNotContain("bug");
    }
  }

  /** The input types that a recording holds. */
  private static Set<Integer> wiresOf(Path recording) {
    Set<Integer> wires = new TreeSet<>();
    try (EvidenceFile file = EvidenceFile.open(recording)) {
      for (EvidenceRecord record : file.records()) {
        if (record.stream() == RecordStream.INPUT) {
          wires.add(record.wire());
        }
      }
    }
    return wires;
  }

  private static EvidenceRecord firstOf(EvidenceFile file, int wire) {
    for (EvidenceRecord record : file.records()) {
      if (record.wire() == wire) {
        return record;
      }
    }
    throw new AssertionError("no record of type " + wire);
  }

  /** A sound chain in which an input of a type says something else, behind the fleet or before. */
  private static void forge(Path from, Path to, int wire, byte[] payload, boolean founded) {
    try (EvidenceFile honest = EvidenceFile.open(from);
        EvidenceLog log = written(honest.header(), to)) {
      if (founded) {
        log.append(honest.records().iterator().next());
      }
      log.append(EvidenceRecord.of(founded ? 1 : 0, wire, payload, Hash256.ZERO));
    }
  }

  @Test
  void replay_ofAFolderWithASegmentOfAnotherRun_saysWhatDiffers() throws IOException {
    Path mixed = Files.createDirectory(folder.resolve("mixed"));
    Path other = Files.createDirectory(folder.resolve("other"));
    segments(mixed, 1);
    segments(other, 2);
    try (Stream<Path> files = Files.list(other)) {
      Path last = files.max(Comparator.naturalOrder()).orElseThrow();
      Files.copy(last, mixed.resolve(last.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(run("replay", mixed.toString())).isEqualTo(ExitCode.INPUT);
    assertThat(err.toString()).contains("seed expected 1 found 2").doesNotContain("bug");
  }

  private static void segments(Path place, long seed) {
    EvidenceHeader header = EvidenceHeader.of("segments", Hash256.ZERO, seed);
    SegmentSink.Config config =
        new SegmentSink.Config(SegmentSink.Fsync.NEVER, 4_096, Retention.unlimited());
    try (EvidenceLog log =
        EvidenceLog.builder(header)
            .sink(SegmentSink.directory(place, config), SinkPolicy.block())
            .build()) {
      for (int i = 0; i < 500; i++) {
        log.append(RecordType.input(0x4000, "SAID"), new CanonicalWriter().u64(i));
      }
    }
  }

  private static void deleteFirstSegment(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      Files.delete(files.min(Comparator.naturalOrder()).orElseThrow());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replay",
        "replay a b",
        "replay --compare a",
        "replay --compare a b c",
        "replay --compare a b --head 00",
        "replay --head xyz a",
        "replay --nonsense a"
      })
  void commandLine_thatCannotBeRead_isUsage(String line) {
    assertThat(run(line.split(" ", -1))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("stowage: ").contains("--help");
  }

  @Test
  void replay_ofSomethingElse_namesTheFileAndWhatWasExpected() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no evidence at all");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    for (Path place : List.of(folder.resolve("nothing"), text, empty)) {
      assertThat(run("replay", place.toString())).isEqualTo(ExitCode.INPUT);
      assertThat(err.toString()).contains(place + ": expected ");
    }
  }

  private Path recorded(String name, int chunks) {
    Path file = folder.resolve(name);
    try (SegmentSink sink = SegmentSink.file(file, SegmentSink.Fsync.NEVER);
        Stowage stowage =
            Stowage.builder(MemoryChunkStore.builder().fixedLineages().build())
                .config(
                    StowageConfig.defaults()
                        .withFleet(LifecycleConfig.builder().minReplication(2).build()))
                .with(sink)
                .build()) {
      story(stowage, chunks);
    }
    return file;
  }

  private static void story(Stowage stowage, int chunks) {
    stowage.claim(0);
    for (String name : List.of("a", "b", "c")) {
      stowage.describe(Worker.of(WorkerId.of(name), 1 << 20), 0);
      stowage.register(WorkerId.of(name), "disk of " + name, 0);
    }
    for (int i = 0; i < chunks; i++) {
      Chunk chunk =
          Chunk.of(ChunkKey.of("d", "chunk-" + i), BlockRange.of(10L * i, 10L * i + 9), 100);
      stowage.ingest(List.of(chunk), i * SECOND);
    }
    for (int cycle = 0; cycle < 3; cycle++) {
      stowage.schedule((chunks + cycle) * SECOND);
      stowage.publish((chunks + cycle) * SECOND);
    }
  }

  private static void runtimeRecording(Path file) {
    SchedulerConfig config = SchedulerConfig.ofCores(3);
    try (EvidenceLog log = written(DeterministicScheduler.header(config, "test"), file)) {
      DeterministicScheduler scheduler =
          DeterministicScheduler.recording(config, TaskTable.EMPTY, Runnable::run, log);
      for (int id = 0; id < 20; id++) {
        scheduler.enqueue(Task.pure(id, 7L * id));
      }
      scheduler.runRound();
    }
  }

  /** Writes a sound chain over inputs in which one word stands for another of equal length. */
  private static void exchange(Path from, Path to, String word, String other) {
    try (EvidenceFile honest = EvidenceFile.open(from);
        EvidenceLog log = written(honest.header(), to)) {
      for (EvidenceRecord record : honest.records()) {
        String bytes = new String(record.payload(), StandardCharsets.ISO_8859_1);
        String said = record.stream() == RecordStream.INPUT ? bytes.replace(word, other) : bytes;
        log.append(
            EvidenceRecord.of(
                record.index(),
                record.wire(),
                said.getBytes(StandardCharsets.ISO_8859_1),
                record.hash()));
      }
    }
  }

  private static EvidenceLog written(EvidenceHeader header, Path file) {
    return EvidenceLog.builder(header)
        .sink(SegmentSink.file(file, SegmentSink.Fsync.NEVER), SinkPolicy.block())
        .build();
  }

  private static String headOf(Path file) {
    try (EvidenceFile evidence = EvidenceFile.open(file)) {
      return evidence.verify().end().hash().toString();
    }
  }

  private int run(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), false, () -> 0);
    return StowageCommand.commandLine(console, words).execute(words);
  }
}
