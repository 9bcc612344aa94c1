package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.WorkerStatus;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The figures of a plan are true: the least that has to be copied, and what a budget puts off. */
class FiguresTest {
  private static World world(int floor, long... capacities) {
    World world = new World();
    world.config = PlacementConfig.builder().saturation(0.1).build();
    world.floor = floor;
    for (int i = 0; i < capacities.length; i++) {
      world.workers.add(Fleets.worker(i, capacities[i]));
    }
    return world;
  }

  private static void hold(World world, long size, int... holders) {
    World.Piece piece = world.chunk(size);
    piece.bits = World.SEEN;
    for (int holder : holders) {
      piece.held.put(holder, World.HELD);
    }
  }

  /**
   * Few chunks on few workers; half of the worlds have constraints, or capacities that were cut.
   */
  private static World tiny(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = Fleets.any(seed);
    boolean plain = random.nextBoolean();
    while (world.workers.size() > 4) {
      world.lose(world.workers.size() - 1);
    }
    while (world.chunks.size() > 5) {
      world.chunks.remove(world.chunks.size() - 1);
    }
    int workers = world.workers.size();
    int chunks = world.chunks.size();
    world.avoided.removeIf(worker -> worker >= workers);
    world.pins.removeIf(pair -> pair[0] >= chunks || pair[1] >= workers);
    world.bans.removeIf(pair -> pair[0] >= chunks || pair[1] >= workers);
    world.intents.removeIf(move -> move[0] >= chunks || move[2] >= workers);
    if (plain) {
      world.avoided.clear();
      world.bans.clear();
      world.workers.replaceAll(worker ->
          worker.status() == WorkerStatus.LEAVING
              ? worker
              : worker.withStatus(WorkerStatus.ACTIVE));
      world.chunks.forEach(piece -> piece.eligibility = dev.stowage.model.Eligibility.ANY);
      world.chunks.forEach(piece -> piece.bits &= ~ChunkBits.PINNED);
    }
    return world;
  }

  @Property(seed = "1", tries = 1500, shrinking = ShrinkingMode.OFF)
  void bytesMinimum_ofAnyPlan_neverExceedsBytesAdded(@ForAll long seed) {
    World world = Fleets.any(seed);
    SplittableRandom random = new SplittableRandom(seed);
    if (random.nextInt(3) == 0) {
      MovementBudget budget = MovementBudget.ofBytes(random.nextInt(100));
      world.config = world.config.toBuilder().budget(budget).build();
    }
    world.frozen = random.nextInt(5) == 0;
    PlanFigures figures = world.plan().figures();
    assertThat(figures.bytesMinimum()).isBetween(0L, figures.bytesAdded());
    PlanFigures stateless = StatelessPlanner.create().plan(world.input()).figures();
    assertThat(stateless.bytesMinimum()).isBetween(0L, stateless.bytesAdded());
  }

  @Property(seed = "1", tries = 1500, shrinking = ShrinkingMode.OFF)
  void bytesMinimum_ofATinyWorld_isCopiedByEveryPlanOfTheSameCopiesAndFill(@ForAll long seed) {
    World world = tiny(seed);
    PlacementPlan plan = world.plan();
    assertThat(plan.figures().bytesMinimum()).isLessThanOrEqualTo(LeastCopies.of(world, plan));
    PlacementPlan stateless = StatelessPlanner.create().plan(world.input());
    assertThat(stateless.figures().bytesMinimum())
        .isLessThanOrEqualTo(LeastCopies.of(world, stateless));
  }

  /** What is missing has to be copied, whatever levels. */
  @Property(seed = "1", tries = 200, shrinking = ShrinkingMode.OFF)
  void bytesMinimum_ofARepair_isNoLessThanWhatIsMissing(
      @ForAll @IntRange(min = 3, max = 12) int workers) {
    World world = Fleets.uniform(workers, 30, 2, 60);
    world.config = world.config.toBuilder().saturation(0.1).build();
    world.complete(world.plan());
    world.lose(0);
    PlanFigures figures = world.plan().figures();
    long repaired = figures.bytesByCause().get(Cause.REPAIR);
    assertThat(repaired).isPositive();
    assertThat(figures.bytesMinimum()).isBetween(repaired, figures.bytesAdded());
  }

  @Test
  void bytesMinimum_ofAPlannerThatShuffles_isLessThanWhatItCopies() {
    World world = Fleets.uniform(8, 40, 2, 60);
    world.config = world.config.toBuilder().saturation(0.1).build();
    world.complete(StatelessPlanner.withRings(3).plan(world.input()));
    world.lose(0);
    PlanFigures shuffled = StatelessPlanner.create().plan(world.input()).figures();
    PlanFigures sticky = world.plan().figures();
    assertThat(shuffled.bytesMinimum()).isPositive();
    assertThat(shuffled.bytesAdded()).isGreaterThan(shuffled.bytesMinimum() * 3 / 2);
    assertThat(sticky.bytesAdded()).isLessThan(shuffled.bytesAdded());
  }

  /** An empty worker is filled to the level, less the slack: that much nobody can save. */
  @Test
  void bytesMinimum_ofAJoin_isWhatFillsTheNewcomer() {
    World world = world(1, 1000, 1000, 1000);
    for (int i = 0; i < 120; i++) {
      hold(world, 10, i % 3);
    }
    world.workers.add(Fleets.worker(3, 1000));
    PlanFigures figures = world.plan().figures();
    assertThat(figures.bytesMinimum()).isEqualTo(297);
    assertThat(figures.bytesAdded()).isBetween(297L, 300L);
  }

  /** The report said: 0 bytes to copy; any plan has to copy 220.7 MB. */
  @Test
  void bytesMinimum_whereNothingCanMove_isNothing() {
    World world = world(1, 100, 100);
    hold(world, 90, 0);
    hold(world, 80, 1);
    world.workers.set(0, world.workers.get(0).withStatus(WorkerStatus.LEAVING));
    PlanFigures figures = world.plan().figures();
    assertThat(figures.bytesAdded()).isZero();
    assertThat(figures.bytesMinimum()).isZero();
  }

  @Test
  void bytesMinimum_whereABudgetHoldsTheLevelingBack_isNotMoreThanThatLets() {
    World world = world(1, 1000, 1000);
    for (int i = 0; i < 50; i++) {
      hold(world, 10, 0);
    }
    MovementBudget budget = MovementBudget.ofBytes(60);
    world.config = world.config.toBuilder().budget(budget).build();
    PlanFigures figures = world.plan().figures();
    assertThat(figures.bytesAdded()).isEqualTo(60);
    assertThat(figures.bytesMinimum()).isEqualTo(60);
  }

  /** What lies there already, superseded or draining, may be wanted again: that is no copy. */
  @Test
  void bytesMinimum_ofWhatIsStillHeld_isNothing() {
    World world = world(2, 100, 100);
    hold(world, 10, 0);
    world.chunks.get(0).held.put(1, ReplicaBits.SUPERSEDED | ReplicaBits.POSSESSED);
    PlacementPlan plan = world.plan();
    assertThat(plan.wantedWorkers(0)).containsExactly(0, 1);
    assertThat(plan.figures().bytesMinimum()).isZero();
  }

  /** It said 596 MB where 104 was true: what a move would have freed was counted at every try. */
  @Property(seed = "1", tries = 60, shrinking = ShrinkingMode.OFF)
  void budgetLeftOver_dividedByTheBudget_isTheNumberOfCyclesLeft(
      @ForAll @IntRange(min = 1, max = 9) int replicas,
      @ForAll @IntRange(min = 10, max = 60) int chunks) {
    World world = world(1, 1000, 1000, 1000, 1000);
    for (int i = 0; i < chunks; i++) {
      hold(world, 10, 0);
    }
    world.workers.set(0, world.workers.get(0).withStatus(WorkerStatus.LEAVING));
    MovementBudget budget = MovementBudget.ofBytes(10L * replicas);
    world.config = world.config.toBuilder().budget(budget).build();
    PlacementPlan plan = world.plan();
    long promised = (plan.budgetLeftOverBytes() + budget.bytes() - 1) / budget.bytes();
    long needed = 0;
    for (world.complete(plan); world.plan().actionCount() > 0; world.complete(plan)) {
      plan = world.plan();
      needed++;
    }
    assertThat(needed).isEqualTo(promised);
  }

  @Property(seed = "1", tries = 300, shrinking = ShrinkingMode.OFF)
  void budgetLeftOver_ofAnyPlan_isTheDifferenceOfTwoPlans(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int bytes) {
    World world = Fleets.any(seed);
    long free = world.plan().figures().bytesAdded();
    assertThat(world.plan().budgetLeftOverBytes()).isZero();
    world.config = world.config.toBuilder().budget(MovementBudget.ofBytes(bytes)).build();
    PlacementPlan plan = world.plan();
    assertThat(plan.budgetLeftOverBytes())
        .isEqualTo(Math.max(0, free - plan.figures().bytesAdded()));
  }

  @Test
  void budgetLeftOver_ofAWarmPlanner_isThatOfAFreshOne() {
    for (int seed = 0; seed < 30; seed++) {
      History history = new History(seed);
      PlacementConfig config = history.config;
      history.planner.configure(config.toBuilder().budget(MovementBudget.ofBytes(50)).build());
      history.step();
      PlacementPlan warm = history.planner.plan();
      PlacementPlan fresh = PlacementPlanner.sticky().plan(warm.input());
      assertThat(warm.budgetLeftOverBytes()).isEqualTo(fresh.budgetLeftOverBytes());
    }
  }

  @Test
  void figures_beyondTheLargestLong_areAnErrorAndThePlanIsNot() {
    World world = world(1, Long.MAX_VALUE, Long.MAX_VALUE);
    world.chunk(Long.MAX_VALUE);
    world.chunk(1);
    PlacementPlan plan = world.plan();
    assertThat(plan.actionCount()).isEqualTo(2);
    assertThatThrownBy(plan::figures).isInstanceOf(PlanFigures.TooLargeException.class);
    world.chunks.get(1).size = 0;
    assertThat(world.plan().figures().bytesAdded()).isEqualTo(Long.MAX_VALUE);
  }
}
