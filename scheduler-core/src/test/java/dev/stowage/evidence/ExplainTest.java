package dev.stowage.evidence;

import static dev.stowage.evidence.Runs.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.stowage.evidence.ContentStore.MemoryContentStore;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.RecordBatch.RecordBlock;
import dev.stowage.evidence.RecordCatalog.RecordDecoder;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.evidence.canonical.ChainDigest;
import dev.stowage.evidence.canonical.HashChain;
import dev.stowage.evidence.files.DirectoryContentStore;
import dev.stowage.evidence.files.EvidenceFile;
import dev.stowage.evidence.files.JsonLinesSink;
import dev.stowage.evidence.files.SegmentSink;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
  private static final RecordType MOVED = RecordType.outcome(0x7020, "TEST_MOVED");
  private static final RecordType LOADED = RecordType.input(0x7021, "TEST_LOADED");

  private static final RecordCatalog CATALOG =
      RecordCatalog.builder()
          .add(
              MOVED,
              payload -> {
                ChunkKey chunk = ChunkKey.of(payload.string(), payload.string());
                WorkerId worker = WorkerId.of(payload.string());
                return RecordDecoder.Decoded.of(
                    chunk + " goes to " + worker, Subject.chunk(chunk), Subject.worker(worker));
              })
          .add(
              LOADED,
              payload -> {
                WorkerId worker = WorkerId.of(payload.string());
                return RecordDecoder.Decoded.of(
                    worker + " at " + payload.f64(), Subject.worker(worker));
              })
          .build();

  @TempDir Path temp = Path.of("unset");

  private static EvidenceLog filled(EvidenceLog log) {
    CanonicalWriter writer = new CanonicalWriter();
    for (int i = 0; i < 30; i++) {
      log.append(MOVED, writer.reset().string("d").string("c" + i % 10).string("w" + i % 3));
      log.append(LOADED, writer.reset().string("w" + i % 3).f64(i / 4.0));
    }
    return log;
  }

  @Test
  void subject_isExplainedByEveryRecordThatTouchesItInOrder() {
    EvidenceLog log = filled(EvidenceLog.of(HEADER));

    List<Explained> chunk = CATALOG.explain(Subject.chunk(ChunkKey.of("d", "c4")), log.records());
    assertThat(chunk)
        .map(Explained::toString)
        .containsExactly(
            "#8 OUTCOME TEST_MOVED: d/c4 goes to w1",
            "#28 OUTCOME TEST_MOVED: d/c4 goes to w2",
            "#48 OUTCOME TEST_MOVED: d/c4 goes to w0");
    List<Explained> worker = CATALOG.explain(Subject.worker(WorkerId.of("w2")), log.records());
    assertThat(worker)
        .hasSize(20)
        .isSortedAccordingTo((a, b) -> Long.compare(a.record().index(), b.record().index()));
    assertThat(worker.get(1).text()).isEqualTo("w2 at 0.5");
    assertThat(CATALOG.explain(Subject.portal(PortalId.of("w2")), log.records())).isEmpty();
  }

  @Test
  void file_explainsTheSame() {
    Path path = temp.resolve("explain.seg");
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .sink(SegmentSink.file(path, SegmentSink.Fsync.NEVER), SinkPolicy.block())
            .build();
    filled(log).close();
    Subject subject = Subject.worker(WorkerId.of("w1"));

    try (EvidenceFile file = EvidenceFile.open(path)) {
      assertThat(file.explain(subject, CATALOG))
          .isNotEmpty()
          .isEqualTo(CATALOG.explain(subject, log.records()));
    }
  }

  @Test
  void unknownTypeAndUnreadablePayload_areSaidToBeSo() {
    EvidenceLog log = EvidenceLog.of(HEADER);
    log.append(Runs.ENQUEUED, new byte[] {1, 2, 3});
    log.append(MOVED, new byte[] {1, 0, 0});
    log.append(MOVED, new CanonicalWriter().string("d").string("c").string("w").u8(9));
    log.append(MOVED, new CanonicalWriter().string("").string("c").string("w"));
    List<EvidenceRecord> records = Runs.listed(log.records());

    assertThat(CATALOG.explain(records.get(0)))
        .hasToString("#0 INPUT UNKNOWN_7001: unknown type, 3 bytes 010203");
    assertThat(CATALOG.explain(records.get(1)).text()).startsWith("unreadable payload (byte 1");
    assertThat(CATALOG.explain(records.get(2)).text()).contains("1 bytes left over");
    assertThat(CATALOG.explain(records.get(3)).text()).startsWith("unreadable payload");
  }

  @Test
  void catalog_refusesTwoTypesWithOneNumber() {
    RecordType other = RecordType.outcome(0x7020, "TEST_OTHER");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordCatalog.builder().addAll(CATALOG).add(other, p -> null))
        .withMessageContaining("TEST_MOVED");
    assertThat(
            RecordCatalog.builder().addAll(CATALOG).addAll(CountingEngine.CATALOG).build().types())
        .hasSize(4);
    assertThatIllegalArgumentException().isThrownBy(() -> RecordType.input(0x7FFF, "X"));
    assertThatIllegalArgumentException().isThrownBy(() -> RecordType.input(-1, "X"));
    assertThatIllegalArgumentException().isThrownBy(() -> RecordType.input(1, "x"));
    assertThat(RecordType.outcome(0x7FFE, "X").wire()).isEqualTo(0xFFFE);
  }

  @Test
  void chunks_whoseNamesHoldTheSeparator_areSubjectsOfTheirOwn() {
    ChunkKey one = ChunkKey.of("a/b", "c");
    ChunkKey other = ChunkKey.of("a", "b/c");
    assertThat(Subject.chunk(one)).isNotEqualTo(Subject.chunk(other));
    assertThat(Subject.chunk(other)).hasToString("chunk a/b/c");
    EvidenceLog log = EvidenceLog.of(HEADER);
    for (ChunkKey each : List.of(one, other, one)) {
      log.append(
          MOVED,
          new CanonicalWriter().string(each.dataset().value()).string(each.id()).string("w"));
    }
    assertThat(CATALOG.explain(Subject.chunk(one), log.records()))
        .extracting(each -> each.record().index())
        .containsExactly(0L, 2L);
    assertThat(CATALOG.explain(Subject.chunk(other), log.records()))
        .extracting(each -> each.record().index())
        .containsExactly(1L);
  }

  @Test
  void subjects_areUnsignedAndOrdered() {
    assertThat(Subject.task(-1)).hasToString("task 18446744073709551615");
    assertThat(Subject.item(Long.MIN_VALUE).id()).isEqualTo("9223372036854775808");
    assertThat(Subject.item(1)).isLessThan(Subject.task(0)).isNotEqualTo(Subject.task(1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Subject("", "x"));
  }

  @Test
  void jsonLines_sayEverythingOnOneLineEach() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .sink(JsonLinesSink.stream(out, CATALOG), SinkPolicy.block())
            .build();
    log.append(MOVED, new CanonicalWriter().string("d\"").string("c\\é😀").string("w"));
    log.append(Runs.ENQUEUED, new byte[] {7});
    log.close();
    String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");

    assertThat(lines).hasSize(3);
    assertThat(lines[0])
        .startsWith("{\"evidence\":1,\"library\":\"0.1.0\",\"seed\":\"42\",\"header\":\"01")
        .endsWith("\"start\":0,\"hash\":\"" + HEADER.hash() + "\"}");
    assertThat(lines[1])
        .startsWith("{\"index\":0,\"stream\":\"OUTCOME\",\"type\":\"TEST_MOVED\",\"wire\":61472,")
        .contains("\"hash\":\"" + Runs.record(log, 0).hash() + "\"")
        .contains("\"text\":\"d\\\"/c\\\\é\\ud83d\\ude00 goes to w\"")
        .endsWith("\"subjects\":[\"chunk d\\\"/c\\\\é\\ud83d\\ude00\",\"worker w\"]}");
    assertThat(lines[2]).contains("\"type\":\"UNKNOWN_7001\"", "\"payload\":\"07\"");
  }

  @Test
  void jsonLinesFile_isNewAndShowsGaps() {
    Path path = temp.resolve("run.jsonl");
    JsonLinesSink sink = JsonLinesSink.file(path, CATALOG);
    EvidenceLog log = filled(EvidenceLog.of(HEADER));
    sink.begin(HEADER, ChainPoint.originOf(HEADER));
    RecordBlock block = new RecordBlock(5, 10, 1000);
    block.add(MOVED.wire(), new byte[] {1}, 0, 1);
    block.hash(ChainDigest.sha256(), new byte[32]);
    sink.accept(new RecordBatch(block, 0, 1));
    sink.accept(new RecordBatch(block, 0, 1));
    sink.close();

    String[] lines = new String(Bits.read(path), StandardCharsets.UTF_8).split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[1]).startsWith("{\"gap\":{\"from\":0,\"to\":4,\"hash\":\"00");
    assertThat(lines[2]).startsWith("{\"index\":5,");
    assertThatExceptionOfType(EvidenceException.Unavailable.class)
        .isThrownBy(() -> JsonLinesSink.file(path, CATALOG));
    assertThat(log.nextIndex()).isEqualTo(60);
  }

  @Test
  void contents_areKeptOnceByAddress() {
    MemoryContentStore memory = new MemoryContentStore(10);
    DirectoryContentStore directory = new DirectoryContentStore(temp.resolve("contents"));
    for (ContentStore store : List.of(memory, directory)) {
      Hash256 address = store.put(MOVED, new byte[] {1, 2, 3, 4, 5, 6});
      assertThat(store.put(MOVED, new byte[] {1, 2, 3, 4, 5, 6})).isEqualTo(address);
      assertThat(address)
          .isEqualTo(HashChain.contentAddress(MOVED.wire(), new byte[] {1, 2, 3, 4, 5, 6}));
      assertThat(store.find(MOVED, address)).contains(new byte[] {1, 2, 3, 4, 5, 6});
      assertThat(store.find(MOVED, Hash256.ZERO)).isEmpty();
      assertThatExceptionOfType(EvidenceException.Broken.class)
          .isThrownBy(() -> store.find(LOADED, address));
    }
    assertThat(memory.count()).isEqualTo(1);
    assertThat(memory.bytes()).isEqualTo(6);
    assertThatIllegalStateException().isThrownBy(() -> memory.put(MOVED, new byte[5]));
    assertThat(temp.resolve("contents").toFile().list()).hasSize(1);

    Hash256 damaged = directory.put(LOADED, new byte[] {9});
    Bits.write(temp.resolve("contents").resolve(damaged + ".blob"), new byte[] {8});
    assertThatExceptionOfType(EvidenceException.Broken.class)
        .isThrownBy(() -> directory.find(LOADED, damaged));
  }
}
