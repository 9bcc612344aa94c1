package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Evidence;
import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.EvidenceConfig;
import dev.stowage.StowageConfig.PartEvidence;
import dev.stowage.Transfers;
import dev.stowage.content.ByteRate;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.contract.FaultyStore.Fault;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Retention;
import dev.stowage.evidence.Subject;
import dev.stowage.evidence.Verifier;
import dev.stowage.evidence.Verifier.Verification;
import dev.stowage.model.Chunk;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.replay.EngineReplay;
import dev.stowage.replay.PartReplay.RecordedPart;
import dev.stowage.store.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract of evidence of transfers and propagation in the chain of the fleet. A backend
 * extends this class, opens its store, and changes nothing else.
 */
public abstract class PartEvidenceContract {
  private static final String QUEUE = "content-scheduler";
  private static final String NEWS = "propagation-scheduler";

  private StoreFixture fixture;
  private FaultyStore store;
  private Stowage stowage;
  private SmallFleet fleet;
  private Transfers transfers;
  private AssignmentPropagation news;
  private int ingested;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openFleet() {
    fixture = open();
    store = new FaultyStore(fixture.connect());
    begin(PartEvidence.DEFAULT);
  }

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  private void begin(PartEvidence parts) {
    begin(SmallFleet.config().withPartEvidence(parts));
  }

  private void begin(StowageConfig config) {
    stowage = Stowage.builder(store).config(config.withHolder("first")).build();
    fleet = fleet == null ? new SmallFleet(stowage) : fleet.through(stowage);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    begin(ContentScheduler.of(ContentConfig.DEFAULT));
  }

  private void begin(ContentScheduler queue) {
    transfers = Transfers.of(stowage, queue, (worker, bytes) -> 1);
    news = Propagation.of(stowage, PropagationConfig.DEFAULT);
  }

  private void join() {
    fleet.join(100_000, "a", "b", "c");
    registerRecipients();
  }

  private void registerRecipients() {
    for (String name : List.of("a", "b", "c")) {
      news.register(WorkerId.of(name), fleet.now());
    }
  }

  private int send() {
    fleet.pass(1);
    stowage.schedule(fleet.now());
    transfers.follow(fleet.now());
    int sent = 0;
    Transfers.Next next = transfers.next(fleet.now());
    for (; next.transfer().isPresent(); next = transfers.next(fleet.now())) {
      sent++;
      long id = next.transfer().get().id();
      if (sent % 5 == 0) {
        transfers.failed(id, "reset", fleet.now());
      } else {
        transfers.arrived(id);
      }
    }
    news.follow(fleet.now());
    news.outgoing(fleet.now());
    return sent;
  }

  private void cycle(int chunks) {
    for (int at = 0; at < chunks; at++) {
      fleet.ingest(chunk("c" + ingested, 10L * ingested));
      ingested++;
    }
    send();
    fleet.fetch();
    stowage.publish(fleet.now());
  }

  private List<EvidenceRecord> recorded() {
    return store.evidence(0, Integer.MAX_VALUE);
  }

  private ReplayResult.Same replayed() {
    List<EvidenceRecord> records = recorded();
    assertThat(Verifier.verify(ChainPoint.originOf(Evidence.of(stowage).header()), records))
        .isNotInstanceOf(Verification.Broken.class);
    ReplayResult result =
        Replayer.run(
            Evidence.of(stowage).header(), records, EngineReplay.with(PlacementPlanner.sticky()));
    assertThat(result).isInstanceOf(ReplayResult.Same.class);
    return (ReplayResult.Same) result;
  }

  private List<RecordedPart> parts(String kind) {
    return RecordedPart.in(recorded()).stream().filter(it -> it.kind().equals(kind)).toList();
  }

  private RecordedPart part(String kind) {
    List<RecordedPart> parts = parts(kind);
    return parts.get(parts.size() - 1);
  }

  @Test
  void transfersAndPropagation_areRecordedByDefault_andReplay() {
    join();
    cycle(3);
    cycle(3);
    cycle(0);
    assertThat(part(QUEUE).records()).isGreaterThan(20);
    assertThat(part(NEWS).records()).isGreaterThan(5);
    assertThat(part(QUEUE).lost()).isZero();
    assertThat(part(NEWS).lost()).isZero();
    assertThat(stowage.stats().partRecords())
        .isEqualTo(part(QUEUE).records() + part(NEWS).records());
    assertThat(stowage.stats().partRecordsDropped()).isZero();
    replayed();
  }

  private void assertThatReplayFindsAChangeOf(List<EvidenceRecord> records, int at) {
    EvidenceRecord told = records.get(at);
    byte[] payload = told.payload();
    payload[10] ^= 1;
    records.set(at, EvidenceRecord.of(told.index(), told.wire(), payload, told.hash()));
    ReplayResult result =
        Replayer.run(
            Evidence.of(stowage).header(), records, EngineReplay.with(PlacementPlanner.sticky()));
    assertThat(result).isInstanceOf(ReplayResult.Differs.class);
    assertThat(((ReplayResult.Differs) result).difference().index()).isEqualTo(told.index());
  }

  private static String named(EvidenceRecord record) {
    return EngineReplay.catalog().explain(record).type().name();
  }

  @Test
  void copyThatSucceedsAtOnce_costsThreeRecords_whichExplainItsChunk() {
    transfers.copiesOnly();
    join();
    int sent = 0;
    for (int round = 0; round < 4; round++) {
      fleet.ingest(chunk("c" + round, 10L * round)).pass(1);
      stowage.schedule(fleet.now());
      transfers.follow(fleet.now());
      for (var next = transfers.next(fleet.now());
          next.transfer().isPresent();
          next = transfers.next(fleet.now())) {
        transfers.arrived(next.transfer().get().id());
        sent++;
      }
      fleet.fetch();
    }
    stowage.publish(fleet.now());
    stowage.resign();
    assertThat(sent).isEqualTo(12);
    assertThat(part(QUEUE).records()).isEqualTo(3L * sent);
    stowage.claim(fleet.now());
    List<String> names =
        EngineReplay.catalog().explain(Subject.chunk(key("c0")), recorded()).stream()
            .map(it -> it.type().name())
            .filter(it -> it.startsWith("CONTENT_"))
            .toList();
    assertThat(names)
        .containsExactly(
            "CONTENT_SCHEDULED",
            "CONTENT_SCHEDULED",
            "CONTENT_SCHEDULED",
            "CONTENT_SELECTED",
            "CONTENT_COMPLETED",
            "CONTENT_SELECTED",
            "CONTENT_COMPLETED",
            "CONTENT_SELECTED",
            "CONTENT_COMPLETED");
    replayed();
  }

  @Test
  void firstFillWithMoreCopiesThanRecordsMayWait_dropsNone() {
    stowage.resign();
    begin(new PartEvidence(3_000, 16 << 20));
    join();
    fleet.ingest(
        IntStream.range(0, 1_500).mapToObj(at -> chunk("c" + at, 10L * at)).toArray(Chunk[]::new));
    fleet.pass(1);
    stowage.schedule(fleet.now());
    transfers.copiesOnly();
    assertThat(transfers.follow(fleet.now())).isEqualTo(3_000);
    assertThat(transfers.owedCount()).isZero();
    assertThat(stowage.stats().partRecordsDropped()).isZero();
    stowage.resign();
    assertThat(part(QUEUE).records()).isEqualTo(3_000);
    assertThat(part(QUEUE).lost()).isZero();
  }

  @Test
  void recordingThatIsOff_leavesTheRecordsOfTheEngineAlone() {
    stowage.resign();
    begin(PartEvidence.OFF);
    join();
    cycle(3);
    cycle(0);
    assertThat(RecordedPart.in(recorded())).isEmpty();
    assertThat(stowage.stats().partRecords()).isZero();
    replayed();
  }

  @Test
  void queueThatRecordsByItself_isLeftToItsHost() {
    EvidenceLog own = EvidenceLog.of(ContentScheduler.header(ContentConfig.DEFAULT, "test"));
    begin(ContentScheduler.recording(ContentConfig.DEFAULT, own));
    join();
    cycle(2);
    cycle(0);
    assertThat(own.stats().appendedRecords()).isPositive();
    assertThat(RecordedPart.in(recorded())).extracting(RecordedPart::kind).containsExactly(NEWS);
    replayed();
  }

  @Test
  void queueThatWasUsedBefore_isToldAndNotRepeated_untilItIsIdle() {
    ContentScheduler used = ContentScheduler.of(ContentConfig.DEFAULT);
    used.updatePressure(PressureSnapshot.NONE, 1);
    used.schedule(ContentItem.of(1L << 40, PriorityClass.CONTROL, 10, 1, 1), 1);
    used.decide(1);
    begin(used);
    join();
    cycle(2);
    cycle(0);
    assertThat(parts(QUEUE)).extracting(RecordedPart::lost).containsExactly(1L);
    assertThat(part(NEWS).lost()).isZero();
    used.complete(1L << 40);
    for (int round = 0; round < 3; round++) {
      cycle(0);
    }
    cycle(2);
    cycle(0);
    assertThat(parts(QUEUE)).extracting(RecordedPart::lost).containsExactly(1L, 0L);
    replayed();
  }

  // ---- what does not fit ----

  @Test
  void partBehindAnotherThatFilledTheBuffer_speaksAgainOnceThereIsRoom() {
    stowage.resign();
    begin(new PartEvidence(40, 1 << 20));
    join();
    Transfers second =
        Transfers.of(stowage, ContentScheduler.of(ContentConfig.DEFAULT), (worker, bytes) -> 1);
    fleet.ingest(chunk("many", 90_000)).pass(1);
    cycle(30);
    long told = part(NEWS).records();
    second.follow(fleet.now());
    for (int round = 0; round < 3; round++) {
      cycle(1);
    }
    cycle(0);
    assertThat(part(NEWS).records()).isGreaterThan(told);
    replayed();
  }

  /** The retention keeps the newest records of all, and a recorder every one. */
  @Test
  void recordsOfALongRun_exceedTheRetention_andAllReplay() {
    stowage.resign();
    EvidenceConfig evidence =
        new EvidenceConfig(0, Retention.records(100), new PartEvidence(1_000, 1 << 20));
    begin(SmallFleet.config().withEvidence(evidence));
    join();
    for (int round = 0; round < 20; round++) {
      cycle(4);
    }
    cycle(0);
    assertThat(part(QUEUE).records()).isGreaterThan(500);
    assertThat(stowage.stats().partRecordsDropped()).isZero();
    assertThat(part(QUEUE).lost()).isZero();
    assertThat(Evidence.of(stowage).stats().keptRecords()).isLessThanOrEqualTo(100);
    replayed();
  }

  @Test
  void queueThatLostRecords_beginsAnewOnceItIsIdle_andIsRepeatedAgain() {
    stowage.resign();
    begin(new PartEvidence(100, 1 << 20));
    join();
    cycle(60);
    assertThat(stowage.stats().partRecordsDropped()).isPositive();
    for (int round = 0; round < 5; round++) {
      cycle(0);
    }
    cycle(1);
    cycle(0);
    List<RecordedPart> queues = parts(QUEUE);
    assertThat(queues).hasSize(2);
    assertThat(queues.get(0).lost()).isPositive();
    assertThat(queues.get(0).isWhole()).isTrue();
    assertThat(queues.get(1).lost()).isZero();
    assertThat(queues.get(1).records()).isPositive();
    replayed();
    List<EvidenceRecord> records = new ArrayList<>(recorded());
    int last = records.size() - 1;
    while (!named(records.get(last)).equals("CONTENT_SELECTED")) {
      last--;
    }
    assertThatReplayFindsAChangeOf(records, last);
  }

  @Test
  void boundsOutOfRange_areRefusedByName() {
    assertThatThrownBy(() -> new PartEvidence(-1, 1)).hasMessageContaining("mostWaiting is -1");
    assertThatThrownBy(() -> new PartEvidence(1, 0)).hasMessageContaining("Bytes is 0");
  }

  @Test
  void waitingCopy_isExplainedByWhatHoldsIt() {
    ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
    queue.limit("a", 1, new ByteRate(10, 100));
    transfers = Transfers.of(stowage, queue, (worker, bytes) -> 1).copiesOnly();
    fleet.join(100_000, "a", "b").ingest(chunk("c0", 0), chunk("c1", 10)).pass(1);
    stowage.schedule(fleet.now());
    assertThat(why("c0")).containsExactly("no follow has seen this assignment");
    transfers.follow(fleet.now());
    queue.updatePressure(new PressureSnapshot(0.99, 0, 0, 0, fleet.now()), fleet.now());
    assertThat(why("c0").get(0))
        .isEqualTo("it waits as data, which pressure in band CRITICAL holds back");
    fleet.pass(60);
    queue.updatePressure(PressureSnapshot.NONE, fleet.now());
    queue.updatePressure(new PressureSnapshot(0, 0, 0, 0, fleet.now()), fleet.now());
    assertThat(why("c0"))
        .containsExactly(
            "it waits as data behind 0 items of more urgent classes, among 3 others of its class,"
                + " since 60 s",
            "no worker possesses it, so that it comes from its origin");
    Transfers.Transfer sent = transfers.next(fleet.now()).transfer().orElseThrow();
    while (!sent.worker().equals(WorkerId.of("a"))) {
      sent = transfers.next(fleet.now()).transfer().orElseThrow();
    }
    String first = sent.chunk().orElseThrow().key().id();
    String second = first.equals("c0") ? "c1" : "c0";
    assertThat(why(first).get(0)).isEqualTo("it is on its way as transfer " + sent.id());
    assertThat(why(second).get(0))
        .isEqualTo("it waits as data for permits of its destination, at least 10 s");
    transfers.failed(sent.id(), "reset", fleet.now());
    assertThat(why(first).get(0)).isEqualTo("it failed, and is tried again in 0.1 s");
    fleet.settle();
    assertThat(why("c0")).isEmpty();
    assertThat(transfers.whyLacking(key("none"), WorkerId.of("a")).lines())
        .containsExactly("no assignment gives it to a");
  }

  private List<String> why(String chunk) {
    return transfers.whyLacking(key(chunk), WorkerId.of("a")).lines();
  }

  // ---- commits that fail ----

  @Test
  void failedCommit_leavesWhatPartsSaidForTheNext() {
    join();
    cycle(2);
    for (Fault fault : List.of(Fault.BEFORE_COMMIT, Fault.BEFORE_COMMIT_UNKNOWN)) {
      send();
      store.failNext(fault);
      assertThatThrownBy(() -> fleet.ingest(chunk("x" + fault, 5_000)))
          .isInstanceOf(StorageException.class);
      cycle(2);
    }
    cycle(0);
    assertThat(part(QUEUE).lost()).isZero();
    assertThat(part(NEWS).lost()).isZero();
    assertThat(stowage.stats().partRecordsDropped()).isZero();
    replayed();
  }

  @Test
  void commitWithoutAnAnswer_isWrittenOnce() {
    join();
    cycle(2);
    for (Fault fault : List.of(Fault.AFTER_COMMIT_UNKNOWN, Fault.BEFORE_COMMIT_UNKNOWN)) {
      for (int lost = 0; lost < 2; lost++) {
        send();
        store.failNext(fault).loseOutcomes(lost);
        try {
          fleet.ingest(chunk("y" + fault + lost, 6_000 + 100L * ingested));
        } catch (StorageException unknown) {
          assertThat(lost + fault.ordinal()).isPositive();
        }
        cycle(2);
      }
    }
    cycle(0);
    assertThat(part(QUEUE).lost()).isZero();
    assertThat(stowage.stats().partRecordsDropped()).isZero();
    replayed();
  }

  // ---- other leaders ----

  @Test
  void crash_mayLoseTheTail_whichIsSaid() {
    join();
    cycle(3);
    send();
    stowage.close();
    fixture.expireLease();
    Stowage next = SmallFleet.facade(fixture.connect(), "second");
    fleet.through(next).pass(1);
    assertThat(next.claim(fleet.now()).granted()).isTrue();
    stowage = next;
    begin(ContentScheduler.of(ContentConfig.DEFAULT));
    registerRecipients();
    cycle(2);
    cycle(0);
    List<RecordedPart> parts = RecordedPart.in(recorded());
    assertThat(parts)
        .extracting(RecordedPart::kind)
        .containsExactlyInAnyOrder(QUEUE, NEWS, QUEUE, NEWS);
    assertThat(parts).extracting(RecordedPart::isWhole).containsOnly(false);
    assertThat(parts).extracting(RecordedPart::lost).containsOnly(0L);
    assertThat(parts.get(0).toString()).endsWith("; the last ones may have been lost");
    replayed();
  }

  @Test
  void takeover_withATransferInFlight_sendsItAgainInAnotherPart() {
    fleet.join(100_000, "a", "b").ingest(chunk("c0", 0)).pass(1);
    stowage.schedule(fleet.now());
    transfers.follow(fleet.now());
    int sent = 0;
    while (transfers.next(fleet.now()).transfer().isPresent()) {
      sent++;
    }
    assertThat(sent).isPositive();
    news.follow(fleet.now());
    fleet.ingest(chunk("c1", 10));
    stowage.close();
    fixture.expireLease();
    Stowage next = SmallFleet.facade(fixture.connect(), "second");
    fleet.through(next).pass(1);
    assertThat(next.claim(fleet.now()).granted()).isTrue();
    stowage = next;
    begin(ContentScheduler.of(ContentConfig.DEFAULT));
    cycle(0);
    cycle(0);
    assertThat(parts(QUEUE)).hasSize(2).extracting(RecordedPart::lost).containsOnly(0L);
    List<EvidenceRecord> records = recorded();
    for (String step : List.of("CONTENT_SCHEDULED", "CONTENT_SELECTED")) {
      List<Integer> epochs = new ArrayList<>();
      int epoch = 0;
      for (EvidenceRecord record : records) {
        String name = named(record);
        epoch += name.equals("PART_BEGUN") && isQueue(record) ? 1 : 0;
        if (name.equals(step) && !epochs.contains(epoch)) {
          epochs.add(epoch);
        }
      }
      assertThat(epochs).as(step).containsExactly(1, 2);
    }
    replayed();
  }

  private static boolean isQueue(EvidenceRecord record) {
    return EngineReplay.catalog().explain(record).toString().contains(QUEUE);
  }

  @Test
  void resignation_writesTheTail_andSaysSo() {
    join();
    cycle(3);
    send();
    stowage.resign();
    assertThat(RecordedPart.in(recorded())).extracting(RecordedPart::isWhole).containsOnly(true);
    assertThat(part(QUEUE).toString()).endsWith(" records");
    long before = part(QUEUE).records();

    Stowage other = SmallFleet.facade(fixture.connect(), "second");
    other.claim(fleet.now());
    fleet.through(other).settle();
    other.resign();
    // The first process goes on with its transfers, which decided meanwhile.
    transfers.next(fleet.now());
    fleet.through(stowage).pass(1);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    cycle(2);
    cycle(0);
    assertThat(part(QUEUE).records()).isGreaterThan(before);
    assertThat(part(QUEUE).lost()).isZero();
    replayed();
  }

  @Test
  void follower_keepsWhatItsPartsSay_withinTheBound() {
    join();
    cycle(3);
    stowage.resign();
    assertThat(stowage.stats().leading()).isFalse();
    long before = recorded().size();
    for (int at = 0; at < 100; at++) {
      transfers.next(fleet.now());
      transfers.arrived(1);
    }
    assertThat(recorded()).hasSize((int) before);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    cycle(1);
    cycle(0);
    assertThat(part(QUEUE).lost()).isZero();
    replayed();
  }
}
