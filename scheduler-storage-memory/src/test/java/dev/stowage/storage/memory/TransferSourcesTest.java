package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.Transfers;
import dev.stowage.Transfers.Damaged;
import dev.stowage.Transfers.Mend;
import dev.stowage.Transfers.Observed;
import dev.stowage.Transfers.Outcome;
import dev.stowage.Transfers.Transfer;
import dev.stowage.answer.Avoided;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentConfig.Retries;
import dev.stowage.content.ContentQueue.FailureOutcome;
import dev.stowage.content.ContentScheduler;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.RebalanceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** From whom a copy is sent: by what was observed, by zones, by load, and whom nothing reaches. */
class TransferSourcesTest {
  private static final long MIB = 1 << 20;
  private static final long SECOND = 1_000_000_000L;
  private static final WorkerId W1 = WorkerId.of("w1");
  private static final WorkerId W2 = WorkerId.of("w2");
  private static final WorkerId W3 = WorkerId.of("w3");
  private static final WorkerId TO = WorkerId.of("w4");

  private final Stowage stowage =
      Stowage.builder(MemoryChunkStore.builder().twin().fixedLineages().build())
          .config(SmallFleet.config().withHolder("a"))
          .with(RebalanceConfig.defaults())
          .build();
  private final SmallFleet fleet = new SmallFleet(stowage);
  private ToDoubleFunction<WorkerId> secondsTo = worker -> 1e-4;
  private final Transfers transfers = transfers();

  private Transfers transfers() {
    ContentConfig config =
        ContentConfig.DEFAULT.withDestinationWindow(0).withRetries(new Retries(0, 1, 1));
    return Transfers.of(
            stowage,
            ContentScheduler.of(config),
            (worker, bytes) -> secondsTo.applyAsDouble(worker))
        .copiesOnly();
  }

  /** Chunks that w1, w2 and w3 possess, and w4 has lost. */
  private void begin(int chunks) {
    stowage.claim(fleet.now());
    fleet.join(10_000, "w1", "w2", "w3", "w4");
    for (int i = 0; i < chunks; i++) {
      fleet.ingest(SmallFleet.chunk("c" + i, 10L * i));
    }
    fleet.settle();
    stowage.lost(fleet.header("w4"), List.copyOf(fleet.disk("w4")), fleet.now());
    fleet.pass(1);
    stowage.schedule(fleet.now());
    transfers.follow(fleet.now());
  }

  private void begin(int chunks, ToDoubleFunction<WorkerId> seconds) {
    secondsTo = seconds;
    begin(chunks);
  }

  private Transfer next() {
    return transfers.next(fleet.now()).transfer().orElseThrow();
  }

  /** Takes what goes next, and gives it back. */
  private List<WorkerId> sources() {
    Transfer next = next();
    transfers.failed(next.id(), "only asked", fleet.now());
    transfers.follow(fleet.now());
    return next.sources();
  }

  private void arrive(WorkerId source, WorkerId worker, long bytesPerSecond) {
    assertThat(
            transfers.observed(
                source, worker, bytesPerSecond, SECOND, Outcome.ARRIVED, fleet.now()))
        .isEqualTo(Observed.COUNTED);
  }

  private void fail(WorkerId source, WorkerId worker) {
    transfers.observed(source, worker, 0, 0, Outcome.FAILED, fleet.now());
  }

  @Test
  void fasterPath_comesFirst() {
    begin(1);
    arrive(W1, TO, 20 * MIB);
    arrive(W2, TO, 80 * MIB);
    arrive(W3, TO, 40 * MIB);
    assertThat(sources()).containsExactly(W2, W3, W1);
  }

  @Test
  void whatASourceSends_countsAgainstIt_untilItEnds() {
    begin(12);
    List<Transfer> sent = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      sent.add(next());
    }
    assertThat(sent).filteredOn(it -> it.sources().get(0).equals(W1)).hasSize(4);
    assertThat(sent).filteredOn(it -> it.sources().get(0).equals(W2)).hasSize(4);
    assertThat(sent).filteredOn(it -> it.sources().get(0).equals(W3)).hasSize(4);
    sent.forEach(it -> transfers.failed(it.id(), "reset", fleet.now()));
    transfers.follow(fleet.now());
    assertThat(next().sources()).as("nobody sends any more").containsExactly(W1, W2, W3);
  }

  @Test
  void busySources_areOrderedByWhatTheySend() {
    begin(14);
    List<Transfer> sent = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      sent.add(next());
      assertThat(transfers.sentBy(sent.get(i).id(), i % 3 == 0 ? W3 : W1)).isTrue();
    }
    assertThat(next().sources()).containsExactly(W2, W3, W1);
    transfers.arrived(sent.get(0).id());
    assertThat(transfers.sentBy(sent.get(0).id(), W1)).as("it has arrived").isFalse();
    assertThat(next().sources()).containsExactly(W2, W3, W1);
  }

  @Test
  void holderThatDoesNotCount_comesLast() {
    begin(1);
    arrive(W1, TO, 90 * MIB);
    stowage.setStatus(W1, WorkerStatus.SUSPECT, fleet.now());
    assertThat(sources()).containsExactly(W2, W3, W1);
  }

  @Test
  void badFigures_areRefused_byTheirName() {
    begin(1);
    assertThatThrownBy(() -> transfers.observed(W1, TO, -1, 1, Outcome.FAILED, fleet.now()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bytes is -1");
    assertThatThrownBy(() -> transfers.observed(W1, TO, 1, 0, Outcome.ARRIVED, fleet.now()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nanos is 0");
    assertThatThrownBy(() -> transfers.observed(W1, TO, 1, -1, Outcome.FAILED, fleet.now()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nanos is -1");
    assertThatThrownBy(() -> transfers.observed(TO, TO, 1, 1, Outcome.FAILED, fleet.now()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("both w4");
    assertThat(transfers.observedCount() + transfers.ignoredCount()).isZero();
  }

  @Test
  void observationsOfStrangers_areCounted_andChangeNothing() {
    begin(1);
    WorkerId stranger = WorkerId.of("stranger");
    assertThat(transfers.observed(stranger, TO, 1, 1, Outcome.ARRIVED, fleet.now()))
        .isEqualTo(Observed.UNKNOWN_SOURCE);
    assertThat(transfers.observed(W1, stranger, 1, 1, Outcome.ARRIVED, fleet.now()))
        .isEqualTo(Observed.UNKNOWN_WORKER);
    assertThat(transfers.observedFromOrigin(stranger, 1, 1, Outcome.ARRIVED, fleet.now()))
        .isEqualTo(Observed.UNKNOWN_WORKER);
    assertThat(transfers.ignoredCount()).isEqualTo(3);
    assertThat(transfers.observedCount()).isZero();
    assertThat(transfers.observedFromOrigin(TO, 1, 1, Outcome.DAMAGED, fleet.now()))
        .isEqualTo(Observed.COUNTED);
    assertThat(transfers.observedCount()).isEqualTo(1);
  }

  @Test
  void copyThatCameInPart_isResumed_andCountsWithWhatIsMissing() {
    begin(1, worker -> 100);
    Transfer first = next();
    assertThat(transfers.goodBytes(first.id())).isZero();
    Damaged answer = transfers.damaged(first.id(), 60, "reset", fleet.now());
    assertThat(answer.mend()).isEqualTo(Mend.REST);
    assertThat(answer.outcome()).isInstanceOf(FailureOutcome.GivenUp.class);
    transfers.follow(fleet.now());
    Transfer again = next();
    assertThat(transfers.goodBytes(again.id())).isEqualTo(60);
    assertThat(again.decision().item().sizeBytes()).isEqualTo(40);
    transfers.arrived(again.id());
    assertThat(transfers.goodBytes(again.id())).isZero();
    transfers.reconcile(fleet.now());
    assertThat(next().decision().item().sizeBytes()).as("it was lost anew").isEqualTo(100);
  }

  @Test
  void goodBytesOutOfRange_areRefused() {
    begin(1);
    Transfer first = next();
    for (long bad : List.of(-1L, 100L)) {
      assertThatThrownBy(() -> transfers.damaged(first.id(), bad, "reset", fleet.now()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("goodBytes is " + bad + "; 0 to 99 is accepted");
    }
    assertThat(transfers.damaged(1, 0, "of the host", fleet.now()))
        .isEqualTo(new Damaged(new FailureOutcome.Unknown(), Mend.WHOLE));
    assertThat(transfers.arrived(first.id())).as("it still goes").isTrue();
    assertThat(transfers.damaged(first.id(), 0, "late", fleet.now()).outcome())
        .isEqualTo(new FailureOutcome.Unknown());
  }

  private void failThrice(WorkerId source, WorkerId worker) {
    for (int i = 0; i < 3; i++) {
      fail(source, worker);
    }
  }

  @Test
  void avoided_namesUnreachableWorkers_thenPathsByWorkerAndSource() {
    begin(1);
    failThrice(W3, TO);
    long first = fleet.now() + 30 * SECOND;
    assertThat(transfers.avoided(fleet.now()))
        .containsExactly(new Avoided(TO, false, Optional.of(W3), 3, first));
    fleet.pass(1);
    failThrice(W1, TO);
    long second = first + SECOND;
    assertThat(transfers.avoided(fleet.now()))
        .containsExactly(
            new Avoided(TO, true, Optional.empty(), 6, first),
            new Avoided(TO, false, Optional.of(W1), 3, second),
            new Avoided(TO, false, Optional.of(W3), 3, first));
    arrive(W2, TO, MIB);
    assertThat(transfers.avoided(fleet.now()))
        .as("something reaches it")
        .noneMatch(Avoided::isUnreachable)
        .hasSize(2);
    fleet.pass(30);
    assertThat(transfers.avoided(fleet.now())).isEmpty();
  }

  @Test
  void halfOfTheWorkersUnreachable_isNotToldToThePlan() {
    begin(1);
    for (WorkerId worker : List.of(W3, TO)) {
      failThrice(W1, worker);
      failThrice(W2, worker);
    }
    transfers.follow(fleet.now());
    assertThat(transfers.avoided(fleet.now())).filteredOn(Avoided::isUnreachable).hasSize(2);
    assertThat(Rebalancing.of(stowage).avoided().entries(Tick.of(0))).isEmpty();
  }

  /** Whatever is observed, a ranking names each holder once, and twins rank alike. */
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void ranking_isAPermutationOfTheHolders_andFollowsFromWhatWasObserved(@ForAll long seed) {
    new TransferSourcesTest().walk(seed);
  }

  private void walk(long seed) {
    begin(20);
    Transfers twin = transfers();
    twin.reconcile(fleet.now());
    SplittableRandom random = new SplittableRandom(seed);
    List<WorkerId> all = List.of(W1, W2, W3, TO);
    List<List<Transfer>> sent = new ArrayList<>();
    for (int step = 0; step < 40; step++) {
      WorkerId source = all.get(random.nextInt(4));
      WorkerId worker = all.get(random.nextInt(4));
      Outcome outcome = Outcome.values()[random.nextInt(4)];
      long bytes = random.nextLong(200 * MIB);
      long nanos = 1 + random.nextLong(10 * SECOND);
      if (!source.equals(worker)) {
        transfers.observed(source, worker, bytes, nanos, outcome, fleet.now());
        twin.observed(source, worker, bytes, nanos, outcome, fleet.now());
      }
      fleet.pass(random.nextInt(30));
      Optional<Transfer> next = transfers.next(fleet.now()).transfer();
      Optional<Transfer> twins = twin.next(fleet.now()).transfer();
      assertThat(twins.map(Transfer::sources)).isEqualTo(next.map(Transfer::sources));
      next.ifPresent(it -> {
        assertThat(new TreeSet<>(it.sources())).containsExactly(W1, W2, W3);
        assertThat(it.sources()).hasSize(3);
        sent.add(List.of(it, twins.orElseThrow()));
      });
      if (random.nextBoolean() && !sent.isEmpty()) {
        List<Transfer> ended = sent.remove(random.nextInt(sent.size()));
        transfers.arrived(ended.get(0).id());
        twin.arrived(ended.get(1).id());
      }
    }
    stowage.close();
  }
}
