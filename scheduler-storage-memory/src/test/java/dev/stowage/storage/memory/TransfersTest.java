package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.Transfers;
import dev.stowage.Transfers.GivenUp;
import dev.stowage.Transfers.Transfer;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentConfig.Retries;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.ItemDetails;
import dev.stowage.content.ContentQueue.FailureOutcome;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.Decision;
import dev.stowage.content.Decision.ScheduleReason;
import dev.stowage.content.PriorityClass;
import dev.stowage.contract.SmallFleet;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests transfers by assignments: classes, sources, cancellation, loss and the record. */
class TransfersTest {
  private static final ContentConfig CONFIG =
      ContentConfig.DEFAULT.withRetries(new Retries(0, 1, 1));

  private final Stowage stowage =
      SmallFleet.facade(MemoryChunkStore.builder().twin().fixedLineages().build(), "a");
  private final EvidenceLog log = EvidenceLog.of(ContentScheduler.header(CONFIG, "test"));
  private final ContentScheduler scheduler = ContentScheduler.recording(CONFIG, log);
  private final Transfers transfers =
      Transfers.of(stowage, scheduler, (worker, bytes) -> bytes / 1e6);
  private final SmallFleet fleet = new SmallFleet(stowage);

  @AfterEach
  void record_replaysFromItsInputsAlone() {
    ReplayResult again = Replayer.run(log.header(), log.records(), ContentScheduler.factory());
    again.requireSame();
    stowage.close();
  }

  private void begin() {
    stowage.claim(fleet.now());
    fleet.join(1_000, "w1", "w2", "w3").ingest(SmallFleet.chunk("c1", 0));
    fleet.pass(1);
    stowage.schedule(fleet.now());
  }

  private List<Transfer> drain() {
    return drain(transfers);
  }

  private List<Transfer> drain(Transfers from) {
    List<Transfer> all = new ArrayList<>();
    Optional<Transfer> next = from.next(fleet.now()).transfer();
    while (next.isPresent()) {
      all.add(next.get());
      next = from.next(fleet.now()).transfer();
    }
    return all;
  }

  private static PriorityClass classOf(Transfers.Next next) {
    return ((Decision.Selected) next.decision()).item().priorityClass();
  }

  @Test
  void firstAssignment_sendsSlicesAsManifest_thenCopiesFromTheOrigin() {
    begin();
    int queued = transfers.follow(fleet.now());
    List<PriorityClass> classes = new ArrayList<>();
    for (int i = 0; i < queued; i++) {
      Transfers.Next next = transfers.next(fleet.now());
      Transfer transfer = next.transfer().orElseThrow();
      classes.add(classOf(next));
      assertThat(transfer.chunk().isPresent()).isEqualTo(classOf(next) != PriorityClass.MANIFEST);
      assertThat(transfer.sources()).isEmpty();
      assertThat(transfers.arrived(transfer.id())).isTrue();
    }
    assertThat(classes)
        .contains(PriorityClass.MANIFEST)
        .filteredOn(c -> c == PriorityClass.DATA)
        .as("the floor is 2")
        .hasSize(2);
    assertThat(transfers.next(fleet.now()).decision()).isEqualTo(Decision.IDLE);
    assertThat(transfers.follow(fleet.now())).as("nothing is new").isZero();
  }

  @Test
  void whatIsGivenUp_isQueuedAgainByFollowing_untilTheWorkerHasIt() {
    begin();
    int queued = transfers.follow(fleet.now());
    List<GivenUp> told = new ArrayList<>();
    transfers.listen(
        new Transfers.Listener() {
          @Override
          public void givenUp(GivenUp transfer) {
            told.add(transfer);
          }
        });
    for (Transfer transfer : drain()) {
      assertThat(transfers.failed(transfer.id(), "reset", fleet.now()))
          .isInstanceOf(FailureOutcome.GivenUp.class);
      assertThat(told.get(told.size() - 1))
          .isEqualTo(
              new GivenUp(transfer.id(), transfer.worker(), transfer.chunk(), GivenUp.Why.FAILED));
    }
    assertThat(told).hasSize(queued);
    assertThat(transfers.givenUpCount()).isEqualTo(queued);
    assertThat(transfers.owedCount()).isEqualTo(queued);
    assertThat(transfers.follow(fleet.now())).isEqualTo(queued);
    assertThat(transfers.owedCount()).isZero();
    assertThat(transfers.follow(fleet.now())).isZero();
    assertThat(transfers.reconcile(fleet.now())).as("only the slices, anew").isEqualTo(3);
    fleet.fetch();
    fleet.settle();
    transfers.reconcile(fleet.now());
    assertThat(drain()).as("every copy is there").allMatch(t -> t.chunk().isEmpty());
  }

  /** Each item queued is answered once, as one of the four, whoever queued it. */
  @Test
  void everyItem_ofTransfersAndOfTheHost_isAnsweredOnce() {
    begin();
    int queued = transfers.follow(fleet.now());
    for (int id = 1; id <= 3; id++) {
      ContentItem item = ContentItem.of(id, PriorityClass.TELEMETRY, 10, 0.1, 1);
      scheduler.schedule(item, fleet.now());
    }
    Set<Long> sent = new HashSet<>();
    int foreign = 0;
    Transfers.Next next = transfers.next(fleet.now());
    while (next instanceof Transfers.ToSend item) {
      assertThat(sent.add(item.id())).as("answered twice: %s", item).isTrue();
      foreign += item instanceof Transfers.Foreign ? 1 : 0;
      next = transfers.next(fleet.now());
    }
    assertThat(foreign).isEqualTo(3);
    assertThat(sent).hasSize(queued + 3);
    assertThat(next).isInstanceOf(Transfers.Idle.class);
    assertThat(sent).allMatch(scheduler::isInFlight);
  }

  @Test
  void answerThatThrottles_losesNoItem() {
    begin();
    int queued = transfers.follow(fleet.now());
    scheduler.schedule(ContentItem.of(7, PriorityClass.TELEMETRY, 10, 0.1, 1), fleet.now());
    press(0.99);
    while (transfers.next(fleet.now()) instanceof Transfers.ToSend item) {
      assertThat(transfers.arrived(item.id())).isTrue();
    }
    int left = scheduler.pendingCount();
    assertThat(left).isPositive();
    assertThat(transfers.next(fleet.now())).isInstanceOf(Transfers.Throttled.class);
    assertThat(scheduler.pendingCount()).as("after %s", queued).isEqualTo(left);
    press(0);
    int rest = 0;
    while (transfers.next(fleet.now()) instanceof Transfers.ToSend) {
      rest++;
    }
    assertThat(rest).isEqualTo(left);
  }

  @Test
  void answerThatFails_owesItsTransfer_andLosesNoItem() {
    StoreInDoubt store = new StoreInDoubt();
    try (Stowage own = SmallFleet.facade(store, "a")) {
      SmallFleet small = new SmallFleet(own);
      ContentScheduler shared = ContentScheduler.of(CONFIG);
      Transfers all = Transfers.of(own, shared, (worker, bytes) -> 1);
      own.claim(small.now());
      small.join(1_000, "w1", "w2", "w3").ingest(SmallFleet.chunk("c1", 0)).pass(1);
      own.schedule(small.now());
      int queued = all.follow(small.now());
      shared.schedule(ContentItem.of(7, PriorityClass.TELEMETRY, 10, 0.1, 1), small.now());
      store.isInDoubt = true;
      assertThatThrownBy(() -> own.setStatus(WorkerId.of("w1"), WorkerStatus.ACTIVE, small.now()))
          .isInstanceOf(StorageException.Corrupt.class);
      assertThatThrownBy(() -> all.next(small.now())).isInstanceOf(StorageException.Corrupt.class);
      store.isInDoubt = false;
      assertThat(all.follow(small.now())).as("owed").isEqualTo(1);
      Set<Long> sent = new HashSet<>();
      while (all.next(small.now()) instanceof Transfers.ToSend item) {
        sent.add(item.id());
      }
      assertThat(sent).hasSize(queued + 1).contains(7L);
    }
  }

  /** While in doubt it begins no transaction, and its rows cannot be read. */
  private static final class StoreInDoubt extends ForwardingStore {
    private boolean isInDoubt;

    StoreInDoubt() {
      super(MemoryChunkStore.builder().twin().fixedLineages().build());
    }

    private void requireSure() {
      if (isInDoubt) {
        throw new StorageException.Corrupt("in doubt", null);
      }
    }

    @Override
    protected StoreSession session(StoreSession granted) {
      return new ForwardingSession(granted) {
        @Override
        public StoreTransaction begin() {
          requireSure();
          return super.begin();
        }

        @Override
        public LoadedFleet load() {
          requireSure();
          return super.load();
        }
      };
    }
  }

  private void press(double cpu) {
    scheduler.updatePressure(new PressureSnapshot(0, cpu, 0, 0, fleet.now()), fleet.now());
  }

  @Test
  void copiesThatCostNothing_areRankedByWhatIsAtStake() {
    Transfers costless = Transfers.of(stowage, ContentScheduler.of(CONFIG), (worker, bytes) -> 0);
    stowage.claim(fleet.now());
    fleet.join(100_000, "w1", "w2").ingest(SmallFleet.chunk("old", 0));
    fleet.settle();
    for (int i = 0; i < 5; i++) {
      fleet.ingest(SmallFleet.chunk("new" + i, 1_000L + 10L * i));
    }
    fleet.pass(1);
    stowage.schedule(fleet.now());
    costless.copiesOnly().follow(fleet.now());
    stowage.lost(fleet.header("w2"), List.copyOf(fleet.disk("w2")), fleet.now());
    stowage.schedule(fleet.pass(1).now());
    costless.reconcile(fleet.now());
    assertThat(drain(costless))
        .filteredOn(it -> it.worker().equals(WorkerId.of("w2")))
        .extracting(it -> it.chunk().orElseThrow().key().id())
        .hasSize(6)
        .startsWith("old");
  }

  @Test
  void sliceThatHasNoRoom_isQueuedByTheFollowThatFindsRoom() {
    ContentScheduler small =
        ContentScheduler.of(
            CONFIG.withLimits(
                new QueueLimits(1, 1 << 20, 1, 1 << 20, QueueLimits.Overflow.REJECT)));
    Transfers crowded = Transfers.of(stowage, small, (worker, bytes) -> bytes / 1e6);
    begin();
    List<WorkerId> slices = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      crowded.follow(fleet.now());
      Optional<Transfer> next = crowded.next(fleet.now()).transfer();
      next.ifPresent(transfer -> crowded.arrived(transfer.id()));
      next.filter(it -> it.chunk().isEmpty()).ifPresent(it -> slices.add(it.worker()));
    }
    assertThat(slices)
        .containsExactlyInAnyOrder(WorkerId.of("w1"), WorkerId.of("w2"), WorkerId.of("w3"));
  }

  @Test
  void failureOfATransferThatWaitsStill_isUnknown_andChangesNothing() {
    begin();
    int queued = transfers.follow(fleet.now());
    long sent = transfers.next(fleet.now()).transfer().orElseThrow().id();
    long waiting =
        LongStream.of(sent - 1, sent + 1).filter(scheduler::isPending).findAny().orElseThrow();
    assertThat(transfers.failed(waiting, "early", fleet.now()))
        .isInstanceOf(FailureOutcome.Unknown.class);
    assertThat(transfers.follow(fleet.now())).isZero();
    assertThat(drain()).hasSize(queued - 1);
  }

  @Test
  void answerForATransferOfAnotherLeaderOrOfFormerTransfers_endsNoneOfThese() {
    begin();
    transfers.follow(fleet.now());
    Set<Long> before = new HashSet<>(drain().stream().map(Transfer::id).toList());
    ContentScheduler anew = ContentScheduler.of(ContentConfig.DEFAULT);
    Transfers others = Transfers.of(stowage, anew, (worker, bytes) -> 1);
    others.follow(fleet.now());
    assertThat(before).isNotEmpty().noneMatch(anew::isPending).noneMatch(others::arrived);

    stowage.resign();
    stowage.claim(fleet.pass(1).now());
    anew = ContentScheduler.of(ContentConfig.DEFAULT);
    others = Transfers.of(stowage, anew, (worker, bytes) -> 1);
    others.follow(fleet.now());
    assertThat(anew.pendingCount()).isPositive();
    assertThat(before).noneMatch(anew::isPending).noneMatch(others::arrived);
  }

  @Test
  void itemOfTheHost_thatTheSchedulerDropped_isTold() {
    begin();
    List<Long> lost = new ArrayList<>();
    transfers.listen(
        new Transfers.Listener() {
          @Override
          public void foreignLost(long id) {
            lost.add(id);
          }
        });
    ContentItem item =
        ContentItem.of(7, PriorityClass.TELEMETRY, 10, 0.1, 1)
            .with(ItemDetails.NONE.withDeadline(fleet.now() + 1));
    scheduler.schedule(item, fleet.now());
    assertThat(transfers.next(fleet.pass(1).now())).isInstanceOf(Transfers.Idle.class);
    assertThat(lost).containsExactly(7L);
    assertThat(transfers.givenUpCount()).isZero();
  }

  @Test
  void costThatIsNoNumber_isRefused_andTheNextFollowQueuesAll() {
    double[] seconds = {Double.NaN};
    Transfers odd =
        Transfers.of(stowage, ContentScheduler.of(CONFIG), (worker, bytes) -> seconds[0]);
    begin();
    assertThatThrownBy(() -> odd.follow(fleet.now()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN seconds");
    seconds[0] = 1;
    assertThat(odd.follow(fleet.now())).as("three slices, three copies").isEqualTo(6);
  }

  @Test
  void copyThatArrived_andIsNotReportedYet_isNotSentAgainByFollowing() {
    begin();
    transfers.follow(fleet.now());
    drain().forEach(transfer -> transfers.arrived(transfer.id()));
    fleet.fetch("w1");
    stowage.schedule(fleet.pass(1).now());
    transfers.copiesOnly();
    assertThat(transfers.follow(fleet.now())).isZero();
    assertThat(transfers.reconcile(fleet.now())).as("w2 and w3 never reported").isEqualTo(2);
  }

  @Test
  void workerWithoutALane_waits_untilOneIsGivenBack() {
    begin();
    ContentScheduler lanes = ContentScheduler.of(ContentConfig.DEFAULT.withMaxStreams(2));
    Transfers narrow = Transfers.of(stowage, lanes, (worker, bytes) -> bytes / 1e6).copiesOnly();
    assertThat(narrow.follow(fleet.now())).isEqualTo(3);
    Transfer first = narrow.next(fleet.now()).transfer().orElseThrow();
    assertThat(narrow.next(fleet.now()).transfer()).isPresent();
    assertThat(narrow.next(fleet.now()))
        .isInstanceOfSatisfying(
            Transfers.Throttled.class,
            it -> assertThat(it.decision().evidence().reason()).isEqualTo(ScheduleReason.NO_LANE));
    assertThat(narrow.arrived(first.id())).isTrue();
    assertThat(narrow.next(fleet.now()).transfer()).isPresent();
    assertThat(narrow.next(fleet.now()).transfer()).isEmpty();
  }
}
