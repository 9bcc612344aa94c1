package dev.stowage.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Labels;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.model.WorkerVersion;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.PlacementPlan.Stuck.Hindrance;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * What is stuck in tiny worlds with pins, bans, counts, zones and limits of domains, judged without
 * the planner: the reason of each, and whether it could leave after all. Where all chunks have one
 * size, and no domain is limited, that is exact; else what one other replica stepping aside could
 * do.
 */
class StuckReasonsTest {
  private static final Eligibility SECOND =
      new Eligibility(new WorkerVersion(2, 0, 0), Labels.NONE);
  private static final int STEPS = 6;

  /** What a drawn world has. */
  private enum Kind {
    PLAIN,
    COUNTED,
    ZONED,
    LIMITED,
    MIXED,
    ALL;

    private boolean isMixed() {
      return this == MIXED || this == ALL;
    }

    private boolean isCounted() {
      return this == COUNTED || this == MIXED || this == ALL;
    }

    private boolean isZoned() {
      return this == ZONED || isLimited();
    }

    private boolean isLimited() {
      return this == LIMITED || this == ALL;
    }
  }

  @Property(seed = "1", tries = 1500, shrinking = ShrinkingMode.OFF)
  void stuck_ofEqualSizes_isStuckInExhaustiveSearchToo(@ForAll long seed) {
    for (Kind kind : new Kind[] {Kind.PLAIN, Kind.COUNTED, Kind.ZONED}) {
      World world = drawn(kind, seed);
      for (int step = 0; step < STEPS; step++) {
        PlacementPlan plan = world.plan();
        for (Stuck each : plan.stuck()) {
          if (each.reason() != Hindrance.FROZEN && each.reason() != Hindrance.PINNED) {
            assertThat(ExactLeave.isPossible(world, plan, each))
                .as("%s could leave in step %d of %s", each, step, kind)
                .isFalse();
          }
        }
        world.complete(plan);
      }
    }
  }

  @Property(seed = "1", tries = 1500, shrinking = ShrinkingMode.OFF)
  void reason_ofEachThatIsStuck_isTheFirstThatHolds(@ForAll long seed) {
    for (Kind kind : Kind.values()) {
      World world = drawn(kind, seed);
      for (int step = 0; step < STEPS; step++) {
        PlacementPlan plan = world.plan();
        for (Stuck each : plan.stuck()) {
          assertThat(each.reason())
              .as("%s in step %d of %s", each, step, kind)
              .isEqualTo(ExactLeave.reason(world, plan, each));
        }
        world.complete(plan);
      }
    }
  }

  @Property(seed = "1", tries = 1500, shrinking = ShrinkingMode.OFF)
  void stuck_inAnyTinyWorld_isStuckWhateverElseMoves(@ForAll long seed) {
    for (Kind kind : Kind.values()) {
      World world = drawn(kind, seed);
      for (int step = 0; step < STEPS; step++) {
        PlacementPlan plan = world.plan();
        for (Stuck each : plan.stuck()) {
          boolean isOfRoom = each.reason() != Hindrance.FROZEN && each.reason() != Hindrance.PINNED;
          assertThat(isOfRoom && ExactMoves.isPossible(world, plan, each))
              .as("%s could leave in step %d of %s", each, step, kind)
              .isFalse();
        }
        world.complete(plan);
      }
    }
  }

  /** Of each kind of reason many are met, or the properties above would say nothing. */
  @Property(seed = "1", tries = 1)
  void reasons_ofDrawnWorlds_areAllMet() {
    int[] met = new int[Hindrance.values().length];
    for (long seed = 0; seed < 300; seed++) {
      World world = drawn(Kind.ALL, seed);
      world.plan().stuck().forEach(each -> met[each.reason().ordinal()]++);
    }
    assertThat(met).doesNotContain(0);
  }

  private static World drawn(Kind kind, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World();
    PlacementConfig.Builder config = PlacementConfig.builder().saturation(0.01);
    if (kind.isLimited()) {
      config.maxPerDomain(DomainWorld.limits(random.nextLong()));
    }
    world.config = config.build();
    int workers = random.nextInt(2, 6);
    int levels = 1 + random.nextInt(3);
    for (int i = 0; i < workers; i++) {
      world.workers.add(worker(i, kind, levels, random));
    }
    for (int i = random.nextInt(1, 7); i > 0; i--) {
      hold(world, kind, random);
    }
    world.chunks.removeIf(piece -> piece.held.isEmpty());
    leave(world, 0);
    if (workers > 2 && random.nextBoolean()) {
      leave(world, 1);
    }
    world.frozen = random.nextInt(8) == 0;
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      int wish = random.nextInt(12);
      if (wish < 2) {
        (wish == 0 ? world.pins : world.bans).add(new int[] {chunk, random.nextInt(workers)});
      }
    }
    return world;
  }

  private static Worker worker(int at, Kind kind, int levels, SplittableRandom random) {
    Worker worker = Fleets.worker(at, random.nextInt(1, kind.isMixed() ? 8 : 5));
    worker = worker.withVersion(new WorkerVersion(random.nextInt(1, 3), 0, 0));
    if (kind.isCounted() && random.nextBoolean()) {
      worker = worker.withMaxReplicas(random.nextInt(1, 4));
    }
    if (!kind.isZoned() || random.nextInt(6) == 0) {
      return worker;
    }
    StringBuilder path = new StringBuilder("a" + random.nextInt(2));
    for (int level = 1; level < levels; level++) {
      path.append("/b").append(random.nextInt(2));
    }
    return worker.withZone(path.toString());
  }

  private static void hold(World world, Kind kind, SplittableRandom random) {
    World.Piece piece = world.chunk(kind.isMixed() ? random.nextInt(1, 4) : 1);
    piece.bits = World.SEEN;
    piece.eligibility = random.nextInt(3) == 0 ? SECOND : Eligibility.ANY;
    for (int worker = 0; worker < world.workers.size(); worker++) {
      Worker holder = world.workers.get(worker);
      int at = worker;
      long copies = world.chunks.stream().filter(each -> each.held.containsKey(at)).count();
      boolean fits =
          world.footprint(worker) + piece.size <= holder.capacityBytes()
              && copies < holder.maxReplicas()
              && piece.eligibility.admits(holder);
      if (fits && random.nextInt(3) == 0) {
        piece.held.put(worker, World.HELD);
      }
    }
    piece.floor = Math.max(1, piece.held.size());
  }

  private static void leave(World world, int worker) {
    world.workers.set(worker, world.workers.get(worker).withStatus(WorkerStatus.LEAVING));
  }
}
