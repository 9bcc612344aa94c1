package dev.stowage.placement;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.config.MovementBudget;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The promises of a planner beyond a single plan (placement design, section 6), each as a check of
 * any planner: empty if the planner keeps the promise in the drawn world, else its violation.
 * {@link PlacementPromisesTest} checks the planner, and broken ones.
 */
final class Promises {
  private static final int MOST_CYCLES = 25;

  private Promises() {}

  /** A planner under test. */
  interface Planner {
    PlacementPlan plan(World world);
  }

  private static Optional<String> noneOf(long count, String what) {
    return count == 0 ? Optional.empty() : Optional.of(count + " " + what);
  }

  /** Equal inputs, handed in another order, give equal plans. */
  static Optional<String> isDeterministic(Draws draws, Planner planner) {
    World world = SmallWorlds.any().zones(3).limited().draw(draws);
    String hash = planner.plan(world).planHash();
    World shuffled = world.copy();
    shuffled.shuffle = new Random(draws.nextInt(100));
    int others = planner.plan(shuffled).planHash().equals(hash) ? 0 : 1;
    return noneOf(others, "other plans");
  }

  /** Fed back its own plans, it comes to rest; the world is at rest then. */
  static Optional<String> comesToRest(World world, Planner planner) {
    PlacementPlan plan = planner.plan(world);
    for (int cycle = 0; cycle < MOST_CYCLES && plan.actionCount() > 0; cycle++) {
      world.complete(plan);
      plan = planner.plan(world);
    }
    return noneOf(plan.actionCount(), "actions after many cycles");
  }

  /** Equal chunks at their floor, at rest. */
  private static World quiet(Draws draws, int fillPercent) {
    int floor = 1 + draws.nextInt(2);
    World world = Fleets.uniform(draws.nextInt(4, 15), draws.nextInt(10, 40), floor, fillPercent);
    world.configure(config -> config.saturation(0.3));
    world.rest(MOST_CYCLES);
    return world;
  }

  /** In a world at rest a chunk that comes and fits changes nothing but itself. */
  static Optional<String> newChunkMovesNothingElse(Draws draws, Planner planner) {
    World world = quiet(draws, 60);
    int fresh = world.chunks.size();
    world.chunk(world.chunks.get(0).size);
    PlacementPlan plan = planner.plan(world);
    int own =
        (int)
            IntStream.range(0, plan.actionCount())
                .filter(action -> plan.actionChunk(action) == fresh)
                .count();
    return own == 0
        ? Optional.of("the chunk was not placed")
        : noneOf(plan.actionCount() - own, "actions of other chunks");
  }

  /** In a world at rest a label on a worker that no chunk asks for changes nothing. */
  static Optional<String> labelMovesNothing(Draws draws, Planner planner) {
    World world = SmallWorlds.any().workers(1, 8).draw(draws);
    world.rest(MOST_CYCLES);
    return labelMovesNothing(world, planner);
  }

  static Optional<String> labelMovesNothing(World world, Planner planner) {
    world.alter(
        0,
        it -> {
          Labels labels = it.labels();
          return it.withLabels(
              labels.isEmpty() ? Labels.of("odd") : Labels.of("odd", labels.sorted().get(0)));
        });
    return noneOf(planner.plan(world).actionCount(), "actions for a label");
  }

  /**
   * A worker that departs and comes back within the grace makes nobody copy anything: the world is
   * at rest, and no chunk is below its floor without the worker.
   */
  static Optional<String> flapMovesNothing(Draws draws, Planner planner) {
    World world = Fleets.uniform(draws.nextInt(5, 21), 30, 1, 20);
    world.rest(MOST_CYCLES);
    World away = world.copy();
    away.lose(draws.nextInt(world.workers.size()));
    away.previous.clear();
    for (int chunk = 0; chunk < away.chunks.size(); chunk++) {
      World.Piece piece = away.chunks.get(chunk);
      piece.recentlyLost = world.chunks.get(chunk).held.size() - piece.held.size();
    }
    long copied = planner.plan(away).figures().bytesAdded();
    int after = planner.plan(world).actionCount();
    return noneOf(copied + after, "bytes copied while it is away and actions after");
  }

  /** A worker that is suspect for a while, and then is not, moves nothing. */
  static Optional<String> suspicionMovesNothing(Draws draws, Planner planner) {
    World world = quiet(draws, 30);
    int worker = draws.nextInt(world.workers.size());
    world.alter(worker, it -> it.withStatus(WorkerStatus.SUSPECT));
    PlacementPlan during = planner.plan(world);
    world.remember(during);
    world.alter(worker, it -> it.withStatus(WorkerStatus.ACTIVE));
    return noneOf(during.actionCount() + planner.plan(world).actionCount(), "actions");
  }

  /**
   * Where all floors have a packing that keeps so much free on every worker, none is left out or
   * short once the planner, fed back its own plans, has come to rest: whatever is held by then, it
   * does no worse than from nothing.
   */
  static Optional<String> isNeverWeakerThanFromScratch(Draws draws, Planner planner) {
    int slot = draws.nextInt(2, 7);
    World world =
        new SmallWorlds()
            .workers(2, 5)
            .capacity(slot, 4 * slot)
            .chunks(2, 8)
            .size(1, slot)
            .floor(1, 2)
            .held()
            .draw(draws);
    World tighter = world.copy();
    tighter.workers.replaceAll(worker -> worker.withCapacityBytes(worker.capacityBytes() - slot));
    Optional<String> restless = comesToRest(world, planner);
    if (restless.isPresent() || !Packing.existsForAll(tighter)) {
      return restless;
    }
    PlacementPlan plan = planner.plan(world);
    return noneOf(plan.deferrals().size() + plan.shortfalls().size(), "chunks without their floor");
  }

  /** More capacity, anywhere, never leaves more chunks of one size out. */
  static Optional<String> reliefIsMonotone(Draws draws, Planner planner) {
    SmallWorlds worlds = new SmallWorlds().workers(1, 7).capacity(0, 6).chunks(1, 29);
    int floor = draws.nextInt(4);
    World world =
        (floor == 0 ? worlds.floor(1, 1).restricted() : worlds.floor(floor, floor)).draw(draws);
    int before = planner.plan(world).deferrals().size();
    int more = draws.nextInt(1, 5);
    world.alter(
        draws.nextInt(world.workers.size()), it -> it.withCapacityBytes(it.capacityBytes() + more));
    int after = planner.plan(world).deferrals().size();
    return noneOf(Math.max(0, after - before), "more chunks left out with more room");
  }

  /** Where floors of any sizes are packed with the largest size to spare, nothing is left out. */
  static Optional<String> leavesOutNothingThatFits(Draws draws, Planner planner) {
    World world = new World();
    world.floor = draws.nextInt(1, 4);
    for (int i = draws.nextInt(5, 40); i > 0; i--) {
      long capacity = (long) draws.nextInt(300, 900) << draws.nextInt(3);
      world.workers.add(Fleets.worker(world.workers.size(), capacity));
    }
    int slot = 60;
    long[] room = world.workers.stream().mapToLong(it -> it.capacityBytes() - slot).toArray();
    while (true) {
      int size = draws.nextInt(1, slot + 1);
      Arrays.sort(room);
      if (room[room.length - world.floor] < size) {
        return noneOf(planner.plan(world).deferrals().size(), "chunks left out");
      }
      for (int i = 1; i <= world.floor; i++) {
        room[room.length - i] -= size;
      }
      world.chunk(size);
    }
  }

  /** Growth and moves stay within the budget, but for one that is larger than all of it. */
  static Optional<String> keepsTheBudget(Draws draws, Planner planner) {
    SmallWorlds roomy = new SmallWorlds().workers(2, 8).capacity(40, 199).chunks(4, 29).size(1, 9);
    roomy.floor(1, 1).zones(1).restricted().capped().seen().leaving();
    World world = (draws.nextBoolean() ? SmallWorlds.any() : roomy).draw(draws);
    Optional<String> broken = Optional.empty();
    for (int i = 0; i < 8 && broken.isEmpty(); i++) {
      MovementBudget budget = SmallWorlds.budget(draws);
      world.configure(config -> config.budget(budget));
      broken = keepsTheBudget(world, planner);
    }
    return broken;
  }

  static Optional<String> keepsTheBudget(World world, Planner planner) {
    PlacementPlan plan = planner.plan(world);
    MovementBudget budget = world.config.budget();
    long[] in = new long[world.workers.size()];
    long[] out = new long[in.length];
    long bytes = 0;
    long replicas = 0;
    for (int action = 0; action < plan.actionCount(); action++) {
      Cause cause = plan.cause(action);
      boolean bound = cause != Cause.NEW && cause != Cause.REPAIR && cause != Cause.RELOCATE;
      long size = world.chunks.get(plan.actionChunk(action)).size;
      if (bound && plan.kind(action) == ActionKind.ADD) {
        bytes += size;
        replicas++;
        in[plan.actionWorker(action)] += size;
      } else if (bound && moves(plan, action)) {
        out[plan.actionWorker(action)] += size;
      }
    }
    if (replicas == 1 && budget.replicas() >= 1) {
      return Optional.empty();
    }
    boolean within = bytes <= budget.bytes() && replicas <= budget.replicas();
    for (int worker = 0; worker < in.length; worker++) {
      within &= in[worker] <= budget.workerInBytes() && out[worker] <= budget.workerOutBytes();
    }
    return within
        ? Optional.empty()
        : Optional.of(bytes + " bytes, " + replicas + " replicas of " + budget);
  }

  private static boolean moves(PlacementPlan plan, int action) {
    return plan.kind(action) == ActionKind.SUPERSEDE
        && plan.partner(action) >= 0
        && plan.kind(plan.partner(action)) == ActionKind.ADD;
  }
}
