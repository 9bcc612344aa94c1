package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Propagation;
import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.StowageConfig.EvidenceConfig;
import dev.stowage.StowageConfig.LeaseConfig;
import dev.stowage.StowageConfig.PartEvidence;
import dev.stowage.StowageListener;
import dev.stowage.StowageService;
import dev.stowage.TimeBorder;
import dev.stowage.Transfers;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentQueue;
import dev.stowage.content.ContentScheduler;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.evidence.Subject;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.ChunkNumbers;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.Tick.TickLength;
import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.LoadSource;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.rebalance.PassLimit;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.store.CommandId;
import dev.stowage.store.FleetView;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.StoreInbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A null is refused by the name of its parameter, at every public method and at both doors, before
 * anything is changed. A backend extends this class, and says how its store is opened and which
 * methods of its own it has.
 */
@SuppressWarnings("NullAway") // nulls are what it is about
public abstract class NullsContract extends TwoDoors {
  private static final List<Class<?>> MODEL =
      List.of(
          BlockRange.class,
          Chunk.class,
          ChunkKey.class,
          ChunkNumber.class,
          ChunkNumbers.class,
          DatasetId.class,
          Eligibility.class,
          Incarnation.class,
          Labels.class,
          Lineage.class,
          PlacementWish.class,
          ProposedChunk.class,
          ReportHeader.class,
          Subject.class,
          Tick.class,
          TickLength.class,
          Worker.class,
          WorkerId.class,
          WorkerVersion.class);

  /** Audits would go through all of it after each command. */
  protected NullsContract() {
    super(AuditLevel.OFF);
  }

  /** The type of the store, where it has methods of its own. */
  protected Class<? extends FleetStore> storeType() {
    return FleetStore.class;
  }

  private long begun() {
    fleet.ingest(chunk("c1", 0), chunk("c2", 10)).settle();
    return SmallFleet.state(leader).digest();
  }

  @Test
  void nullOfTheFacade_isNamed_atBothDoors_andNothingIsChanged() {
    long digest = begun();
    int written = fixture.connect().evidence(0, Integer.MAX_VALUE).size();
    for (Stowage door : List.of(leader, writer)) {
      EachNull nulls = new EachNull(samples()).tries(Stowage.class, door);
      assertThat(nulls.wrong()).isEmpty();
      assertThat(nulls.tried()).hasSizeGreaterThan(50).contains("Stowage.applied missing[0]");
    }
    leader.schedule(fleet.now());
    assertThat(SmallFleet.state(leader).digest()).isEqualTo(digest);
    assertThat(fixture.connect().evidence(0, Integer.MAX_VALUE)).hasSize(written);
  }

  @Test
  void nullOfWhatTheFacadeHandsOut_isNamed() {
    begun();
    try (Stowage balanced =
        Stowage.builder(fixture.connect())
            .config(SmallFleet.config().withHolder("balanced"))
            .with(RebalanceConfig.defaults())
            .build()) {
      EachNull nulls =
          new EachNull(samples())
              .tries(Rebalancing.class, Rebalancing.of(balanced))
              .tries(TimeBorder.class, leader.time())
              .tries(FleetView.class, leader.fleet())
              .tries(FleetView.class, writer.fleet())
              .tries(PortalAssignment.class, leader.fleet().portalAssignment())
              .tries(StowageConfig.class, StowageConfig.defaults())
              .tries(Stowage.Builder.class, Stowage.builder(fixture.connect()))
              .tries(Transfers.class, Transfers.of(leader, scheduler(), (worker, bytes) -> 1));
      assertThat(nulls.wrong()).isEmpty();
      assertThat(nulls.tried()).contains("FleetView.portalSince lineage", "Builder.with option");
    }
    assertThatThrownBy(() -> Stowage.builder(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("store");
  }

  @Test
  void nullOfTheStore_isNamed_andNothingIsChanged() throws Exception {
    long digest = begun();
    try (FleetStore store = fixture.connect()) {
      EachNull nulls =
          new EachNull(samples()).tries(storeType(), store).tries(StoreInbox.class, store.inbox());
      assertThat(nulls.wrong()).isEmpty();
      assertThat(nulls.tried().toString()).contains(".ask question", ".append commands");
    }
    leader.schedule(fleet.now());
    assertThat(SmallFleet.state(leader).digest()).isEqualTo(digest);
  }

  /** Tests the types that a host makes its commands of. */
  @Test
  void nullOfTheModel_isNamed() {
    EachNull nulls = new EachNull(samples());
    for (Class<?> type : MODEL) {
      nulls.making(type);
    }
    nulls.tries(Worker.class, Worker.of(WorkerId.of("a"), 1));
    nulls.tries(Chunk.class, chunk("c", 0));
    assertThat(nulls.wrong()).isEmpty();
    assertThat(nulls.tried()).contains("Worker.of id", "Worker.isPath zone");
  }

  @Test
  void nullOfTheService_isNamed() {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    LongSupplier clock = () -> 0;
    StowageService.Pace pace = StowageService.Pace.DEFAULT;
    try {
      StowageService service = new StowageService(leader, executor, clock, pace);
      Transfers transfers = Transfers.of(leader, scheduler(), (worker, bytes) -> 1);
      AssignmentPropagation news = Propagation.of(leader, PropagationConfig.DEFAULT);
      Map<String, Runnable> made =
          Map.of(
              "samples", () -> service.observing(null),
              "service", () -> transfers.send(null, item -> {}),
              "sender", () -> transfers.send(service, null),
              "news", () -> Propagation.send(null, service, message -> {}),
              "courier", () -> Propagation.send(news, service, null),
              "work", () -> Objects.requireNonNull(service.submit(null)),
              "stowage", () -> new StowageService(null, executor, clock, pace),
              "executor", () -> new StowageService(leader, null, clock, pace),
              "clockNanos", () -> new StowageService(leader, executor, null, pace),
              "pace", () -> new StowageService(leader, executor, clock, null));
      made.forEach((name, make) ->
          assertThatThrownBy(make::run)
              .as(name)
              .isInstanceOf(NullPointerException.class)
              .hasMessage(name));
    } finally {
      executor.shutdownNow();
    }
  }

  /** Of a list that is given as several commands, too: none of them is durable. */
  @Test
  void nullFarDownAList_isNamed_beforeTheFirstCommand() {
    long digest = begun();
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < Stowage.MOST_CHUNKS_AT_ONCE + 7; at++) {
      chunks.add(chunk("far" + at, 1_000 + 10L * at));
    }
    chunks.add(null);
    String name = "chunks[" + (chunks.size() - 1) + "]";
    for (Stowage door : List.of(leader, writer)) {
      assertThatThrownBy(() -> door.ingest(chunks, fleet.now()))
          .isInstanceOf(NullPointerException.class)
          .hasMessage(name);
      assertThatThrownBy(() -> door.offer(chunks, fleet.now()))
          .isInstanceOf(NullPointerException.class)
          .hasMessage(name);
    }
    leader.schedule(fleet.now());
    assertThat(SmallFleet.state(leader).digest()).isEqualTo(digest);
  }

  @Test
  void nullFarDownAnInventory_isNamed() {
    begun();
    int most = Command.Bounds.NUMBERS;
    List<ChunkNumber> numbers =
        new ArrayList<>(Collections.nCopies(most, new ChunkNumber(leader.fleet().lineage(), 1)));
    numbers.addAll(Arrays.asList(null, null));
    for (Stowage door : List.of(leader, writer)) {
      assertThatThrownBy(() -> door.inventory(fleet.header("a"), numbers, fleet.now()))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("chunks[" + most + "]");
    }
  }

  @Test
  void part_thatIsNone_isRefused_withBothNumbers_atBothDoors() {
    long digest = begun();
    int[][] parts = {{1, 0}, {3, 2}, {0, 2}, {-1, 2}, {1, -2}, {0, 0}, {1, Integer.MIN_VALUE}};
    for (Stowage door : List.of(leader, writer)) {
      for (int[] part : parts) {
        ReportHeader report = fleet.header("a");
        assertThatThrownBy(
                () -> door.inventoryPart(report, part[0], part[1], List.of(), fleet.now()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "place is "
                    + part[0]
                    + " and of is "
                    + part[1]
                    + "; a place from 1 to of is accepted");
      }
    }
    leader.schedule(fleet.now());
    assertThat(SmallFleet.state(leader).digest()).isEqualTo(digest);
  }

  // ---- what the tests are made of ----

  private static ContentScheduler scheduler() {
    return ContentScheduler.of(ContentConfig.DEFAULT);
  }

  private Map<Class<?>, Object> samples() {
    WorkerId worker = WorkerId.of("a");
    ChunkKey key = SmallFleet.key("c1");
    Map<Class<?>, Object> samples = new HashMap<>();
    samples.put(long.class, fleet.now());
    samples.put(int.class, 1);
    samples.put(PressureSnapshot.class, PressureSnapshot.NONE);
    samples.put(LoadSource.class, LoadSource.NONE);
    samples.put(LoadGovernor.Config.class, LoadGovernor.Config.DEFAULT);
    samples.put(String.class, "text");
    samples.put(Runnable.class, (Runnable) () -> {});
    samples.put(Transfers.Sender.class, (Transfers.Sender) item -> {});
    samples.put(
        StowageService.class,
        new StowageService(
            leader, new ScheduledThreadPoolExecutor(1), () -> 0, StowageService.Pace.DEFAULT));
    samples.put(Duration.class, Duration.ofSeconds(1));
    samples.put(WorkerId.class, worker);
    samples.put(ChunkKey.class, key);
    samples.put(DatasetId.class, SmallFleet.dataset());
    samples.put(Lineage.class, leader.fleet().lineage());
    samples.put(WorkerAssignmentId.class, WorkerAssignmentId.of(1));
    samples.put(PortalAssignmentId.class, PortalAssignmentId.of(1));
    samples.put(Tick.class, Tick.of(1));
    samples.put(Worker.class, Worker.of(worker, 1));
    samples.put(Worker.Description.class, Worker.Description.of(1, "z"));
    samples.put(Object.class, "zone");
    samples.put(WorkerStatus.class, WorkerStatus.CORDONED);
    // An incarnation that nobody has: what got through would be refused, and still be an answer.
    samples.put(
        ReportHeader.class,
        new ReportHeader(worker, Incarnation.of(99), leader.fleet().lineage(), 1_000));
    samples.put(
        PlacementWish.class, PlacementWish.of(PlacementWish.Kind.PIN, key, WorkerId.of("x")));
    samples.put(LifecycleConfig.class, SmallFleet.config().fleet());
    samples.put(BlockRange.class, BlockRange.of(0, 1));
    samples.put(Eligibility.class, Eligibility.ANY);
    samples.put(Labels.class, Labels.NONE);
    samples.put(Incarnation.class, Incarnation.of(1));
    samples.put(WorkerVersion.class, WorkerVersion.ZERO);
    samples.put(OptionalInt.class, OptionalInt.empty());
    samples.put(Optional.class, Optional.empty());
    samples.put(PlacementWish.Kind.class, PlacementWish.Kind.PIN);
    samples.put(ChunkNumber.class, new ChunkNumber(leader.fleet().lineage(), 1));
    samples.put(Command.class, new Command.Remove(SmallFleet.key("nobody")));
    samples.put(
        Command.RegisterSwap.class,
        new Command.RegisterSwap(SmallFleet.dataset(), List.of(), List.of(), Coverage.SAME));
    samples.put(Subject.class, Subject.worker(worker));
    samples.put(ContentQueue.class, scheduler());
    samples.put(Transfers.PathCost.class, (Transfers.PathCost) (to, bytes) -> 1);
    samples.put(Transfers.Listener.class, new Transfers.Listener() {});
    samples.put(Transfers.Outcome.class, Transfers.Outcome.ARRIVED);
    samples.put(PropagationConfig.class, PropagationConfig.DEFAULT);
    samples.put(CommandId.class, new CommandId(1, 1));
    samples.put(LeaseRequest.class, new LeaseRequest("nulls", Duration.ofSeconds(1)));
    samples.put(CommitKey.class, new CommitKey(1, 1));
    samples.put(Runnable.class, (Runnable) () -> {});
    samples.put(PortalAssignment.class, leader.fleet().portalAssignment());
    samples.put(StowageConfig.class, StowageConfig.defaults());
    samples.put(LeaseConfig.class, LeaseConfig.DEFAULT);
    samples.put(EvidenceConfig.class, EvidenceConfig.DEFAULT);
    samples.put(PartEvidence.class, PartEvidence.DEFAULT);
    samples.put(AuditLevel.class, AuditLevel.OFF);
    samples.put(UnaryOperator.class, UnaryOperator.identity());
    samples.put(StowageListener.class, StowageListener.NONE);
    samples.put(PlacementPlanner.class, PlacementPlanner.sticky());
    samples.put(EvidenceSink.class, EvidenceSink.NONE);
    samples.put(LongSupplier.class, (LongSupplier) () -> 0);
    samples.put(RebalanceConfig.class, RebalanceConfig.defaults());
    samples.put(PassLimit.class, PassLimit.NONE);
    return samples;
  }
}
