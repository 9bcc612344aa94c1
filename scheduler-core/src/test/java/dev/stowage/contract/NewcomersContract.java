package dev.stowage.contract;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.model.Chunk;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The first steps of a fleet in an unlucky order, on a backend: each ends with every chunk visible,
 * and until then the facade says in true words what is missing.
 */
public abstract class NewcomersContract extends OpenedStore {
  private static final WorkerId A = WorkerId.of("a");
  private static final WorkerId B = WorkerId.of("b");

  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private Runnable amidPlan = () -> {};

  @AfterEach
  void stopTurns() {
    executor.shutdownNow();
  }

  private Stowage leader() {
    PlacementPlanner sticky = PlacementPlanner.sticky();
    PlacementPlanner planner =
        new PlacementPlanner() {
          @Override
          public PlacementPlan plan(PlacementInput input) {
            Runnable once = amidPlan;
            amidPlan = () -> {};
            once.run();
            return sticky.plan(input);
          }
        };
    return audit.watch(
        Stowage.builder(store)
            .config(SmallFleet.config().withHolder("me"))
            .planner(planner)
            .build());
  }

  private StowageService service(Stowage stowage, SmallFleet fleet) {
    return new StowageService(stowage, executor, fleet::now, Pace.DEFAULT);
  }

  private static void turn(StowageService service, SmallFleet fleet) {
    fleet.pass(1);
    assertThat(service.turn()).isTrue();
  }

  private static void settle(Stowage stowage, StowageService service, SmallFleet fleet) {
    fleet.settle();
    turn(service, fleet);
    assertThat(service.reason()).isEqualTo("leads as me");
    assertThat(stowage.stats().waitingChunks()).isZero();
  }

  private static void assertVisible(Stowage stowage, String... chunks) {
    for (String chunk : chunks) {
      assertThat(stowage.status(List.of(key(chunk))).get(0))
          .satisfies(it -> assertThat(it.state()).contains(ChunkState.VISIBLE))
          .satisfies(it -> assertThat(it.possessed()).isGreaterThanOrEqualTo(2))
          .satisfies(it -> assertThat(it.routed()).isGreaterThanOrEqualTo(2));
    }
  }

  @Test
  void chunksBeforeAnyWorker_waitForRegistrations_andAreShownThen() {
    Stowage stowage = leader();
    SmallFleet fleet = new SmallFleet(stowage);
    StowageService service = service(stowage, fleet);
    turn(service, fleet);
    fleet.ingest(chunk("c1", 0), chunk("c2", 10));
    turn(service, fleet);
    String nobody =
        "LEADING: leads as me; deferred: 2 chunks, first d/c1 (TOO_FEW_WORKERS: 0 workers may take"
            + " it, the most room on one is 0 bytes), see explainPlacement";
    assertThat(service.health().reasons()).containsExactly(nobody);
    assertThat(stowage.explainPlacement(A, fleet.now())).isEmpty();

    stowage.describe(Worker.of(A, 1_000), fleet.now());
    stowage.describe(Worker.of(B, 1_000), fleet.now());
    turn(service, fleet);
    assertThat(service.health().reasons()).containsExactly(nobody);
    assertThat(stowage.explainPlacement(A, fleet.now()).orElseThrow().lines())
        .containsExactly("it is described and has not registered, so it takes nothing");

    fleet.join(1_000, "a");
    turn(service, fleet);
    assertThat(service.reason())
        .contains("deferred: 2 chunks, first d/c1 (TOO_FEW_WORKERS: 1 workers may take it");
    fleet.join(1_000, "b");
    settle(stowage, service, fleet);
    assertVisible(stowage, "c1", "c2");
  }

  @Test
  void workerThatRegistersDuringAPlan_isPlannedForNext() {
    Stowage stowage = leader();
    SmallFleet fleet = new SmallFleet(stowage);
    StowageService service = service(stowage, fleet);
    turn(service, fleet);
    fleet.join(1_000, "a").ingest(chunk("c1", 0));
    amidPlan = () -> CompletableFuture.runAsync(() -> fleet.join(1_000, "b")).join();
    turn(service, fleet);
    assertThat(service.reason()).contains("deferred: 1 chunk, first d/c1 (TOO_FEW_WORKERS");
    turn(service, fleet);
    assertThat(service.reason()).isEqualTo("leads as me");
    settle(stowage, service, fleet);
    assertVisible(stowage, "c1");
  }

  @Test
  void chunkThatIsIngestedDuringTheLastPlan_isPlacedByTheNext() {
    Stowage stowage = leader();
    SmallFleet fleet = new SmallFleet(stowage);
    StowageService service = service(stowage, fleet);
    turn(service, fleet);
    fleet.join(1_000, "a", "b");
    amidPlan = () -> CompletableFuture.runAsync(() -> fleet.ingest(chunk("c1", 0))).join();
    turn(service, fleet);
    turn(service, fleet);
    settle(stowage, service, fleet);
    assertVisible(stowage, "c1");
  }

  @Test
  void registrationBeforeTheDescription_isRefused_andTheWorkerJoinsWithAnother() {
    Stowage stowage = leader();
    SmallFleet fleet = new SmallFleet(stowage);
    StowageService service = service(stowage, fleet);
    turn(service, fleet);
    fleet.ingest(chunk("c1", 0));
    Result.Registered refused = stowage.register(A, "disk of a", fleet.now());
    assertThat(refused.code()).isEqualTo(ResultCode.UNKNOWN_WORKER);
    stowage.describe(Worker.of(A, 1_000), fleet.now());
    ReportHeader unregistered = new ReportHeader(A, refused.incarnation(), refused.lineage(), 1);
    assertThat(stowage.heartbeat(unregistered, fleet.now()).code())
        .isEqualTo(ResultCode.OLD_INCARNATION);
    fleet.join(1_000, "a", "b");
    settle(stowage, service, fleet);
    assertVisible(stowage, "c1");
  }

  @Test
  void workerThatRegistersAgainAmidTheFill_fillsTheDiskThatItHas() {
    Stowage stowage = leader();
    SmallFleet fleet = new SmallFleet(stowage);
    StowageService service = service(stowage, fleet);
    turn(service, fleet);
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0));
    turn(service, fleet);
    fleet.register("a");
    turn(service, fleet);
    fleet.fetch();
    turn(service, fleet);
    assertVisible(stowage, "c1");
    stowage.register(A, "another disk", fleet.now());
    turn(service, fleet);
    assertThat(service.health().reasons()).contains("1 chunk is at risk");
    // The disk of the fleet's worker comes back empty.
    fleet.join(1_000, "a");
    settle(stowage, service, fleet);
    assertVisible(stowage, "c1");
  }

  @Test
  void workerThatComesBack_isExplained_untilItsInventoryCounts() {
    Stowage stowage = leader();
    SmallFleet fleet = new SmallFleet(stowage);
    turn(service(stowage, fleet), fleet);
    fleet.join(1_000, "a");
    stowage.setStatus(A, WorkerStatus.DEPARTED, fleet.now());
    assertThat(stowage.explainPlacement(A, fleet.now()).orElseThrow().lines())
        .containsExactly("it has departed, so it takes nothing");
    fleet.register("a");
    assertThat(stowage.explainPlacement(A, fleet.now()).orElseThrow().lines())
        .contains("it owes an inventory, and takes nothing new before one counts");
  }

  @Test
  void fleetThatIsTooSmall_showsWhatFits_andTheRestOnceItGrows() {
    Stowage stowage = leader();
    SmallFleet fleet = new SmallFleet(stowage);
    StowageService service = service(stowage, fleet);
    turn(service, fleet);
    Chunk[] many =
        IntStream.range(0, 20)
            .mapToObj(at -> chunk("c" + (10 + at), at * 10L))
            .toArray(Chunk[]::new);
    fleet.join(1_000, "a", "b").ingest(many);
    fleet.settle();
    turn(service, fleet);
    assertVisible(stowage, "c10");
    assertThat(service.health().reasons())
        .containsExactly(
            "LEADING: leads as me; deferred: 10 chunks, first d/c20 (NO_ROOM: 2 workers may take"
                + " it, the most room on one is 0 bytes), see explainPlacement");
    stowage.describe(Worker.of(A, 1_500), fleet.now());
    stowage.describe(Worker.of(B, 1_500), fleet.now());
    fleet.settle();
    turn(service, fleet);
    assertThat(service.reason()).contains("deferred: 5 chunks, first d/c25 (NO_ROOM");
    fleet.join(500, "c", "d");
    settle(stowage, service, fleet);
    assertVisible(
        stowage, IntStream.range(0, 20).mapToObj(at -> "c" + (10 + at)).toArray(String[]::new));
  }
}
