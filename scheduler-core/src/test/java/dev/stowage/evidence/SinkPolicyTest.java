package dev.stowage.evidence;

import static dev.stowage.evidence.Runs.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.stowage.evidence.EvidenceLog.EvidenceStats;
import dev.stowage.evidence.EvidenceSink.MemorySink;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Runs.Draft;
import dev.stowage.evidence.files.EvidenceFile;
import dev.stowage.evidence.files.SegmentSink;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SinkPolicyTest {
  @TempDir Path temp = Path.of("unset");

  /** Takes batches while it works, and counts how often it was asked while it did not. */
  private static final class FlakySink implements EvidenceSink {
    private final List<EvidenceRecord> taken = new ArrayList<>();
    private boolean works = true;
    private boolean flushes = true;
    private int refusals;
    private int closed;

    @Override
    public void accept(RecordBatch batch) {
      if (!works) {
        refusals++;
        throw new IllegalStateException("the disk is full");
      }
      taken.addAll(batch.records());
    }

    @Override
    public void flush() {
      if (!flushes) {
        throw new IllegalStateException("the device is gone");
      }
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private static EvidenceLog log(EvidenceSink sink, SinkPolicy policy) {
    return EvidenceLog.builder(HEADER).batchRecords(10).sink(sink, policy).build();
  }

  @Test
  void block_keepsEverythingRefusesMoreAndGoesOnWhenTheSinkWorksAgain() {
    List<Draft> drafts = Runs.drafts(1, 200, 20);
    FlakySink sink = new FlakySink();
    EvidenceLog log = log(sink, new SinkPolicy.Block(30));
    Runs.append(log, drafts.subList(0, 25));
    sink.works = false;
    int accepted = 25;
    while (accepted < 200) {
      Draft next = drafts.get(accepted);
      try {
        log.append(next.type(), next.payload());
        accepted++;
      } catch (EvidenceException.SinkFailed e) {
        assertThat(e.pendingRecords()).isEqualTo(log.nextIndex() - 20);
        assertThat(e).hasRootCauseMessage("the disk is full");
        break;
      }
    }
    assertThat(accepted).as("two delivered batches, thirty waiting, one open").isEqualTo(60);
    assertThat(log.nextIndex()).isEqualTo(60);
    assertThat(log.stats().waitingRecords()).isEqualTo(40);
    assertThat(log.head()).isEqualTo(Runs.naive(drafts.subList(0, 60)).headHash());
    assertThatExceptionOfType(EvidenceException.SinkFailed.class).isThrownBy(log::flush);

    sink.works = true;
    Runs.append(log, drafts.subList(60, 200));
    log.flush();
    assertThat(sink.taken).isEqualTo(Runs.naive(drafts).records());
    assertThat(log.stats().droppedRecords()).isZero();
    assertThat(log.stats().sinkFailures()).isEqualTo(sink.refusals).isPositive();
    assertThat(log.stats().deliveredRecords()).isEqualTo(200);
  }

  @Test
  void heldLog_givesTheSinkOnlyWhatWasReleased() {
    List<Draft> drafts = Runs.drafts(1, 35, 20);
    MemorySink sink = MemorySink.buffer(50);
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .batchRecords(5)
            .retention(Retention.records(10))
            .sink(sink, SinkPolicy.block())
            .held()
            .build();
    Runs.append(log, drafts.subList(0, 20));
    log.flush();
    assertThat(sink.records()).isEmpty();
    assertThat(log.anchor().count()).isEqualTo(20);
    log.release(7);
    log.flush();
    assertThat(sink.records()).hasSize(7);
    assertThat(log.anchor().count()).isEqualTo(13);
    log.release(40);
    Runs.append(log, drafts.subList(20, 35));
    log.flush();
    assertThat(sink.records()).hasSize(35);
    assertThat(log.anchor().count()).isEqualTo(10);
    assertThat(log.stats().waitingRecords()).isZero();
  }

  @Test
  void spill_sendsElsewhereWhatTheSinkRefuses() {
    List<Draft> drafts = Runs.drafts(2, 100, 20);
    FlakySink sink = new FlakySink();
    MemorySink other = MemorySink.buffer(50);
    EvidenceLog log = log(sink, SinkPolicy.spillTo(other));
    Runs.append(log, drafts.subList(0, 40));
    log.flush();
    sink.works = false;
    Runs.append(log, drafts.subList(40, 70));
    log.flush();
    sink.works = true;
    Runs.append(log, drafts.subList(70, 100));
    log.flush();
    NaiveChain naive = Runs.naive(drafts);

    assertThat(other.records()).isEqualTo(naive.records().subList(40, 70));
    List<EvidenceRecord> union = new ArrayList<>(sink.taken.subList(0, 40));
    union.addAll(other.drain());
    union.addAll(sink.taken.subList(40, 70));
    assertThat(union).isEqualTo(naive.records());
    assertThat(log.stats().spilledRecords()).isEqualTo(30);
    assertThat(log.stats().deliveredRecords()).isEqualTo(70);
    assertThat(log.stats().droppedRecords()).isZero();
    log.close();
    log.close();
    assertThat(sink.closed).isEqualTo(1);
    assertThatIllegalStateException().isThrownBy(() -> Runs.append(log, drafts));
    assertThat(log.verify().isIntact()).isTrue();
  }

  @Test
  void failingFlush_isToldUnlessDropsAreAllowed() {
    FlakySink sink = new FlakySink();
    sink.flushes = false;
    EvidenceLog strict = log(sink, SinkPolicy.block());
    Runs.append(strict, Runs.drafts(1, 5, 5));
    assertThatExceptionOfType(EvidenceException.SinkFailed.class).isThrownBy(strict::flush);
    assertThatExceptionOfType(EvidenceException.SinkFailed.class).isThrownBy(strict::close);
    assertThat(sink.closed).as("closed in any case").isEqualTo(1);

    EvidenceLog lenient = log(sink, SinkPolicy.countDrops());
    lenient.flush();
    assertThat(lenient.stats().sinkFailures()).isEqualTo(1);
  }

  @Property(seed = "1")
  void whateverFails_deliveredSpilledDroppedAndWaitingAddUp(@ForAll long seed) {
    Random random = new Random(seed);
    FlakySink sink = new FlakySink();
    MemorySink other = MemorySink.buffer(1 + random.nextInt(60));
    SinkPolicy policy =
        switch (random.nextInt(3)) {
          case 0 -> new SinkPolicy.Block(random.nextInt(40));
          case 1 -> SinkPolicy.spillTo(other);
          default -> SinkPolicy.countDrops();
        };
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .batchRecords(1 + random.nextInt(12))
            .retention(Retention.records(1 + random.nextInt(50)))
            .sink(sink, policy)
            .build();
    NaiveChain naive = new NaiveChain(HEADER.encode());
    for (Draft draft : Runs.drafts(seed, 150, 20)) {
      sink.works = random.nextInt(8) == 0 ? !sink.works : sink.works;
      try {
        log.append(draft.type(), draft.payload());
        naive.append(draft.type(), draft.payload());
      } catch (EvidenceException.SinkFailed e) {
        assertThat(policy).isInstanceOf(SinkPolicy.Block.class);
      }
      EvidenceStats stats = log.stats();
      assertThat(
              stats.deliveredRecords()
                  + stats.spilledRecords()
                  + stats.droppedRecords()
                  + stats.waitingRecords())
          .isEqualTo(stats.appendedRecords());
    }
    sink.works = true;
    log.flush();

    assertThat(log.head()).isEqualTo(naive.headHash());
    assertThat(log.verify().isIntact()).isTrue();
    assertThat(log.stats().waitingRecords()).isZero();
    List<EvidenceRecord> seen = new ArrayList<>(sink.taken);
    seen.addAll(other.records());
    seen.sort((a, b) -> Long.compare(a.index(), b.index()));
    if (!(policy instanceof SinkPolicy.CountDrops)) {
      assertThat(seen).isEqualTo(naive.records());
    }
    assertThat(seen).hasSize(naive.records().size() - (int) log.stats().droppedRecords());
  }

  @Test
  void slowSinkInTheBackground_holdsTheOwnerUpOnlyAtTheBound() {
    CountDownLatch release = new CountDownLatch(1);
    List<EvidenceRecord> taken = new ArrayList<>();
    EvidenceSink slow =
        batch -> {
          awaited(release);
          taken.addAll(batch.records());
        };
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      EvidenceLog log =
          EvidenceLog.builder(HEADER)
              .batchRecords(10)
              .hashing(pool)
              .sink(slow, new SinkPolicy.Block(1000))
              .build();
      List<Draft> drafts = Runs.drafts(5, 900, 10);
      // returns although the sink has not taken one record yet
      Runs.append(log, drafts);
      release.countDown();
      log.flush();
      assertThat(taken).isEqualTo(Runs.naive(drafts).records());
    } finally {
      release.countDown();
      pool.shutdown();
    }
  }

  @Test
  @Timeout(60)
  void slowSinkInTheBackground_doesNotHoldUpTheHead() {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    EvidenceSink slow =
        batch -> {
          reached.countDown();
          awaited(release);
        };
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      EvidenceLog log =
          EvidenceLog.builder(HEADER)
              .batchRecords(10)
              .hashing(pool)
              .sink(slow, SinkPolicy.block())
              .build();
      List<Draft> drafts = Runs.drafts(5, 95, 10);
      Runs.append(log, drafts);
      awaited(reached);

      assertThat(log.head()).isEqualTo(Runs.naive(drafts).headHash());
      assertThat(log.stats().waitingRecords()).isEqualTo(95);
      release.countDown();
      log.flush();
      assertThat(log.stats().deliveredRecords()).isEqualTo(95);
    } finally {
      release.countDown();
      pool.shutdown();
    }
  }

  @Test
  void interruptedThread_stillWritesAndStaysInterrupted() {
    Path path = temp.resolve("interrupted.seg");
    Thread.currentThread().interrupt();
    EvidenceLog log = log(SegmentSink.file(path, SegmentSink.Fsync.EACH_BATCH), SinkPolicy.block());
    List<Draft> drafts = Runs.drafts(1, 35, 5);
    Runs.append(log, drafts);
    log.close();
    try (EvidenceFile file = EvidenceFile.open(path)) {
      assertThat(file.verify(log.point()).isIntact()).isTrue();
    }

    assertThat(Thread.interrupted()).isTrue();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void executorThatRunsLate_deliversInOrderAndOnce() {
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    FlakySink sink = new FlakySink();
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .batchRecords(10)
            .hashing(tasks::add)
            .sink(sink, SinkPolicy.block())
            .build();
    List<Draft> drafts = Runs.drafts(5, 95, 10);
    Runs.append(log, drafts);
    assertThat(sink.taken).isEmpty();
    tasks.remove().run();
    assertThat(sink.taken).hasSize(90);
    log.flush();
    tasks.forEach(Runnable::run);

    assertThat(sink.taken).isEqualTo(Runs.naive(drafts).records());
  }

  @Test
  void memorySinks_areBoundedEachInItsWay() {
    List<Draft> drafts = Runs.drafts(6, 100, 10);
    MemorySink ring = MemorySink.ring(30);
    EvidenceLog log = log(ring, SinkPolicy.block());
    Runs.append(log, drafts);
    log.flush();
    assertThat(ring.records()).isEqualTo(Runs.naive(drafts).records().subList(70, 100));

    MemorySink buffer = MemorySink.buffer(5);
    EvidenceLog full = log(buffer, SinkPolicy.block());
    Runs.append(full, drafts.subList(0, 6));
    assertThatExceptionOfType(EvidenceException.SinkFailed.class).isThrownBy(full::flush);
    assertThat(buffer.records()).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> MemorySink.ring(0));
  }

  @Test
  void closedSegmentSink_refusesRatherThanLoses() {
    SegmentSink sink = SegmentSink.file(temp.resolve("closed.seg"), SegmentSink.Fsync.NEVER);
    EvidenceLog log = log(sink, SinkPolicy.block());
    Runs.append(log, Runs.drafts(1, 15, 5));
    sink.close();
    sink.close();

    assertThatExceptionOfType(EvidenceException.SinkFailed.class)
        .isThrownBy(log::flush)
        .satisfies(e -> assertThat(e.pendingRecords()).isEqualTo(5));
    assertThatIllegalStateException().isThrownBy(sink::flush);
  }

  @Test
  void unlimitedRetention_isAcceptedWithASinkThatHoldsEverything() {
    SegmentSink sink = SegmentSink.file(temp.resolve("all.seg"), SegmentSink.Fsync.ON_FLUSH);
    EvidenceLog log =
        EvidenceLog.builder(HEADER)
            .retention(Retention.unlimited())
            .sink(sink, SinkPolicy.block())
            .build();
    Runs.append(log, Runs.drafts(1, 1000, 5));
    log.close();

    assertThat(log.anchor().count()).isEqualTo(1000);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            EvidenceLog.builder(HEADER)
                .retention(Retention.unlimited())
                .sink(MemorySink.ring(5), SinkPolicy.block())
                .build());
  }
}
