package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.config.Reason;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan.PlanFigures;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementEdgesTest {
  private static World world(int floor, long... capacities) {
    World world = World.of(capacities);
    world.floor = floor;
    return world;
  }

  @Test
  void plan_ofAnEmptyFleetOrCatalogue_isAnAnswer() {
    World nobody = world(2);
    nobody.chunk(5);
    assertThat(nobody.plan().deferrals()).hasSize(1);
    assertThat(nobody.plan().deferrals().get(0).reason()).isEqualTo(Reason.TOO_FEW_WORKERS);
    assertThat(world(2, 10, 10).plan().isIdle()).isTrue();
    assertThat(world(2).plan().isIdle()).isTrue();
  }

  @Test
  void plan_ofSizesNearTheLargestLong_placesWhatFitsExactly() {
    World world = world(1, Long.MAX_VALUE, Long.MAX_VALUE, 0);
    world.chunk(Long.MAX_VALUE);
    world.chunk(Long.MAX_VALUE - 1);
    world.chunk(2);
    PlacementPlan plan = world.plan();
    assertThat(StepChecks.violations(world, Step.of(plan))).isEmpty();
    assertThat(plan.deferrals()).extracting(Shortage::chunk).containsExactly(2);
    assertThatThrownBy(plan::figures)
        .isInstanceOf(PlanFigures.TooLargeException.class)
        .hasMessageContaining(Long.toString(Long.MAX_VALUE));
  }

  @Test
  void plan_ofMoreHeldBytesThanALongCounts_addsNothingThere() {
    World world = world(1, 10, 10);
    for (int i = 0; i < 3; i++) {
      world.hold(Long.MAX_VALUE, 0);
    }
    world.chunk(5);
    PlacementPlan plan = world.plan();
    assertThat(plan.wantedWorkers(3)).containsExactly(1);
    assertThat(plan.wantedWorkers(0)).containsExactly(0);
    assertThatThrownBy(plan::figures).isInstanceOf(PlanFigures.TooLargeException.class);
  }

  @Test
  void plan_ofAChunkLargerThanAnyWorker_saysSo() {
    World world = world(2, 10, 10, 10);
    world.chunk(11);
    assertThat(world.plan().deferrals().get(0).reason()).isEqualTo(Reason.LARGER_THAN_ANY_WORKER);
  }

  @Test
  void plan_ofAnIntent_movesTheReplicaWhereItIsAsked() {
    World world = world(1, 100, 100, 100);
    world.configure(config -> config.saturation(0.04));
    world.chunk(10);
    world.rest(20);
    int holder = world.chunks.get(0).held.keySet().iterator().next();
    int to = (holder + 1) % 3;
    world.intents.add(new int[] {0, holder, to});
    world.chunks.get(0).bits |= ChunkBits.COOLING;
    PlacementPlan plan = world.plan();
    assertThat(plan.wantedWorkers(0)).containsExactly(to);
    assertThat(plan.cause(0)).isEqualTo(Cause.INTENT);
    world.frozen = true;
    assertThat(world.plan().actionCount()).isZero();
  }

  @Test
  void config_ofWhatIsOutOfRange_isRefusedNamingAllOfIt() {
    assertThatThrownBy(() ->
            PlacementConfig.builder()
                .saturation(2)
                .balanceSlack(-1e-9)
                .maxPerDomain(Map.of(65, 1))
                .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("saturation_millionths is 2000000; 1 to 1000000 is accepted")
        .hasMessageContaining("balance_slack_millionths is -1")
        .hasMessageContaining("max_per_domain is '{65:1}'; none, or a count of at least 1");
  }

  @Test
  void config_ofNoNumber_isRefusedAtOnce() {
    assertThatThrownBy(() -> PlacementConfig.builder().factorMargin(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("factor_margin is NaN; a number is accepted");
  }

  @Test
  void input_ofAPairPinnedAndBanned_isRefused() {
    PlacementInputBuilder input = PlacementInput.builder(PlacementConfig.defaults());
    input.addWorker(Fleets.worker(0, 10));
    input.addWorker(Fleets.worker(1, 10));
    input.addChunk(1, 1);
    input.pin(0, 1).ban(0, 0);
    assertThat(input.build().chunkCount()).isEqualTo(1);
    input.ban(0, 1);
    assertThatThrownBy(input::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chunk 0 is both pinned to worker 1 and banned");
  }

  @Test
  void plan_ofWorkersWithoutCapacity_defersAndFallsShortWithReasons() {
    World world = world(1, 0, 0);
    world.chunk(5);
    world.hold(5);
    world.chunk(0);
    PlacementPlan plan = world.plan();
    assertThat(StepChecks.violations(world, Step.of(plan))).isEmpty();
    assertThat(plan.deferrals()).extracting(Shortage::chunk).containsExactly(0);
    assertThat(plan.shortfalls()).extracting(Shortage::chunk).containsExactly(1);
    assertThat(plan.deferrals().get(0).reason()).isEqualTo(Reason.LARGER_THAN_ANY_WORKER);
    assertThat(plan.shortfalls().get(0).reason()).isEqualTo(Reason.LARGER_THAN_ANY_WORKER);
    assertThat(plan.wantedCount(2)).as("a chunk without bytes fits anywhere").isPositive();
  }

  @Test
  void plan_ofAFloorAboveTheEligibleWorkers_defersNewAndKeepsEstablishedChunks() {
    World world = world(3, 100, 100, 100);
    Labels fast = Labels.of("fast");
    world.alter(0, it -> it.withLabels(fast));
    World.Piece held = world.hold(5, 0);
    held.eligibility = new Eligibility(WorkerVersion.ZERO, fast);
    world.chunk(5).eligibility = held.eligibility;
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isZero();
    assertThat(plan.shortfalls()).hasSize(1);
    assertThat(plan.shortfalls().get(0).missing()).isEqualTo(2);
    assertThat(plan.shortfalls().get(0).reason()).isEqualTo(Reason.TOO_FEW_WORKERS);
    assertThat(plan.shortfalls().get(0).eligibleWorkers()).isEqualTo(1);
    assertThat(plan.deferrals()).extracting(Shortage::missing).containsExactly(3);
  }

  @Test
  void plan_ofHugeSizesLostAndLeveled_neverOverflows() {
    World world = world(2, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 2);
    for (int i = 0; i < 5; i++) {
      world.chunk(Long.MAX_VALUE / 4);
    }
    PlacementPlan plan = world.plan();
    for (int cycle = 0; cycle < 9 && plan.actionCount() > 0; cycle++) {
      assertThat(StepChecks.violations(world, Step.of(plan))).isEmpty();
      world.complete(plan);
      plan = world.plan();
    }
    assertThat(plan.actionCount()).isZero();
    world.lose(0);
    plan = world.plan();
    assertThat(StepChecks.violations(world, Step.of(plan))).isEmpty();
    assertThat(plan.figures().bytesAdded()).isNotNegative();
    assertThat(plan.figures().bytesMinimum()).isNotNegative();
  }

  @Test
  void input_ofAPairGivenTwice_isRefused() {
    World world = world(1, 10);
    PlacementInputBuilder input = PlacementInput.builder(world.config);
    input.addWorker(world.workers.get(0));
    input.addChunk(1, 1);
    input.replica(0, 0, 0).replica(0, 0, 0);
    assertThatThrownBy(input::build).hasMessageContaining("two replicas");
  }

  @Test
  void leveling_whereNobodyIsHighEnoughToGive_isNotPutOff() {
    World world = world(1, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50);
    world.config =
        PlacementConfig.builder()
            .budget(new MovementBudget(Long.MAX_VALUE, 2, Long.MAX_VALUE, Long.MAX_VALUE))
            .build();
    for (int i = 0; i < 30; i++) {
      World.Piece piece = world.hold(10);
      piece.held.put(i % 10, World.HELD);
    }
    world.workers.add(Fleets.worker(10, 50));
    PlacementPlan plan = world.plan();
    assertThat(plan.figures().bytesByCause()).containsOnlyKeys(Cause.BALANCE);
    assertThat(plan.figures().bytesAdded()).isEqualTo(20);
    assertThat(plan.budgetLeftOverBytes()).isZero();
  }

  /** Each of the four bounds alone, with a chunk to move and one to grow. */
  @Test
  void movement_underABoundOfZero_isNone() {
    long most = Long.MAX_VALUE;
    for (MovementBudget budget :
        List.of(
            new MovementBudget(0, most, most, most),
            new MovementBudget(most, 0, most, most),
            new MovementBudget(most, most, 0, most),
            new MovementBudget(most, most, most, 0))) {
      World world = world(1, 1000, 1000, 1000);
      world.chunk(100).cap = WeightPolicy.AT_FLOOR;
      world.chunk(100);
      for (World.Piece piece : world.chunks) {
        piece.bits = World.SEEN;
        piece.held.put(0, World.HELD);
      }
      world.leave(0);
      assertThat(world.plan().figures().bytesAdded()).as("unbounded").isEqualTo(300);
      world.configure(config -> config.budget(budget));
      PlacementPlan plan = world.plan();
      assertThat(plan.figures().bytesAdded()).as("under %s", budget).isZero();
      assertThat(plan.debtBytes()).as("under %s", budget).isZero();
      world.chunk(100);
      assertThat(world.plan().figures().bytesAdded())
          .as("a new one under %s", budget)
          .isEqualTo(100);
    }
  }

  @Test
  void movement_largerThanTheBudget_goesAloneAndLeavesADebt() {
    World world = world(1, 1000, 1000);
    world.hold(100, 0);
    world.configure(config -> config.saturation(0.1).budget(MovementBudget.ofBytes(30)));
    world.leave(0);
    PlacementPlan plan = world.plan();
    assertThat(plan.figures().bytesAdded()).isEqualTo(100);
    assertThat(plan.debtBytes()).isEqualTo(70);
  }

  /**
   * Two chains that make room for one chunk would both bring the same other chunk to a worker. It
   * can lie there only once, so there is no packing, and nothing is shed for it.
   */
  @Test
  void deferral_whoseChainsWouldBringOneChunkTwice_shedsNothing() {
    World world = world(1, 2, 1, 1, 6);
    WorkerVersion second = new WorkerVersion(2, 0, 0);
    Labels fast = Labels.of("fast");
    for (int worker = 0; worker <= 2; worker++) {
      WorkerVersion version = worker == 0 ? WorkerVersion.ZERO : second;
      world.workers.set(worker, world.workers.get(worker).withLabels(fast).withVersion(version));
    }
    for (int i = 0; i < 2; i++) {
      world.hold(1, 0, 3);
    }
    World.Piece full = world.hold(1);
    full.floor = 2;
    full.eligibility = new Eligibility(WorkerVersion.ZERO, fast);
    full.held.put(1, World.HELD);
    full.held.put(2, World.HELD);
    World.Piece late = world.chunk(1);
    late.floor = 2;
    late.eligibility = new Eligibility(second, Labels.NONE);
    PlacementPlan plan = world.plan();
    assertThat(Step.of(plan).deeds).isEmpty();
    assertThat(plan.deferrals()).extracting(Shortage::chunk).containsExactly(3);
  }

  /**
   * A chunk lies in one zone because room was made for it there; another one's chain then leaves
   * room in a second zone. What others were preempted for stays all the same in this plan.
   */
  @Test
  void preemption_forAChunkThatLacksAZone_isNotInVain() {
    World world = world(1, 11, 5, 10, 5, 10);
    world.config = world.config.toBuilder().saturation(0.1).spread(Spread.ZONE).build();
    Labels fast = Labels.of("fast");
    for (int worker = 0; worker < 5; worker++) {
      world.workers.set(
          worker,
          world
              .workers
              .get(worker)
              .withZone(worker == 0 || worker == 2 ? "a" : "b")
              .withLabels(worker == 0 || worker == 1 || worker == 3 ? fast : Labels.NONE));
    }
    world.hold(10);
    for (int worker : new int[] {1, 3}) {
      World.Piece leftover = world.hold(5, 4);
      leftover.held.put(worker, ReplicaBits.DRAINING);
    }
    World.Piece zoned = world.chunk(5);
    zoned.floor = 2;
    zoned.eligibility = new Eligibility(WorkerVersion.ZERO, fast);
    World.Piece last = world.chunk(5);
    last.admitted = 1;
    last.eligibility = zoned.eligibility;
    Step step = Step.of(world.plan());
    assertThat(StepChecks.violations(world, step)).isEmpty();
    assertThat(step.wanted.get(3)).containsExactly(1, 3);
    assertThat(step.deeds).filteredOn(deed -> deed.kind() == ActionKind.PREEMPT).hasSize(2);
    world.rest(20);
    assertThat(step.deferred).isEmpty();
  }

  /** Wants again what a disk still holds, and cancels a copy that nobody has fetched. */
  @ParameterizedTest
  @ValueSource(strings = {"return", "zones", "join", "drain"})
  void heldBytes_areWantedAgain_beforeAnyCopyIsMade(String name) {
    World world = WorldText.named("held " + name);
    PlacementPlan plan = world.plan();
    assertThat(plan.figures().bytesAdded()).isZero();
    assertThat(plan.actionCount()).isPositive();
    for (int action = 0; action < plan.actionCount(); action++) {
      int bits = world.chunks.get(plan.actionChunk(action)).held.get(plan.actionWorker(action));
      assertThat((bits & ReplicaBits.POSSESSED) == 0)
          .isEqualTo(plan.kind(action) == ActionKind.SUPERSEDE);
    }
  }

  /** Takes one of two readable replicas away at once; the other one serves, and is not moved. */
  @Test
  void preemption_ofOneOfTwo_keepsTheOtherWhereItIs() {
    World world = WorldText.named("one of two taken");
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isEqualTo(2);
    for (int action = 0; action < plan.actionCount(); action++) {
      assertThat(plan.actionWorker(action)).isZero();
    }
  }

  @Test
  void preemption_ofMoreThanIsNeeded_sparesWhatIsReadable() {
    World world = World.of(16, 16);
    for (int size : new int[] {6, 3, 7}) {
      int readable = size == 6 ? 0 : ReplicaBits.READABLE;
      World.Piece there = world.hold(size, 1);
      there.held.put(0, ReplicaBits.DRAINING | ReplicaBits.POSSESSED | readable);
    }
    world.hold(10);
    Step step = Step.of(world.plan());
    assertThat(step.deeds)
        .filteredOn(deed -> deed.kind() == ActionKind.PREEMPT)
        .extracting(Step.Deed::chunk)
        .containsExactlyInAnyOrder(0, 2);
  }

  /** Moved, the chunk would have its old copy back by the next plan. */
  @Test
  void spread_ofAChunkThatIsToRegrow_addsTheCopyThatItLacks() {
    World world = World.of(1_000, 1_000, 1_000);
    world.config = world.config.toBuilder().spread(Spread.ZONE).build();
    for (int worker = 0; worker < 3; worker++) {
      String zone = worker < 2 ? "a" : "b";
      world.alter(worker, it -> it.withZone(zone));
    }
    World.Piece piece = world.hold(10, 0, 1);
    piece.floor = 2;
    piece.cap = 3;
    piece.recentlyLost = 1;
    assertThat(Step.of(world.plan()).deeds)
        .extracting(Step.Deed::kind)
        .containsExactly(ActionKind.ADD);
  }
}
