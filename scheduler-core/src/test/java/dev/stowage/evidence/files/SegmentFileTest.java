package dev.stowage.evidence.files;

import static dev.stowage.evidence.Runs.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stowage.evidence.Bits;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.NaiveChain;
import dev.stowage.evidence.RecordBatch;
import dev.stowage.evidence.RecordBatch.RecordBlock;
import dev.stowage.evidence.Retention;
import dev.stowage.evidence.Runs;
import dev.stowage.evidence.Runs.Draft;
import dev.stowage.evidence.Verifier.Verification;
import dev.stowage.evidence.canonical.ChainDigest;
import dev.stowage.evidence.files.EvidenceFile.FileReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentFileTest {
  @TempDir Path temp = Path.of("unset");

  private Path written(List<Draft> drafts) {
    Path file = temp.resolve("run.seg");
    SegmentSink sink = SegmentSink.file(file, SegmentSink.Fsync.NEVER);
    EvidenceLog log =
        EvidenceLog.builder(HEADER).batchRecords(7).sink(sink, SinkPolicy.block()).build();
    Runs.append(log, drafts);
    log.close();
    return file;
  }

  private static FileReport report(Path path) {
    try (EvidenceFile file = EvidenceFile.open(path)) {
      return file.verify();
    }
  }

  private static List<EvidenceRecord> whole(Path path) {
    try (EvidenceFile file = EvidenceFile.open(path)) {
      return Runs.listed(file.wholeRecords());
    }
  }

  private static long firstBad(FileReport report) {
    return report.verification() instanceof Verification.Broken broken ? broken.index() : -1;
  }

  /** Where each frame of the file starts, and behind them the end of the last record's frame. */
  private static List<Integer> frames(byte[] bytes, int records) {
    List<Integer> starts = new ArrayList<>();
    int at = SegmentFormat.headLength(bytes, 0);
    for (int i = 0; i <= records; i++) {
      starts.add(at);
      if (i < records) {
        at += SegmentFormat.FRAME_OVERHEAD + SegmentFormat.intAt(bytes, at + 10);
      }
    }
    return starts;
  }

  @Test
  void file_holdsWhatWasAppended() {
    List<Draft> drafts = Runs.drafts(1, 100, 60);
    NaiveChain naive = Runs.naive(drafts);
    Path path = written(drafts);

    try (EvidenceFile file = EvidenceFile.open(path)) {
      assertThat(file.header()).isEqualTo(HEADER);
      assertThat(Runs.listed(file.records())).isEqualTo(naive.records());
      FileReport report = file.verify(new ChainPoint(100, naive.headHash()));
      assertThat(report.isIntact()).isTrue();
      assertThat(report.closed()).isTrue();
      assertThat(report.records()).isEqualTo(100);
      assertThat(report.end()).isEqualTo(new ChainPoint(100, naive.headHash()));
      assertThat(file.verify(new ChainPoint(100, Hash256.ZERO)).isIntact()).isFalse();
      assertThat(firstBad(file.verify(new ChainPoint(120, naive.headHash())))).isEqualTo(100);
      assertThat(firstBad(file.verify(new ChainPoint(80, naive.headHash())))).isEqualTo(80);
    }
  }

  @Test
  void everySingleBit_isDetectedAndCostsOneRecordAtMost() {
    List<Draft> drafts = Runs.drafts(2, 2, 8);
    NaiveChain naive = Runs.naive(drafts);
    Path path = written(drafts);
    byte[] good = Bits.read(path);
    List<Integer> frames = frames(good, 2);
    for (int bit = frames.get(0) * 8; bit < good.length * 8; bit++) {
      Bits.write(path, Bits.flipped(good, bit));
      int at = bit >> 3;
      int victim = (int) frames.stream().filter(start -> start <= at).count() - 1;
      FileReport report = report(path);

      assertThat(firstBad(report)).as("bit %d", bit).isEqualTo(victim);
      assertThat(report.damages().get(0).offset()).isEqualTo((long) frames.get(victim));
      List<EvidenceRecord> rest = new ArrayList<>(naive.records());
      if (victim < 2) {
        rest.remove(victim);
      }
      assertThat(whole(path)).as("bit %d", bit).isEqualTo(rest);
    }
  }

  @Test
  void aBitOfEachByteOfTheHead_isRefusedWithATypedError() {
    Path path = written(Runs.drafts(2, 3, 12));
    byte[] good = Bits.read(path);
    int head = SegmentFormat.headLength(good, 0);
    for (int bit = 0; bit < head * 8; bit += 7) {
      Bits.write(path, Bits.flipped(good, bit));
      assertThatExceptionOfType(EvidenceException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> EvidenceFile.open(path));
    }
  }

  @Test
  void everyTruncation_isReportedAndWritingGoesOnBehindTheLastWholeRecord() {
    List<Draft> drafts = Runs.drafts(3, 9, 30);
    NaiveChain naive = Runs.naive(drafts);
    Path path = written(drafts);
    byte[] good = Bits.read(path);
    List<Integer> frames = frames(good, 9);
    for (int length = frames.get(0); length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      Bits.write(path, cut);
      int size = length;
      int kept = (int) frames.stream().skip(1).filter(end -> end <= size).count();
      boolean torn = frames.get(kept) != length;

      FileReport report = report(path);
      assertThat(report.closed()).isFalse();
      assertThat(report.end().index()).isEqualTo(kept);
      assertThat(firstBad(report)).isEqualTo(torn ? kept : -1);
      assertThat(whole(path)).isEqualTo(naive.records().subList(0, kept));

      SegmentSink sink = SegmentSink.file(path, SegmentSink.Fsync.NEVER);
      assertThat(sink.damages()).hasSize(torn ? 1 : 0);
      EvidenceLog log =
          EvidenceLog.builder(HEADER)
              .continuing(sink.end().orElseThrow())
              .sink(sink, SinkPolicy.block())
              .build();
      Runs.append(log, drafts.subList(kept, 9));
      log.close();
      assertThat(Bits.read(path)).as("healed after a cut at %d", length).isEqualTo(good);
    }
  }

  @Test
  void tornHead_isBegunAfresh() {
    Path path = written(List.of());
    byte[] good = Bits.read(path);
    int head = SegmentFormat.headLength(good, 0);
    for (int length = 1; length < head; length++) {
      Bits.write(path, Arrays.copyOf(good, length));
      assertThatExceptionOfType(EvidenceException.Malformed.class)
          .isThrownBy(() -> EvidenceFile.open(path));
      SegmentSink sink = SegmentSink.file(path, SegmentSink.Fsync.NEVER);
      assertThat(sink.damages()).hasSize(1);
      assertThat(sink.end()).isEmpty();
      EvidenceLog.builder(HEADER).sink(sink, SinkPolicy.block()).build().close();
      assertThat(Bits.read(path)).isEqualTo(good);
    }
  }

  @Test
  void foreignFile_isNeitherReadNorOverwritten() {
    Path path = temp.resolve("notes.txt");
    byte[] notes = "these are not the records you are looking for".getBytes(StandardCharsets.UTF_8);
    Bits.write(path, notes);

    assertThatExceptionOfType(EvidenceException.Malformed.class)
        .isThrownBy(() -> EvidenceFile.open(path));
    assertThatExceptionOfType(EvidenceException.Malformed.class)
        .isThrownBy(() -> SegmentSink.file(path, SegmentSink.Fsync.NEVER));
    assertThat(Bits.read(path)).isEqualTo(notes);
    assertThatExceptionOfType(EvidenceException.Unavailable.class)
        .isThrownBy(() -> EvidenceFile.open(temp.resolve("missing")));
    assertThatExceptionOfType(EvidenceException.Unavailable.class)
        .isThrownBy(() -> EvidenceFile.open(temp.resolve("notes.txt").resolve("below")));
  }

  @Test
  void fileOfAnotherFormat_isATypedError() {
    EvidenceHeader later = new EvidenceHeader(2, "9", Hash256.ZERO, 1, Map.of());
    Path path = temp.resolve("later.seg");
    EvidenceLog.builder(later)
        .sink(SegmentSink.file(path, SegmentSink.Fsync.NEVER), SinkPolicy.block())
        .build()
        .close();

    assertThatExceptionOfType(EvidenceException.Mismatch.class)
        .isThrownBy(() -> EvidenceFile.open(path))
        .satisfies(e ->
            assertThat(e.differences())
                .containsExactly(new HeaderDifference("formatVersion", "1", "2")));
    Path own = written(List.of());
    EvidenceHeader found = EvidenceFile.open(own).header();
    assertThat(found).isEqualTo(HEADER);
    assertThatExceptionOfType(EvidenceException.Mismatch.class)
        .isThrownBy(() -> EvidenceHeader.of("0.2.0", Hash256.ZERO, 43).requireSame(found))
        .satisfies(e ->
            assertThat(e.differences())
                .extracting(HeaderDifference::field)
                .contains("libraryVersion", "configHash", "seed"));
    byte[] bytes = Bits.read(path);
    bytes[7] = 2;
    Bits.write(path, bytes);
    assertThatExceptionOfType(EvidenceException.Malformed.class)
        .isThrownBy(() -> EvidenceFile.open(path))
        .withMessageContaining("later.seg");
  }

  private enum Change {
    SWAP,
    DROP,
    COPY,
    GARBAGE,
    ZEROES
  }

  @Test
  void framesMovedDroppedOrAdded_areFoundAtTheFirstChangedRecord() {
    List<Draft> drafts = Runs.drafts(4, 12, 25);
    Path path = written(drafts);
    byte[] good = Bits.read(path);
    List<Integer> frames = frames(good, 12);
    SplittableRandom random = new SplittableRandom(99);
    for (int i = 0; i < 400; i++) {
      Change change = Change.values()[random.nextInt(Change.values().length)];
      int at = random.nextInt(11);
      int other = at + 1 + random.nextInt(11 - at);
      byte[] before = Arrays.copyOfRange(good, 0, frames.get(at));
      byte[] victim = Arrays.copyOfRange(good, frames.get(at), frames.get(at + 1));
      byte[] between = Arrays.copyOfRange(good, frames.get(at + 1), frames.get(other));
      byte[] second = Arrays.copyOfRange(good, frames.get(other), frames.get(other + 1));
      byte[] after = Arrays.copyOfRange(good, frames.get(other + 1), good.length);
      byte[] noise = new byte[1 + random.nextInt(100)];
      if (change == Change.GARBAGE) {
        random.nextBytes(noise);
      }
      byte[] bad =
          switch (change) {
            case SWAP -> Bits.joined(before, second, between, victim, after);
            case DROP -> Bits.joined(before, between, second, after);
            case COPY -> Bits.joined(before, second, victim, between, second, after);
            case GARBAGE, ZEROES -> Bits.joined(before, noise, victim, between, second, after);
          };
      Bits.write(path, bad);
      assertThat(firstBad(report(path))).as("%s %d %d", change, at, other).isEqualTo(at);
    }
  }

  @Test
  void recordRewrittenWithItsChecksum_isFoundByTheChain() {
    List<Draft> drafts = Runs.drafts(5, 10, 25);
    Path path = written(drafts);
    byte[] good = Bits.read(path);
    List<Integer> frames = frames(good, 10);
    for (int at = 0; at < 10; at++) {
      byte[] bad = good.clone();
      int start = frames.get(at);
      int end = frames.get(at + 1);
      bad[start + 9] ^= 1;
      SegmentFormat.sealFrame(bad, start, end - 4);
      Bits.write(path, bad);

      assertThat(firstBad(report(path))).isEqualTo(at);
      assertThat(report(path).damageCount()).isEqualTo(1);
      assertThat(report(path).damages().get(0).offset()).isEqualTo(start);
    }
  }

  @Test
  void strictReading_stopsAtTheDamageAndNamesIt() {
    Path path = written(Runs.drafts(6, 10, 25));
    byte[] good = Bits.read(path);
    int start = frames(good, 10).get(4);
    Bits.write(path, Bits.flipped(good, (start + 20) * 8));
    List<Long> read = new ArrayList<>();

    try (EvidenceFile file = EvidenceFile.open(path)) {
      assertThatExceptionOfType(EvidenceException.Damaged.class)
          .isThrownBy(() -> file.records().forEach(record -> read.add(record.index())))
          .satisfies(e -> {
            assertThat(e.damage().file()).isEqualTo(path);
            assertThat(e.damage().offset()).isEqualTo(start);
            assertThat(e.damage().index()).isEqualTo(4);
          });
    }
    assertThat(read).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void directory_rollsOverAndReadsAsOneChain() {
    List<Draft> drafts = Runs.drafts(8, 500, 60);
    NaiveChain naive = Runs.naive(drafts);
    Path directory = temp.resolve("segments");
    SegmentSink.Config config =
        new SegmentSink.Config(SegmentSink.Fsync.ON_FLUSH, 4096, Retention.unlimited());
    ChainPoint at = ChainPoint.originOf(HEADER);
    for (int from = 0; from < 500; from += 100) {
      SegmentSink sink = SegmentSink.directory(directory, config);
      EvidenceLog log =
          EvidenceLog.builder(HEADER)
              .retention(Retention.unlimited())
              .continuing(sink.end().orElse(at))
              .sink(sink, SinkPolicy.block())
              .build();
      Runs.append(log, drafts.subList(from, from + 100));
      log.flush();
      at = log.point();
      log.close();
    }

    try (EvidenceFile file = EvidenceFile.open(directory)) {
      assertThat(file.files()).hasSizeGreaterThan(8);
      assertThat(file.files()).allSatisfy(f -> assertThat(Bits.read(f).length).isLessThan(4300));
      assertThat(Runs.listed(file.records())).isEqualTo(naive.records());
      assertThat(file.verify(new ChainPoint(500, naive.headHash())).isIntact()).isTrue();
    }
  }

  /** Tests a segment that cannot begin, and one whose device is full. */
  @ParameterizedTest
  @EnumSource(SegmentSink.Fsync.class)
  void segment_thatIsRefused_isBegunOnceItCanBe(SegmentSink.Fsync fsync) throws IOException {
    SegmentSink.Config config = new SegmentSink.Config(fsync, 4096, Retention.unlimited());
    List<Draft> drafts = Runs.drafts(8, 200, 60);
    Path smooth = temp.resolve("smooth");
    EvidenceLog log = logTo(smooth, config);
    Runs.append(log, drafts);
    log.close();
    List<Path> segments = EvidenceFile.segmentsIn(smooth);
    Path full = Path.of("/dev/full");
    for (boolean isFull : new boolean[] {false, true}) {
      if (isFull && !Files.exists(full)) {
        continue;
      }
      Path directory = Files.createDirectory(temp.resolve("refused" + isFull));
      EvidenceLog refused = logTo(directory, config);
      Path second = directory.resolve(segments.get(1).getFileName());
      if (isFull) {
        Files.createSymbolicLink(second, full);
      } else {
        Files.createDirectory(second);
      }
      Runs.append(refused, drafts);
      for (int time = 0; time < 2; time++) {
        assertThatExceptionOfType(EvidenceException.SinkFailed.class)
            .isThrownBy(refused::flush)
            .withCauseInstanceOf(EvidenceException.Unavailable.class)
            .havingCause()
            .withMessageContaining(second.toString());
      }
      Files.delete(second);
      refused.close();
      for (Path segment : segments) {
        assertThat(directory.resolve(segment.getFileName())).hasSameBinaryContentAs(segment);
      }
    }
  }

  private static EvidenceLog logTo(Path directory, SegmentSink.Config config) {
    return EvidenceLog.builder(HEADER)
        .sink(SegmentSink.directory(directory, config), SinkPolicy.block())
        .build();
  }

  @Test
  void missingSegment_isDamageAtItsFirstRecord() {
    Path directory = temp.resolve("segments");
    SegmentSink.Config config =
        new SegmentSink.Config(SegmentSink.Fsync.NEVER, 4096, Retention.unlimited());
    List<Draft> drafts = Runs.drafts(8, 500, 60);
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .sink(SegmentSink.directory(directory, config), SinkPolicy.block())
            .build();
    Runs.append(log, drafts);
    log.close();
    List<Path> files = EvidenceFile.segmentsIn(directory);
    long missing = Long.parseLong(files.get(2).getFileName().toString().substring(9, 28));
    assertThat(files.get(2).toFile().delete()).isTrue();

    assertThat(firstBad(report(directory))).isEqualTo(missing);
    assertThat(report(directory).damageCount()).isEqualTo(1);
    assertThat(files.get(0).toFile().delete()).isTrue();
    assertThat(files.get(1).toFile().delete()).isTrue();
    assertThat(report(directory).isIntact()).as("a trimmed front is no damage").isTrue();
  }

  @Test
  void directoryRetention_deletesWholeSegmentsAndTheRestVerifies() {
    Path directory = temp.resolve("segments");
    for (Retention retention :
        List.of(Retention.records(120), Retention.DEFAULT.withMaxBytes(14_000))) {
      Path target = directory.resolve("r" + retention.maxRecords());
      SegmentSink sink =
          SegmentSink.directory(
              target, new SegmentSink.Config(SegmentSink.Fsync.NEVER, 4096, retention));
      EvidenceLog log = EvidenceLog.builder(HEADER).sink(sink, SinkPolicy.block()).build();
      List<Draft> drafts = Runs.drafts(8, 1000, 60);
      Runs.append(log, drafts);
      log.close();

      try (EvidenceFile file = EvidenceFile.open(target)) {
        FileReport report = file.verify(new ChainPoint(1000, Runs.naive(drafts).headHash()));
        assertThat(report.isIntact()).isTrue();
        assertThat(file.start().index()).isGreaterThan(800);
        assertThat(report.records()).isLessThanOrEqualTo(200).isGreaterThan(60);
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new SegmentSink.Config(
                SegmentSink.Fsync.NEVER, 4096, Retention.DEFAULT.withMaxAgeTicks(4)));
  }

  @Test
  void logOfAnotherRun_isRefusedNamingWhatDiffers() {
    Path path = written(Runs.drafts(1, 5, 5));
    SegmentSink sink = SegmentSink.file(path, SegmentSink.Fsync.NEVER);
    ChainPoint end = sink.end().orElseThrow();
    EvidenceHeader other = EvidenceHeader.of("0.1.0", HEADER.configHash(), 43);

    assertThatExceptionOfType(EvidenceException.Mismatch.class)
        .isThrownBy(() -> sink.begin(other, end))
        .satisfies(e ->
            assertThat(e.differences()).containsExactly(new HeaderDifference("seed", "42", "43")));
    assertThatExceptionOfType(EvidenceException.Broken.class)
        .isThrownBy(() -> sink.begin(HEADER, ChainPoint.originOf(HEADER)));
    assertThatExceptionOfType(EvidenceException.Broken.class)
        .isThrownBy(() -> sink.begin(HEADER, new ChainPoint(end.index(), Hash256.ZERO)));
    assertThatExceptionOfType(EvidenceException.Unavailable.class)
        .as("two writers")
        .isThrownBy(() -> SegmentSink.file(path, SegmentSink.Fsync.NEVER));
    sink.close();
  }

  @Test
  void logThatStartsBehindTheEnd_leavesAVisibleGap() {
    List<Draft> drafts = Runs.drafts(1, 30, 20);
    NaiveChain naive = Runs.naive(drafts);
    Path path = written(drafts.subList(0, 10));
    SegmentSink sink = SegmentSink.file(path, SegmentSink.Fsync.NEVER);
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .continuing(new ChainPoint(15, naive.hashAfter(15)))
            .sink(sink, SinkPolicy.block())
            .build();
    Runs.append(log, drafts.subList(15, 30));
    log.close();

    FileReport report = report(path);
    assertThat(firstBad(report)).isEqualTo(10);
    assertThat(report.damageCount()).isEqualTo(1);
    assertThat(report.damages().get(0).found()).contains("gap", "14");
    assertThat(report.end()).isEqualTo(new ChainPoint(30, naive.headHash()));
    assertThat(report.closed()).isTrue();
    assertThat(whole(path)).hasSize(25).last().isEqualTo(naive.records().get(29));
  }

  @Test
  void anyMixOfDamage_costsOnlyTheRecordsItTouchesAndWritingGoesOn() {
    List<Draft> drafts = Runs.drafts(12, 40, 40);
    NaiveChain naive = Runs.naive(drafts);
    Path path = written(drafts.subList(0, 30));
    byte[] good = Bits.read(path);
    List<Integer> frames = frames(good, 30);
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 40; round++) {
      byte[] bad = good.clone();
      boolean[] touched = new boolean[31];
      for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
        int from = frames.get(0) + random.nextInt(good.length - frames.get(0));
        int to = Math.min(good.length, from + 1 + random.nextInt(120));
        for (int at = from; at < to; at++) {
          bad[at] ^= (byte) (1 + random.nextInt(255));
          int place = at;
          touched[(int) frames.stream().filter(start -> start <= place).count() - 1] = true;
        }
      }
      Bits.write(path, bad);
      List<EvidenceRecord> expected =
          naive.records().subList(0, 30).stream().filter(r -> !touched[(int) r.index()]).toList();

      assertThat(whole(path)).as("round %d", round).isEqualTo(expected);
      assertThat(report(path).isIntact()).isFalse();
      assertThat(report(path).damageCount()).isPositive();

      SegmentSink sink = SegmentSink.file(path, SegmentSink.Fsync.NEVER);
      ChainPoint end = sink.end().orElseThrow();
      EvidenceLog log =
          EvidenceLog.builder(HEADER).continuing(end).sink(sink, SinkPolicy.block()).build();
      Runs.append(log, drafts.subList((int) end.index(), 40));
      log.close();
      assertThat(report(path).end()).isEqualTo(new ChainPoint(40, naive.headHash()));
      assertThat(report(path).closed()).isTrue();
      assertThat(whole(path).stream().filter(r -> r.index() < end.index())).isEqualTo(expected);
    }
  }

  @Test
  void batchOfferedAgain_isWrittenOnce() {
    List<Draft> drafts = Runs.drafts(1, 10, 20);
    RecordBlock block = new RecordBlock(0, 10, 4096);
    drafts.forEach(d -> block.add(d.type().wire(), d.payload(), 0, d.payload().length));
    byte[] head = HEADER.hash().toBytes();
    block.hash(ChainDigest.sha256(), head);
    Path path = temp.resolve("again.seg");
    SegmentSink sink = SegmentSink.file(path, SegmentSink.Fsync.NEVER);
    sink.begin(HEADER, ChainPoint.originOf(HEADER));
    for (int[] span : new int[][] {{0, 4}, {0, 4}, {2, 4}, {0, 7}, {7, 10}, {3, 10}}) {
      sink.accept(new RecordBatch(block, span[0], span[1]));
    }
    sink.close();

    assertThat(whole(path)).isEqualTo(Runs.naive(drafts).records());
    assertThat(report(path).isIntact()).isTrue();
  }

  @Test
  void unchainedFile_isReadButNotCalledIntact() {
    Path path = temp.resolve("plain.seg");
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .unchained()
            .sink(SegmentSink.file(path, SegmentSink.Fsync.NEVER), SinkPolicy.block())
            .build();
    Runs.append(log, Runs.drafts(1, 30, 20));
    log.close();

    assertThat(report(path).verification()).isEqualTo(new Verification.Unchained(30));
    assertThat(report(path).isIntact()).isFalse();
  }

  /** Each 14 bytes claim to be the head of a frame that reaches almost to the end of the file. */
  @Test
  void search_amongBytesThatLookLikeFrames_isGivenUp_andCostsAMultipleOfTheFile()
      throws IOException {
    long small = searchedAmongForgedHeads(1 << 16);
    long large = searchedAmongForgedHeads(1 << 18);
    assertThat(large).isLessThan(6 * small);
  }

  private long searchedAmongForgedHeads(int size) throws IOException {
    Path path = written(Runs.drafts(3, 1, 12));
    byte[] good = Bits.read(path);
    byte[] bytes = Arrays.copyOf(good, size);
    for (int at = good.length; at + 14 <= size; at += 14) {
      ByteBuffer.wrap(bytes).putInt(at + 10, Math.max(0, size - at) / 2);
    }
    Bits.write(path, bytes);
    try (SegmentScanner scanner = SegmentScanner.open(FileWindow.open(path))) {
      String told = "";
      while (scanner.next() != SegmentScanner.Step.EOF) {
        told = scanner.damage().map(EvidenceException.Damage::found).orElse(told);
      }
      assertThat(told).endsWith("the search was given up");
      Files.delete(path);
      return scanner.searched();
    }
  }
}
