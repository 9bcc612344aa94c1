package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.dataset;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Evidence;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.EvidenceConfig;
import dev.stowage.StowageException;
import dev.stowage.StowageListener;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Annex;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Replayer;
import dev.stowage.evidence.Replayer.ReplayResult;
import dev.stowage.evidence.Retention;
import dev.stowage.evidence.Subject;
import dev.stowage.evidence.Verifier;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.documents.Route;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.Chunk;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.pressure.LoadSource.LoadSignals;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.pressure.PressureSnapshot.PressureBand;
import dev.stowage.replay.Deed;
import dev.stowage.replay.EngineReplay;
import dev.stowage.store.CommandId;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The facade end to end on a backend: a small fleet, crashes at every point, a second leader,
 * faults of the store. A backend extends this class, says how its store is opened, and changes
 * nothing else.
 */
public abstract class StowageContract {
  private static final long RETRY_AFTER_NANOS = 100_000_000;

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private StoreFixture fixture;
  private FleetStore store;
  private Stowage stowage;
  private SmallFleet fleet;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openFleet() {
    fixture = open();
    store = fixture.connect();
    stowage = audit.watch(SmallFleet.facade(store, "first"));
    fleet = new SmallFleet(stowage);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
  }

  @AfterEach
  void closeFleet() {
    fixture.close();
  }

  // ---- the way of a chunk ----

  @Test
  void chunk_goesAllTheWay() {
    fleet.join(1_000, "a", "b", "c").ingest(chunk("c1", 0));
    assertThat(stateOf("c1")).isEqualTo(ChunkState.ADMITTED);
    assertThat(stowage.schedule(fleet.now()).minted()).isPresent();
    assertThat(stowage.publish(fleet.now()).promoted()).as("nobody has the bytes yet").isEmpty();
    fleet.fetch();
    assertThat(stowage.publish(fleet.now()).promoted()).containsExactly(key("c1"));
    Route route = stowage.fleet().portalAssignment().route(dataset(), 5).orElseThrow();
    assertThat(route.key()).isEqualTo(key("c1"));
    assertThat(route.workers()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(stowage.fleet().portalAssignment().route(dataset(), 10)).isEmpty();
    assertThat(stowage.head(dataset()).coveredTo()).hasValue(9);
  }

  @Test
  void deltas_afterACrash_leadToTheFullDocument() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    var known = stowage.fleet().portalAssignment();
    restart();
    fleet.ingest(chunk("c2", 10)).settle();
    RoutesDocument delta = stowage.fleet().portalSince(known.lineage(), known.id());
    List<Route> held = new ArrayList<>(delta.from().isPresent() ? known.routes() : List.of());
    held.removeIf(route -> delta.removed().contains(route.key()));
    held.addAll(delta.put());
    assertThat(held).isEqualTo(stowage.fleet().portalAssignment().routes());
    assertThat(delta.from().isPresent()).isEqualTo(fixture.keepsAssignments());
  }

  @Test
  void heartbeats_withPressureOfAnUnknownWorker_thatIsNoReading_orOld_areAnswered() {
    fleet.join(1_000, "a").pass(100);
    ReportHeader known = fleet.header("a");
    ReportHeader unknown =
        new ReportHeader(WorkerId.of("x"), known.incarnation(), known.lineage(), 1);
    assertThat(stowage.heartbeat(unknown, PressureSnapshot.NONE, fleet.now()).code())
        .isEqualTo(ResultCode.UNKNOWN_WORKER);
    PressureSnapshot broken = new PressureSnapshot(0, 0, 1.5, Double.NaN, 0);
    assertThat(stowage.stats().suspectSamples()).isZero();
    Result.Answer suspect = stowage.heartbeat(known, broken, fleet.now());
    assertThat(suspect.code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(suspect.reasons())
        .containsExactly(
            "CPU is 1.5; 0 to 1 are accepted, it counts as 1",
            "MEMORY is NaN; 0 to 1 are accepted, it counts as 1");
    assertThat(stowage.stats().suspectSamples()).isEqualTo(1);
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.CRITICAL);
    stowage.heartbeat(fleet.header("a"), PressureSnapshot.NONE, fleet.now());
    assertThat(stowage.schedule(fleet.pass(1).now()).pressure()).isEqualTo(PressureBand.NORMAL);
    stowage.heartbeat(fleet.header("a"), broken, fleet.now());
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.CRITICAL);
    stowage.heartbeat(fleet.header("a"), fleet.pass(30).now());
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.CRITICAL);
    stowage.heartbeat(fleet.header("a"), fleet.pass(1).now());
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.NORMAL);
    stowage.heartbeat(fleet.header("a"), broken, fleet.now());
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.CRITICAL);
    fleet.register("a");
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.NORMAL);
  }

  @Test
  void observations_thatAreOld_late_orNoReadings_areAnswered() {
    fleet.join(1_000, "a", "b");
    fleet.pass(100);
    assertThat(observe(0.0).code()).isEqualTo(ResultCode.ACCEPTED);
    long digest = stowage.stats().digest();
    assertThat(observe(0.0).code()).isEqualTo(ResultCode.ACCEPTED);
    assertThat(stowage.stats().digest()).isEqualTo(digest);
    PressureSnapshot late = new PressureSnapshot(1, 1, 1, 1, fleet.now() - 9_000_000_000L);
    assertThat(stowage.observe(late, fleet.now()).code()).isEqualTo(ResultCode.STALE);
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.NORMAL);
    fleet.pass(30);
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.NORMAL);
    fleet.pass(1);
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.ELEVATED);
    PressureSnapshot broken = new PressureSnapshot(0, 0, Double.NaN, -1, Long.MAX_VALUE);
    Result.Answer suspect = stowage.observe(broken, fleet.now());
    assertThat(suspect.isAccepted()).isTrue();
    assertThat(suspect.reasons())
        .containsExactly(
            "CPU is NaN; 0 to 1 are accepted, it counts as 1",
            "MEMORY is -1.0; 0 to 1 are accepted, it counts as 1");
    assertThat(stowage.schedule(fleet.now()).pressure()).isEqualTo(PressureBand.CRITICAL);
    Annex garbage = new Annex(KeptValue.OBSERVED_PRESSURE.kind(), new byte[] {9});
    assertThat(stowage.execute(new LeaderCommand.Keep(garbage), fleet.now()).code())
        .isEqualTo(ResultCode.INVALID);
    assertThat(stowage.preview(fleet.now()).pressure()).isEqualTo(PressureBand.CRITICAL);
    stowage.resign();
    assertThatThrownBy(() -> observe(0.5)).isInstanceOf(StowageException.class);
  }

  @Test
  void governor_ofAFollower_asksForWaiting_andRefuses_whatTheLeaderTakesIn() {
    fleet.join(1_000, "a", "b");
    AtomicReference<LoadSignals> load = new AtomicReference<>(LoadSignals.idle());
    LoadGovernor.Config enforced = new LoadGovernor.Config(LoadGovernor.Mode.ENFORCE, 0);
    List<String> heard = new ArrayList<>();
    Stowage follower =
        Stowage.builder(store)
            .config(SmallFleet.config().withHolder("guarded"))
            .with(new LoadGovernor(enforced, now -> load.get()))
            .listener(hearing(heard))
            .build();
    Result.Batch idle = follower.ingest(List.of(chunk("c1", 0)), fleet.now());
    assertThat(idle.code()).isEqualTo(ResultCode.REQUESTED);
    assertThat(idle.retryAfterNanos()).isZero();
    load.set(LoadSignals.idle().with(LoadSignals.LoadSignal.CHANNEL_BACKLOG, 0.7001));
    Result.Batch slowed = follower.offer(List.of(chunk("c2", 10)), fleet.now());
    assertThat(slowed.isAccepted()).isTrue();
    assertThat(slowed.retryAfterNanos()).isEqualTo(RETRY_AFTER_NANOS);
    load.set(LoadSignals.idle().with(LoadSignals.LoadSignal.CHANNEL_BACKLOG, 0.8401));
    List<Chunk> both = List.of(chunk("c3", 20), chunk("c4", 30));
    Result.Batch refused = follower.ingest(both, fleet.now());
    assertThat(refused.items())
        .extracting(Result.Item::code)
        .containsExactly(ResultCode.BACKPRESSURE, ResultCode.BACKPRESSURE);
    assertThat(refused.items().get(0).reasons())
        .containsExactly("the load is too high: [CHANNEL_BACKLOG]");
    assertThat(refused.retryAfterNanos()).isEqualTo(RETRY_AFTER_NANOS);
    load.set(LoadSignals.idle());
    assertThat(follower.ingest(both, fleet.now()).code()).isEqualTo(ResultCode.REQUESTED);
    fleet.settle();
    assertThat(stowage.fleet().portalAssignment().visible(dataset())).hasSize(4);
    assertThat(heard)
        .containsExactly(
            "true the load is too high: [CHANNEL_BACKLOG] 1",
            "false the load is too high: [CHANNEL_BACKLOG] 2");
    assertThat(follower.stats().ingestDelays()).isEqualTo(1);
    assertThat(follower.stats().ingestRefusals()).isEqualTo(1);
    follower.close();
    assertThatThrownBy(() -> follower.ingest(both, fleet.now()))
        .isInstanceOf(StowageException.class);
  }

  private static StowageListener hearing(List<String> heard) {
    return new StowageListener() {
      @Override
      public void admission(boolean isAdmitted, String why, int chunks) {
        heard.add(isAdmitted + " " + why + " " + chunks);
      }
    };
  }

  private Result.Answer observe(double network) {
    return stowage.observe(new PressureSnapshot(network, 0, 0, 0, fleet.now()), fleet.now());
  }

  @Test
  void idleCycles_leaveOnlyTheirTick_andItOutlivesTheLeader() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    fleet.ingest(chunk("c2", 10));
    fleet.settle();
    int written = store.evidence(0, Integer.MAX_VALUE).size();
    fleet.pass(50);
    stowage.schedule(fleet.now());
    stowage.publish(fleet.now());
    assertThat(store.evidence(0, Integer.MAX_VALUE)).hasSize(written);
    Stowage follower = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    follower.ingest(List.of(chunk("c3", 20)), fleet.pass(-40).now());
    restart();
    assertThat(stowage.stats().backwardTicks()).isZero();
    stowage.schedule(fleet.now());
    assertThat(stowage.stats().backwardTicks()).isEqualTo(1);
    fleet.pass(50).settle();
    assertThat(stateOf("c3")).isEqualTo(ChunkState.VISIBLE);
    assertReplays();
  }

  // ---- crashes ----

  @Test
  void crash_atEveryPoint_losesNothing() {
    for (Consumer<SmallFleet> step : story()) {
      step.accept(fleet);
      long digest = stowage.stats().digest();
      restart();
      assertThat(stowage.stats().digest()).isEqualTo(digest);
    }
    assertThat(stowage.fleet().portalAssignment().visible(dataset()))
        .containsExactly(key("new"), key("c2"));
  }

  private List<Consumer<SmallFleet>> story() {
    List<Consumer<SmallFleet>> steps = new ArrayList<>();
    steps.add(it -> it.join(1_000, "a", "b", "c"));
    steps.add(it -> it.ingest(chunk("old", 0), chunk("c2", 10)));
    for (int i = 0; i < 3; i++) {
      addRound(steps);
    }
    steps.add(
        it -> stowage.swap(dataset(), List.of(key("old")), List.of(chunk("new", 0)), it.now()));
    addRound(steps);
    steps.add(it -> stowage.setStatus(WorkerId.of("b"), WorkerStatus.LEAVING, it.now()));
    for (int i = 0; i < 12; i++) {
      addRound(steps);
    }
    return steps;
  }

  private void addRound(List<Consumer<SmallFleet>> steps) {
    steps.add(it -> stowage.schedule(it.pass(1).now()));
    steps.add(it -> it.fetch("a"));
    steps.add(SmallFleet::fetch);
    steps.add(it -> stowage.publish(it.now()));
  }

  private void restart() {
    stowage.close();
    stowage = audit.watch(SmallFleet.facade(fixture.connect(), "first"));
    fleet.through(stowage);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
  }

  // ---- evidence ----

  @Test
  void evidence_olderThanItsBound_goesWithThePurge_oldestFirst() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    LifecycleConfig config = stowage.config().value();
    stowage.configure(
        Command.ANY_VERSION, config.toBuilder().evidenceMaxAgeTicks(1_000).build(), fleet.now());
    long written = store.evidence(0, Integer.MAX_VALUE).size();
    fleet.pass(1_000);
    stowage.purge(fleet.now());
    assertThat(store.evidence(0, 1).get(0).index())
        .as("what is of exactly this age is kept")
        .isLessThan(written);
    fleet.pass(1);
    stowage.purge(fleet.now());
    assertThat(store.evidence(0, Integer.MAX_VALUE)).allMatch(record -> record.index() >= written);
    restart();
    fleet.settle();
    assertThat(stowage.fleet().portalAssignment().visible(dataset())).containsExactly(key("c1"));
  }

  @Test
  void leaveOfAWorker_isKnownWhenTheRecordsAroundItWereTrimmed_forThirtyDays() {
    stowage.close();
    StowageConfig few =
        SmallFleet.config()
            .withHolder("first")
            .withEvidence(new EvidenceConfig(0, Retention.records(20)));
    stowage = audit.watch(Stowage.builder(fixture.connect()).config(few).build());
    stowage.claim(fleet.now());
    LifecycleConfig bare = stowage.config().value().toBuilder().maxReplication(2).build();
    stowage.configure(Command.ANY_VERSION, bare, fleet.now());
    fleet.through(stowage).join(300, "a", "b", "c");
    fleet.ingest(chunk("c0", 0), chunk("c1", 10), chunk("c2", 20)).settle();
    fleet.join(1_000, "d");
    WorkerId left = WorkerId.of("a");
    int held = fleet.disk("a").size();
    stowage.setStatus(left, WorkerStatus.LEAVING, fleet.now());
    long told = SmallFleet.state(stowage).largestTick().value();
    fleet.settle();
    for (int at = 0; at < 10; at++) {
      fleet.ingest(chunk("more" + at, 100 + 10L * at)).round();
    }
    stowage.purge(fleet.now());
    Deed leave = only(Evidence.deeds(stowage), left, "LEAVING");
    assertThat(Evidence.of(stowage).anchor().firstIndex()).isGreaterThan(leave.index());
    assertThat(store.evidenceStart().orElseThrow().index()).isGreaterThan(leave.index());
    assertThat(leave.by()).isEqualTo("first");
    assertThat(leave.answer()).isEqualTo("ACCEPTED");
    assertThat(leave.effects()).hasSize(1);
    assertThat(leave.effects().get(0).what()).isEqualTo("a was empty");
    assertThat(leave.effects().get(0).copies()).isEqualTo(held);
    assertThat(leave.effects().get(0).bytes()).isEqualTo(100L * held);
    assertThat(leave.effects().get(0).tick().value()).isGreaterThan(told);
    restart();
    assertThat(Evidence.about(stowage, Subject.worker(left)))
        .extracting(it -> it.type().name())
        .contains("DONE", "EMPTIED");
    Verifier.verify(store.evidenceStart().orElseThrow(), store.evidence(0, Integer.MAX_VALUE))
        .requireIntact();
    fleet.pass(told + 2_592_000 - fleet.now() / SmallFleet.TICK_NANOS);
    stowage.purge(fleet.now());
    assertThat(only(Evidence.deeds(stowage), left, "LEAVING")).isEqualTo(leave);
    fleet.pass(1);
    stowage.purge(fleet.now());
    assertThat(Evidence.deeds(stowage)).noneMatch(it -> it.index() <= leave.index());
  }

  @Test
  void endOfAnAbsence_aFreezeAndASwap_standBelowTheirCommands() {
    fleet.join(1_000, "a", "b", "c").ingest(chunk("old", 0)).settle();
    long until = fleet.now() + 5 * SmallFleet.TICK_NANOS;
    stowage.away(WorkerId.of("c"), until, 1, fleet.now());
    stowage.freeze(fleet.now());
    stowage.unfreeze(fleet.now());
    for (int at = 0; at < 10; at++) {
      fleet.round();
    }
    stowage.swap(dataset(), List.of(key("old")), List.of(chunk("new", 0)), fleet.now());
    fleet.settle();
    restart();
    List<Deed> ended =
        Evidence.deeds(stowage).stream().filter(it -> !it.effects().isEmpty()).toList();
    assertThat(ended)
        .extracting(it -> it.what().split(" ")[0])
        .containsExactly("Away", "Freeze", "RegisterSwap");
    assertThat(ended)
        .flatExtracting(Deed::effects)
        .extracting(Deed.Effect::what)
        .containsExactly(
            "the absence of c was over",
            "the freeze was over",
            "the swap of " + key("new") + " fired");
    assertThat(ended.get(0).effects().get(0).tick().value())
        .isEqualTo(until / SmallFleet.TICK_NANOS);
  }

  @Test
  void deeds_areBoundedInBytes_oldestGoFirst_andTheRestOfTheChainVerifies() {
    assertThat(EvidenceConfig.DEEDS.maxBytes()).isEqualTo(16 << 20);
    stowage.close();
    Retention bound = Retention.unlimited().withMaxBytes(2_000);
    StowageConfig few =
        SmallFleet.config()
            .withHolder("first")
            .withEvidence(
                new EvidenceConfig(
                    0, Retention.records(20), StowageConfig.PartEvidence.DEFAULT, bound));
    stowage = audit.watch(Stowage.builder(fixture.connect()).config(few).build());
    stowage.claim(fleet.now());
    fleet.through(stowage);
    for (int at = 0; at < 60; at++) {
      stowage.describe(Worker.of(WorkerId.of("w" + at), 1_000 + at), fleet.now());
    }
    List<EvidenceRecord> all = store.deeds();
    stowage.purge(fleet.now());
    List<EvidenceRecord> kept = store.deeds();
    assertThat(kept).isNotEmpty().isEqualTo(all.subList(all.size() - kept.size(), all.size()));
    long bytes = kept.stream().mapToLong(StowageContract::bytes).sum();
    assertThat(bytes).isLessThanOrEqualTo(2_000);
    assertThat(bytes + bytes(all.get(all.size() - kept.size() - 1))).isGreaterThan(2_000);
    Verifier.verify(store.evidenceStart().orElseThrow(), store.evidence(0, Integer.MAX_VALUE))
        .requireIntact();
  }

  private static long bytes(EvidenceRecord deed) {
    return Retention.RECORD_OVERHEAD_BYTES + deed.payloadLength();
  }

  private static Deed only(List<Deed> deeds, WorkerId about, String word) {
    List<Deed> found =
        deeds.stream()
            .filter(it -> it.about().contains(Subject.worker(about)) && it.what().contains(word))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void retention_thatBoundsAnAge_isRefusedWithTheSettingThatDoes() {
    assertThatThrownBy(() -> new EvidenceConfig(0, Retention.DEFAULT.withMaxAgeTicks(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxAgeTicks 5")
        .hasMessageContaining("evidence_max_age");
  }

  @Test
  void recordedRun_withCrashesFollowersAndFaults_isExecutedAgainToo() {
    FaultyStore faulty = faulty();
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    Stowage follower = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    follower.offer(List.of(chunk("c2", 10)), fleet.now());
    faulty.failNext(FaultyStore.Fault.BEFORE_COMMIT);
    assertThatThrownBy(() -> fleet.round()).isInstanceOf(StorageException.Transient.class);
    fleet.settle();
    assertThat(stateOf("c2")).isEqualTo(ChunkState.VISIBLE);
    restart();
    fleet.ingest(chunk("c3", 20)).settle();
    assertReplays();
  }

  @Test
  void explanation_ofAChunk_namesTheCommandsThatTouchedIt() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    stowage.remove(key("c1"), fleet.now());
    assertThat(Evidence.about(stowage, Subject.chunk(key("c1"))))
        .extracting(explained -> explained.type().name() + " " + explained.text())
        .anyMatch(line -> line.startsWith("COMMAND") && line.contains("Ingest"))
        .anyMatch(line -> line.startsWith("COMMAND") && line.contains("Remove"));
    assertThat(Evidence.about(stowage, Subject.worker(WorkerId.of("b"))))
        .allMatch(explained -> explained.text().contains("b"));
    assertThat(Evidence.about(stowage, Subject.chunk(key("c9")))).isEmpty();
  }

  @Test
  void explanation_ofPlacement_isThereEvenForAFleetAtRest() {
    fleet.join(150, "a", "b").ingest(chunk("c1", 0), chunk("c2", 10));
    long digest = stowage.stats().digest();
    assertThat(stowage.explainPlacement(key("c2"), fleet.now()).orElseThrow().text())
        .contains("d/c2");
    assertThat(stowage.stats().digest()).isEqualTo(digest);
    fleet.settle();
    assertThat(stowage.explainPlacement(WorkerId.of("a"), fleet.now())).isPresent();
    assertThat(stowage.explainPlacement(key("c9"), fleet.now())).isEmpty();
    assertThat(stowage.whyNotVisible(key("c2")).lines()).isNotEmpty();
    assertThat(stowage.whyNotVisible(key("c1")).lines()).isEmpty();
    assertThat(stowage.whySwapWaits(7).lines()).isNotEmpty();
    assertThat(stowage.whyDrainHeld(key("c1"), WorkerId.of("a")).lines()).isNotEmpty();
  }

  @Test
  void workerThatComesBack_isExplained_untilItsInventoryCounts() {
    WorkerId back = WorkerId.of("a");
    fleet.join(1_000, "a");
    stowage.setStatus(back, WorkerStatus.DEPARTED, fleet.now());
    assertThat(stowage.explainPlacement(back, fleet.now()).orElseThrow().lines())
        .containsExactly("it has departed, so it takes nothing");
    fleet.register("a");
    assertThat(stowage.explainPlacement(back, fleet.now()).orElseThrow().lines())
        .contains("it owes an inventory, and takes nothing new before one counts");
  }

  private void assertReplays() {
    List<EvidenceRecord> recorded = store.evidence(0, Integer.MAX_VALUE);
    ReplayResult replayed =
        Replayer.run(
            Evidence.of(stowage).header(), recorded, EngineReplay.with(PlacementPlanner.sticky()));
    assertThat(replayed).isInstanceOf(ReplayResult.Same.class);
    assertThat(((ReplayResult.Same) replayed).outcomes()).isGreaterThan(20);
  }

  // ---- two leaders ----

  @Test
  void secondLeader_fencesTheFirst() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0));
    fixture.expireLease();
    Stowage second = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    assertThat(second.claim(fleet.now()).granted()).isTrue();
    long before = second.stats().digest();
    assertThatThrownBy(() -> stowage.schedule(fleet.now()))
        .isInstanceOf(StorageException.Fenced.class);
    assertThat(stowage.isLeading()).isFalse();
    assertThatThrownBy(() -> stowage.publish(fleet.now()))
        .isInstanceOfSatisfying(
            StowageException.class,
            e -> assertThat(e.reason()).isEqualTo(StowageException.Reason.NOT_LEADING));
    assertThat(second.stats().digest()).isEqualTo(before);
  }

  @Test
  void idleCycle_ofAFencedLeader_isFencedToo() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    fixture.expireLease();
    Stowage second = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    second.claim(fleet.now());
    assertThatThrownBy(() -> stowage.schedule(fleet.now()))
        .isInstanceOf(StorageException.Fenced.class);
  }

  @Test
  void follower_actsThroughTheInbox_andTheLeaderTakesItIn() {
    fleet.join(1_000, "a", "b");
    Stowage follower = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    assertThat(follower.claim(fleet.now()).granted()).isFalse();
    assertThat(follower.ingest(List.of(chunk("c1", 0)), fleet.now()).code())
        .isEqualTo(ResultCode.REQUESTED);
    assertThat(follower.status(List.of(key("c1"))).get(0).state()).isEmpty();
    fleet.through(follower);
    stowage.schedule(fleet.now());
    assertThat(follower.fleet().ids()).isEqualTo(stowage.fleet().ids());
    fleet.fetch();
    assertThat(stowage.publish(fleet.now()).promoted()).containsExactly(key("c1"));
    assertThat(follower.fleet().portalAssignment().visible(dataset())).containsExactly(key("c1"));
    assertThatThrownBy(() -> follower.schedule(fleet.now())).isInstanceOf(StowageException.class);
  }

  @Test
  void flood_ofNews_isTakenInBeforeTheLeaderDecides() {
    fleet.join(1_000_000, "a", "b");
    List<Command<?>> flood = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      flood.add(new Command.Ingest(ProposedChunk.listOf(List.of(chunk("c" + i, 10L * i)))));
    }
    LogSender sender = new LogSender(store, 1);
    sender.append(flood);
    assertThat(stowage.ingest(List.of(chunk("late", 6_995)), fleet.now()).code())
        .isEqualTo(ResultCode.OVERLAP);
    assertThat(stowage.schedule(fleet.now()).movement().added()).isEqualTo(1_400);
    CommandId removal = sender.append(new Command.Remove(key("c699")));
    fleet.settle();
    assertThat(sender.answer(removal)).contains(Result.Answer.of(ResultCode.MARKED));
    assertReplays();
  }

  @Test
  void resignedLeader_followsAndTheNextOneGoesOn() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    stowage.resign();
    assertThat(stowage.isLeading()).isFalse();
    Stowage second = audit.watch(SmallFleet.facade(fixture.connect(), "second"));
    assertThat(second.claim(fleet.now()).granted()).isTrue();
    fleet.through(second).ingest(chunk("c2", 10)).settle();
    assertThat(stowage.fleet().portalAssignment().visible(dataset()))
        .containsExactly(key("c1"), key("c2"));
  }

  // ---- faults of the store ----

  @Test
  void commit_thatFailed_isUndone() {
    FaultyStore faulty = faulty();
    fleet.join(1_000, "a", "b");
    long before = stowage.stats().digest();
    faulty.failNext(FaultyStore.Fault.BEFORE_COMMIT);
    assertThatThrownBy(() -> fleet.ingest(chunk("c1", 0)))
        .isInstanceOf(StorageException.Transient.class);
    assertThat(stowage.stats().digest()).isEqualTo(before);
    fleet.ingest(chunk("c1", 0)).settle();
    assertThat(stateOf("c1")).isEqualTo(ChunkState.VISIBLE);
  }

  @Test
  void commit_ofUnknownOutcome_thatTookPlace_stands() {
    FaultyStore faulty = faulty();
    fleet.join(1_000, "a", "b");
    faulty.failNext(FaultyStore.Fault.AFTER_COMMIT_UNKNOWN);
    fleet.ingest(chunk("c1", 0)).settle();
    assertThat(stateOf("c1")).isEqualTo(ChunkState.VISIBLE);
  }

  @Test
  void commit_ofUnknownOutcome_thatDidNotTakePlace_isUndone() {
    FaultyStore faulty = faulty();
    fleet.join(1_000, "a", "b");
    faulty.failNext(FaultyStore.Fault.BEFORE_COMMIT_UNKNOWN);
    assertThatThrownBy(() -> fleet.ingest(chunk("c1", 0)))
        .isInstanceOfSatisfying(
            StorageException.Transient.class,
            e -> assertThat(e.outcome()).isEqualTo(StorageException.Outcome.NOT_COMMITTED));
    fleet.ingest(chunk("c1", 0)).settle();
    assertThat(stateOf("c1")).isEqualTo(ChunkState.VISIBLE);
  }

  @Test
  void commit_thatStaysUnknown_isSettledByAReload() {
    FaultyStore faulty = faulty();
    fleet.join(1_000, "a", "b");
    faulty.failNext(FaultyStore.Fault.AFTER_COMMIT_UNKNOWN).loseOutcomes(1);
    assertThatThrownBy(() -> fleet.ingest(chunk("c1", 0)))
        .isInstanceOfSatisfying(
            StorageException.Transient.class,
            e -> assertThat(e.outcome()).isEqualTo(StorageException.Outcome.UNKNOWN));
    assertThat(stowage.ingest(List.of(chunk("c1", 0)), fleet.now()).code())
        .isEqualTo(ResultCode.DUPLICATE);
    fleet.settle();
    assertThat(stateOf("c1")).isEqualTo(ChunkState.VISIBLE);
  }

  @Test
  void fault_inEveryCommitOfAStory_losesNothing() {
    FaultyStore faulty = faulty();
    for (Consumer<SmallFleet> step : story()) {
      faulty.failNext(FaultyStore.Fault.AFTER_COMMIT_UNKNOWN);
      step.accept(fleet);
    }
    faulty.failNext(FaultyStore.Fault.NONE);
    long digest = stowage.stats().digest();
    restart();
    assertThat(stowage.stats().digest()).isEqualTo(digest);
    assertThat(stowage.fleet().portalAssignment().visible(dataset()))
        .containsExactly(key("new"), key("c2"));
  }

  private FaultyStore faulty() {
    stowage.close();
    FaultyStore faulty = new FaultyStore(fixture.connect());
    stowage = audit.watch(SmallFleet.facade(faulty, "first"));
    fleet.through(stowage);
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    return faulty;
  }

  // ---- the caller's mistakes ----

  @Test
  void listener_hearsEveryCommandInOrder() {
    List<String> heard = new ArrayList<>();
    stowage.close();
    StowageListener listener =
        new StowageListener() {
          @Override
          public void executed(dev.stowage.model.Tick tick, Command<?> command, Result result) {
            heard.add(command.getClass().getSimpleName() + " " + result.code());
          }
        };
    stowage =
        audit.watch(
            Stowage.builder(store)
                .config(SmallFleet.config().withHolder("first"))
                .listener(listener)
                .build());
    stowage.claim(fleet.now());
    fleet.through(stowage).join(1_000, "a");
    stowage.remove(key("c9"), fleet.now());
    assertThat(heard)
        .containsExactly("Describe ACCEPTED", "Register ACCEPTED", "Remove UNKNOWN_CHUNK");
  }

  private ChunkState stateOf(String id) {
    return stowage.status(List.of(key(id))).get(0).state().orElseThrow();
  }
}
