package dev.stowage.evidence;

import static dev.stowage.evidence.Runs.EXECUTED;
import static dev.stowage.evidence.Runs.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.stowage.evidence.Runs.Draft;
import dev.stowage.evidence.Verifier.Anchor;
import dev.stowage.evidence.Verifier.Verification;
import dev.stowage.model.Tick;
import java.util.ArrayDeque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EvidenceLogTest {
  @Property(seed = "1")
  void head_doesNotDependOnWhenItIsAskedNorOnBatches(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int batch) {
    List<Draft> drafts = Runs.drafts(seed, 100, 50);
    EvidenceLog log = EvidenceLog.builder(HEADER).batchRecords(batch).build();
    NaiveChain naive = new NaiveChain(HEADER.encode());
    for (Draft draft : drafts) {
      log.append(draft.type(), draft.payload());
      naive.append(draft.type(), draft.payload());
      if ((draft.payload().length & 3) == 0) {
        assertThat(log.head()).isEqualTo(naive.headHash());
      }
      if ((draft.payload().length & 7) == 1) {
        log.flush();
      }
    }
    assertThat(log.head()).isEqualTo(naive.headHash());
  }

  @Property(seed = "1")
  void retainedRecords_stillVerifyAndNothingElseIsKept(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int keep,
      @ForAll @IntRange(min = 1, max = 64) int batch) {
    List<Draft> drafts = Runs.drafts(seed, 150, 50);
    EvidenceLog log =
        EvidenceLog.builder(HEADER).batchRecords(batch).retention(Retention.records(keep)).build();
    Runs.append(log, drafts);
    NaiveChain naive = Runs.naive(drafts);

    assertThat(Runs.listed(log.records())).isEqualTo(naive.records().subList(150 - keep, 150));
    assertThat(log.anchor())
        .isEqualTo(
            new Anchor(
                new ChainPoint(150 - keep, naive.hashAfter(150 - keep)),
                new ChainPoint(150, naive.headHash())));
    assertThat(log.verify().isIntact()).isTrue();
    assertThat(log.stats().trimmedRecords()).isEqualTo(150 - keep);
  }

  @Property(seed = "1")
  void byteBound_isExact(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3000) int maxBytes) {
    List<Draft> drafts = Runs.drafts(seed, 100, 80);
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .batchRecords(8)
            .retention(Retention.DEFAULT.withMaxBytes(maxBytes))
            .build();
    Runs.append(log, drafts);
    int first = 100;
    int bytes = 0;
    while (first > 0 && bytes + 38 + drafts.get(first - 1).payload().length <= maxBytes) {
      bytes += 38 + drafts.get(--first).payload().length;
    }

    assertThat(log.anchor().firstIndex()).isEqualTo(first);
    assertThat(log.stats().keptBytes()).isEqualTo(bytes);
    assertThat(log.verify().isIntact()).isTrue();
  }

  @Test
  void ageBound_keepsWhatIsExactlyThatOld() {
    EvidenceLog log =
        EvidenceLog.builder(HEADER).retention(Retention.DEFAULT.withMaxAgeTicks(10)).build();
    log.advanceTo(Tick.of(5));
    log.append(EXECUTED, new byte[1]);
    log.append(EXECUTED, new byte[2]);
    log.advanceTo(Tick.of(6));
    log.append(EXECUTED, new byte[3]);

    log.advanceTo(Tick.of(15));
    assertThat(log.anchor().firstIndex()).isZero();
    log.advanceTo(Tick.of(16));
    assertThat(log.anchor().firstIndex()).isEqualTo(2);
    log.advanceTo(Tick.of(17));
    assertThat(log.anchor().firstIndex()).isEqualTo(3);
    assertThat(log.anchor().count()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> log.advanceTo(Tick.of(16)));
  }

  @Test
  void unlimitedRetention_needsASinkThatHoldsEverything() {
    EvidenceLog.Builder builder = EvidenceLog.builder(HEADER).retention(Retention.unlimited());

    assertThatIllegalArgumentException().isThrownBy(builder::build);
    assertThatIllegalArgumentException()
        .isThrownBy(builder.retention(Retention.unlimited().withMaxAgeTicks(1))::build);
  }

  @Test
  void executorThatNeverRuns_orHasNoThreads_changesNothing() {
    List<Draft> drafts = Runs.drafts(7, 500, 40);
    ArrayDeque<Runnable> never = new ArrayDeque<>();
    Executor without =
        task -> {
          throw new OutOfMemoryError("no more threads");
        };
    for (Executor executor : List.of(never::add, without)) {
      EvidenceLog log = EvidenceLog.builder(HEADER).batchRecords(16).hashing(executor).build();
      Runs.append(log, drafts);
      assertThat(log.head()).isEqualTo(Runs.naive(drafts).headHash());
    }
    assertThat(never).isNotEmpty();
  }

  @Test
  void backgroundHashing_leadsToTheSameHead() {
    List<Draft> drafts = Runs.drafts(8, 2_000, 60);
    Hash256 expected = Runs.naive(drafts).headHash();
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      for (int round = 0; round < 40; round++) {
        EvidenceLog log =
            EvidenceLog.builder(HEADER)
                .batchRecords(1 + round % 7)
                .retention(Retention.records(100))
                .hashing(pool)
                .build();
        Runs.append(log, drafts);
        assertThat(log.head()).isEqualTo(expected);
        assertThat(log.anchor().count()).isEqualTo(100);
        assertThat(log.verify().isIntact()).isTrue();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void closedExecutor_isDoneWithout() {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    pool.shutdownNow();
    List<Draft> drafts = Runs.drafts(9, 100, 20);
    EvidenceLog log = EvidenceLog.builder(HEADER).batchRecords(4).hashing(pool).build();
    Runs.append(log, drafts);

    assertThat(log.head()).isEqualTo(Runs.naive(drafts).headHash());
  }

  @Test
  void largeRecords_stayAmongSmallOnes() {
    EvidenceLog log = EvidenceLog.builder(HEADER).batchRecords(4).build();
    NaiveChain naive = new NaiveChain(HEADER.encode());
    for (int size : new int[] {0, 100_000, 1, 70_000, 4096, 2, 1 << 20}) {
      log.append(EXECUTED, new byte[size]);
      naive.append(EXECUTED, new byte[size]);
    }

    assertThat(log.head()).isEqualTo(naive.headHash());
    assertThat(Runs.listed(log.records())).isEqualTo(naive.records());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> log.append(EXECUTED, new byte[EvidenceLog.MAX_PAYLOAD_BYTES + 1]));
    assertThat(log.nextIndex()).isEqualTo(7);
  }

  @Test
  void head_dependsOnEveryFieldOfTheHeader() {
    List<EvidenceHeader> headers =
        List.of(
            HEADER,
            EvidenceHeader.of("0.1.1", HEADER.configHash(), 42),
            EvidenceHeader.of("0.1.0", Hash256.ZERO, 42),
            EvidenceHeader.of("0.1.0", HEADER.configHash(), 43),
            HEADER.withAttribute("policy", "priority"));

    assertThat(headers.stream().map(EvidenceHeader::hash).distinct()).hasSameSizeAs(headers);
    for (EvidenceHeader header : headers) {
      assertThat(EvidenceHeader.decode(header.encode())).isEqualTo(header);
      if (!header.equals(HEADER)) {
        assertThatExceptionOfType(EvidenceException.Mismatch.class)
            .isThrownBy(() -> HEADER.requireSame(header))
            .satisfies(e -> assertThat(e.differences()).hasSize(1));
      }
    }
  }

  @Test
  void flippedHeader_isAnotherHeaderOrATypedError() {
    byte[] bytes = HEADER.withAttribute("policy", "é").encode();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      try {
        EvidenceHeader other = EvidenceHeader.decode(Bits.flipped(bytes, bit));
        assertThat(other.hash()).isNotEqualTo(HEADER.withAttribute("policy", "é").hash());
        assertThat(other.encode()).isEqualTo(Bits.flipped(bytes, bit));
      } catch (EvidenceException.Malformed | EvidenceException.Mismatch e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void continuedLog_isTheSameChain() {
    List<Draft> drafts = Runs.drafts(3, 60, 30);
    EvidenceLog first = EvidenceLog.of(HEADER);
    Runs.append(first, drafts.subList(0, 25));
    EvidenceLog second = EvidenceLog.builder(HEADER).continuing(first.point()).build();
    Runs.append(second, drafts.subList(25, 60));

    assertThat(second.head()).isEqualTo(Runs.naive(drafts).headHash());
    assertThat(Runs.record(second, 25)).isEqualTo(Runs.naive(drafts).records().get(25));
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> Runs.record(second, 24));
    assertThat(second.anchor().from()).isEqualTo(first.point());
  }

  @Test
  void trimmedLog_keepsItsAnchorAndVerifies() {
    List<Draft> drafts = Runs.drafts(4, 200, 30);
    NaiveChain naive = Runs.naive(drafts);
    EvidenceLog log =
        EvidenceLog.builder(HEADER).retention(Retention.records(99)).batchRecords(16).build();
    Runs.append(log, drafts);

    assertThat(log.anchor().from()).isEqualTo(new ChainPoint(101, naive.hashAfter(101)));
    assertThat(log.anchor().count()).isEqualTo(99);
    assertThat(log.verify().isIntact()).isTrue();
    assertThat(log.head()).isEqualTo(naive.headHash());
    assertThat(Runs.listed(log.recordsFrom(190))).isEqualTo(naive.records().subList(190, 200));
    assertThat(Runs.listed(log.recordsFrom(200))).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> log.recordsFrom(201));
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> log.recordsFrom(100));
  }

  @Test
  void unchainedLog_keepsRecordsButClaimsNothing() {
    List<Draft> drafts = Runs.drafts(3, 60, 30);
    EvidenceLog log = EvidenceLog.builder(HEADER).unchained().build();
    Runs.append(log, drafts);

    assertThat(log.head()).isEqualTo(Hash256.ZERO);
    assertThat(log.verify()).isEqualTo(new Verification.Unchained(60));
    assertThat(Runs.record(log, 5).payload()).isEqualTo(drafts.get(5).payload());
    assertThatExceptionOfType(EvidenceException.Broken.class)
        .isThrownBy(() -> log.verify().requireIntact());
  }

  @Test
  void contentAddress_isOfTypeLengthAndPayloadOnly() {
    EvidenceLog log = EvidenceLog.of(HEADER);
    log.append(EXECUTED, new byte[] {9, 8});
    log.append(EXECUTED, new byte[] {9, 8});

    EvidenceRecord first = Runs.record(log, 0);
    assertThat(first.contentAddress())
        .isEqualTo(Runs.record(log, 1).contentAddress())
        .isEqualTo(Hash256.of(new byte[] {(byte) 0xF0, 2, 0, 0, 0, 2, 9, 8}));
    assertThat(first.hash()).isNotEqualTo(Runs.record(log, 1).hash());
  }
}
