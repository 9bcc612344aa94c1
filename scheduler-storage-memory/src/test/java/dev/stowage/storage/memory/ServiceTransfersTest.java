package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.StowageException;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.StowageService.State;
import dev.stowage.Transfers;
import dev.stowage.Transfers.Outcome;
import dev.stowage.Transfers.Transfer;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentQueue.FailureOutcome;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.contract.AuditExtension;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.PortalId;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.PropagationConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Transfers and propagation that a service runs, over transports of a host. */
class ServiceTransfersTest {
  private static final long SECOND = 1_000_000_000L;

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong clock = new AtomicLong(SECOND);
  private final MemoryChunkStore store =
      MemoryChunkStore.builder().twin().leaseClock(clock::get).fixedLineages().build();
  private final Stowage stowage = audit.watch(SmallFleet.facade(store, "first"));
  private final SmallFleet fleet = new SmallFleet(stowage);
  private final ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
  private final Transfers transfers =
      Transfers.of(stowage, queue, (worker, bytes) -> 1).copiesOnly();
  private final StowageService service =
      new StowageService(stowage, executor, clock::get, Pace.DEFAULT);
  private final List<Transfer> sent = new ArrayList<>();

  @AfterEach
  void stopThreads() {
    executor.shutdownNow();
  }

  private void take(Transfers.ToSend item) {
    sent.add((Transfer) item);
  }

  private boolean turn() {
    clock.addAndGet(SECOND);
    fleet.pass(1);
    return service.turn();
  }

  /** Begins with three workers and, in the next assignment, this many chunks of two copies. */
  private void begin(int chunks) {
    turn();
    fleet.join(10_000, "a", "b");
    for (int at = 0; at < chunks; at++) {
      fleet.ingest(chunk("c" + at, 10L * at));
    }
  }

  private <T> T told(CompletableFuture<T> answer) {
    assertThat(answer).isNotDone();
    service.deliver();
    return answer.join();
  }

  private boolean arrived(long id) {
    return told(submitted(now -> transfers.arrived(id)));
  }

  private FailureOutcome failed(long id) {
    return told(submitted(now -> transfers.failed(id, "reset", now)));
  }

  @Test
  void transfersOfAnotherFacade_areRefused() {
    ContentScheduler other = ContentScheduler.of(ContentConfig.DEFAULT);
    try (Stowage elsewhere =
        SmallFleet.facade(MemoryChunkStore.builder().twin().build(), "elsewhere")) {
      Transfers theirs = Transfers.of(elsewhere, other, (worker, bytes) -> 1);
      assertThatThrownBy(() -> theirs.send(service, this::take))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "transfers belong to another Stowage than the service; pass those of its own");
    }
    transfers.send(service, this::take);
  }

  // ---- from ingest to routes ----

  /** A host whose connections break, and whose arrivals come turns later and in another order. */
  private final class FlakyHost implements Transfers.Sender {
    private final Transfers transfers;
    private final Map<Long, Transfer> onTheWay = new TreeMap<>();
    private final Map<WorkerId, Set<ChunkNumber>> disks = new TreeMap<>();
    private int offered;
    private int thrown;
    private int broken;

    FlakyHost(Transfers transfers) {
      this.transfers = transfers;
    }

    @Override
    public void send(Transfers.ToSend item) {
      Transfer transfer = (Transfer) item;
      offered++;
      if (offered % 5 == 0) {
        thrown++;
        if (thrown % 2 == 0) {
          throw new StackOverflowError("made up");
        }
        throw new IllegalStateException("no connection");
      }
      assertThat(onTheWay.values())
          .as("no copy is sent twice at once")
          .noneMatch(
              it -> it.worker().equals(transfer.worker()) && it.chunk().equals(transfer.chunk()));
      onTheWay.put(transfer.id(), transfer);
      assertThat(onTheWay).hasSizeLessThanOrEqualTo(4);
    }

    /** Ends the older half of what is on the way, or all of it; every seventh breaks. */
    void end(int turn) {
      List<Transfer> all = new ArrayList<>(onTheWay.values());
      for (Transfer each : all.subList(0, turn % 3 == 0 ? all.size() : all.size() / 2)) {
        onTheWay.remove(each.id());
        if (each.id() % 7 == 3 && broken < 10) {
          broken++;
          handIn(now -> transfers.failed(each.id(), "reset", now));
        } else {
          SliceEntry entry = each.chunk().orElseThrow();
          disks.computeIfAbsent(each.worker(), it -> new HashSet<>()).add(entry.number());
          handIn(now -> transfers.arrived(each.id()));
          handIn(now ->
              transfers.observedFromOrigin(
                  each.worker(), entry.sizeBytes(), SECOND, Outcome.ARRIVED, now));
        }
      }
    }

    /** Every worker reports what it has of its slice. */
    void report() {
      for (String name : List.of("a", "b")) {
        WorkerSlice slice = stowage.fleet().slice(WorkerId.of(name)).orElseThrow();
        Set<ChunkNumber> disk = disks.getOrDefault(slice.worker(), Set.of());
        List<ChunkNumber> missing =
            slice.entries().stream()
                .map(SliceEntry::number)
                .filter(it -> !disk.contains(it))
                .toList();
        stowage.applied(fleet.header(name), slice.id(), missing, fleet.now());
      }
    }
  }

  @Test
  void chunks_reachTheRoutes_overASenderThatFailsAndIsLate() {
    ContentScheduler narrow = ContentScheduler.of(ContentConfig.DEFAULT.withInFlightLimit(4));
    Transfers few = Transfers.of(stowage, narrow, (worker, bytes) -> 1).copiesOnly();
    FlakyHost host = new FlakyHost(few);
    few.send(service, host);
    begin(20);
    for (int turn = 0; turn < 60; turn++) {
      assertThat(turn()).isTrue();
      host.end(turn);
      host.report();
    }
    for (int at = 0; at < 20; at++) {
      assertThat(stowage.status(List.of(key("c" + at))).get(0).state())
          .contains(ChunkState.VISIBLE);
    }
    assertThat(host.onTheWay).isEmpty();
    assertThat(host.broken).isPositive();
    assertThat(host.thrown).isGreaterThan(1);
    assertThat(stowage.lastHostFailure()).isPresent();
    assertThat(stowage.stats().hostFailures()).isEqualTo(host.thrown);
    assertThat(service.status().failedTurns()).isZero();
    assertThat(few.observedCount()).isEqualTo(40);
    assertThat(narrow.pendingCount()).isZero();
  }

  @Test
  void senderThatThrowsForOneWorker_holdsUpNobodyElse() {
    AtomicLong thrown = new AtomicLong();
    transfers.send(
        service,
        item -> {
          Transfer transfer = (Transfer) item;
          if (transfer.worker().equals(WorkerId.of("a"))) {
            thrown.incrementAndGet();
            throw new IllegalStateException("no way to a");
          }
          sent.add(transfer);
          service.submit(now -> transfers.arrived(transfer.id()));
        });
    begin(90);
    turn();
    while (queue.stats().inFlight() > 0) {
      service.deliver();
    }
    assertThat(sent).as("what b lacks").hasSize(90);
    assertThat(thrown.get()).isBetween(1L, 20L);
  }

  @Test
  void costThatThrows_failsTheTurn_whichPublishesAllTheSame() {
    ContentScheduler other = ContentScheduler.of(ContentConfig.DEFAULT);
    Transfers costly =
        Transfers.of(
            stowage,
            other,
            (worker, bytes) -> {
              throw new IllegalStateException("no table");
            });
    costly.send(service, this::take);
    begin(1);
    assertThat(turn()).isFalse();
    fleet.fetch();
    assertThat(turn()).isFalse();
    assertThat(service.reason()).contains("no table");
    assertThat(stowage.status(List.of(key("c0"))).get(0).state()).contains(ChunkState.VISIBLE);
  }

  @Test
  void workerIsPacedByItsDownlink_asItDescribesIt() {
    transfers.send(service, this::take);
    turn();
    fleet.join(1L << 30, "a");
    turn();
    fleet.join(1L << 30, "late");
    Worker late = Worker.of(WorkerId.of("late"), 1L << 30);
    stowage.describe(late.withDownlink(1L << 20), fleet.now());
    fleet.ingest(large("c1", 0), large("c2", 10));
    turn();
    assertThat(sent).extracting(Transfer::worker).as("8 MiB at once").hasSize(3);
    turn();
    assertThat(sent).hasSize(3);
    for (int seconds = 0; seconds < 4; seconds++) {
      turn();
    }
    assertThat(sent).as("another second of a MiB for each").hasSize(4);
    fleet.ingest(large("c3", 20));
    turn();
    assertThat(sent).hasSize(5);
    stowage.describe(late, fleet.now());
    turn();
    assertThat(sent).hasSize(6);
  }

  private static Chunk large(String id, long first) {
    Chunk small = chunk(id, first);
    return Chunk.of(small.key(), small.range(), 6L << 20);
  }

  // ---- who leads ----

  @Test
  void processThatLeadsAgain_sendsNothingTwice() {
    transfers.send(service, this::take);
    begin(1);
    turn();
    assertThat(sent).hasSize(2);
    stowage.resign();
    Stowage other = audit.watch(SmallFleet.facade(store, "second"));
    assertThat(other.claim(clock.get()).granted()).isTrue();
    assertThat(turn()).isFalse();
    assertThat(service.state()).isEqualTo(State.STANDBY);
    other.resign();
    assertThat(turn()).isTrue();
    assertThat(sent).as("both are on the way still").hasSize(2);
    assertThat(failed(sent.get(0).id())).isInstanceOf(FailureOutcome.Retry.class);
    turn();
    assertThat(sent).hasSize(3);
  }

  @Test
  void processThatFollows_sendsItemsOfTheHostAlone() {
    List<Transfers.ToSend> offered = new ArrayList<>();
    transfers.send(
        service,
        item -> {
          offered.add(item);
          if (offered.size() <= 2) {
            throw new IllegalStateException("no connection");
          }
        });
    begin(1);
    turn();
    stowage.resign();
    Stowage other = audit.watch(SmallFleet.facade(store, "second"));
    other.claim(clock.get());
    assertThat(offered).hasSize(2);
    CompletableFuture<Boolean> queued =
        submitted(now ->
            queue.schedule(ContentItem.of(7, PriorityClass.PROOF, 10, 1, 1), now).isAccepted());
    assertThat(turn()).isFalse();
    assertThat(queued).isCompletedWithValue(true);
    assertThat(offered).hasSize(3).last().isInstanceOf(Transfers.Foreign.class);
    assertThat(offered.get(2).id()).isEqualTo(7);
    assertThat(transfers.givenUpCount()).isEqualTo(2);
    other.resign();
    turn();
    assertThat(offered).hasSize(5);
  }

  // ---- what is submitted ----

  @Test
  void answers_areTyped_whateverIsTold() {
    transfers.send(service, this::take);
    begin(1);
    turn();
    long id = sent.get(0).id();
    WorkerId worker = sent.get(0).worker();
    WorkerId nobody = WorkerId.of("nobody");
    assertThat(arrived(5)).isFalse();
    assertThat(failed(5)).isEqualTo(new FailureOutcome.Unknown());
    assertThat(arrived(id)).isTrue();
    assertThat(arrived(id)).as("twice").isFalse();
    assertThat(failed(id)).isEqualTo(new FailureOutcome.Unknown());
    CompletableFuture<Transfers.Observed> observed =
        submitted(now -> transfers.observed(nobody, worker, 1, 1, Outcome.ARRIVED, now));
    assertThat(told(observed)).isEqualTo(Transfers.Observed.UNKNOWN_SOURCE);
    CompletableFuture<Transfers.Observed> wrong =
        submitted(now -> transfers.observedFromOrigin(worker, -1, 1, Outcome.ARRIVED, now));
    service.deliver();
    assertThatThrownBy(wrong::join).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(service.status().failedTurns()).isZero();
  }

  @Test
  void submission_afterClose_isRefused_andOneBefore_isAnswered() {
    transfers.send(service, this::take);
    begin(1);
    turn();
    CompletableFuture<Boolean> waiting = submitted(now -> transfers.arrived(sent.get(0).id()));
    service.close();
    assertThatThrownBy(waiting::join)
        .cause()
        .isInstanceOfSatisfying(
            StowageException.class,
            e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.CLOSED));
    assertThatThrownBy(() -> submitted(now -> true))
        .isInstanceOf(StowageException.class)
        .hasMessage("the service has stopped: closed");
    assertThatThrownBy(service::deliver).isInstanceOf(StowageException.class);
  }

  @Test
  void senderThatClosesTheService_isGivenNothingMore() {
    transfers.send(
        service,
        item -> {
          service.close();
          take(item);
        });
    begin(3);
    turn();
    assertThat(sent).hasSize(1);
  }

  @Test
  void transfers_areTakenOnce() {
    transfers.send(service, this::take);
    assertThatThrownBy(() -> transfers.send(service, this::take))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void startedService_doesWhatIsSubmitted_beforeItsNextTurn() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    Duration day = Duration.ofDays(1);
    try (StowageService slow =
        new StowageService(
            stowage,
            executor,
            () -> {
              first.countDown();
              return clock.get();
            },
            new Pace(day, day, day))) {
      slow.start();
      assertThat(first.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(slow.submit(now -> now).toCompletableFuture().get(1, TimeUnit.MINUTES))
          .isEqualTo(SECOND);
    }
  }

  // ---- propagation ----

  @Test
  void news_reachWorkersAndPortals_andWhatTheCourierThrowsAt_goesAgain() {
    AssignmentPropagation news = Propagation.of(stowage, PropagationConfig.DEFAULT);
    List<Message> told = new ArrayList<>();
    List<Message> lost = new ArrayList<>();
    Propagation.send(
        news,
        service,
        message -> {
          if (message instanceof Message.Slice && lost.isEmpty()) {
            lost.add(message);
            throw new IllegalStateException("no connection");
          }
          told.add(message);
        });
    begin(1);
    handIn(now -> news.register(WorkerId.of("a"), now));
    handIn(now -> news.register(PortalId.of("p"), now));
    for (int i = 0; i < 4; i++) {
      turn();
      fleet.fetch();
    }
    assertThat(lost).hasSize(1);
    assertThat(told)
        .filteredOn(Message.Slice.class::isInstance)
        .singleElement()
        .satisfies(it -> assertThat(((Message.Slice) it).isFull()).isTrue());
    assertThat(told).filteredOn(Message.Routes.class::isInstance).isNotEmpty();
    assertThat(stowage.stats().hostFailures()).isEqualTo(1);
    assertThat(service.status().failedTurns()).isZero();
  }

  @Test
  void news_areDueBetweenTurns() {
    AssignmentPropagation news = Propagation.of(stowage, PropagationConfig.DEFAULT);
    List<Message> told = new ArrayList<>();
    Propagation.send(news, service, told::add);
    begin(1);
    handIn(now -> news.register(WorkerId.of("a"), now));
    turn();
    assertThat(told).isEmpty();
    long due = service.deliver();
    assertThat(due).isEqualTo(10_000_000L);
    clock.addAndGet(due);
    service.deliver();
    assertThat(told).hasSize(1);
  }

  private <T> CompletableFuture<T> submitted(LongFunction<T> work) {
    return service.submit(work).toCompletableFuture();
  }

  /** Hands in work whose effects show elsewhere. */
  private void handIn(LongFunction<?> work) {
    service.submit(work);
  }
}
