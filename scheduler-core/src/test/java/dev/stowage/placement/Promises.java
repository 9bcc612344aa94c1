package dev.stowage.placement;

import dev.stowage.model.Labels;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.World.Piece;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a planner promises beyond a single plan (placement design, section 6), each as a question to
 * any planner: empty if it keeps the promise in this world, else what it did. Asked of the planner
 * in {@link PlacementPromisesTest}, and of broken ones.
 */
final class Promises {
  private static final int MOST_CYCLES = 25;

  private Promises() {}

  /** A planner under test. */
  interface Planner {
    PlacementPlan plan(World world);
  }

  /** Equal inputs, handed in another order or planned with other threads, give equal plans. */
  static Optional<String> isDeterministic(World world, long seed, Planner planner) {
    String hash = planner.plan(world).planHash();
    World threads = world.copy();
    threads.config = world.config.toBuilder().threads(2).build();
    World permuted = world.copy();
    Random random = new Random(seed);
    Collections.shuffle(permuted.pins, random);
    Collections.shuffle(permuted.bans, random);
    Collections.shuffle(permuted.previous, random);
    for (World other : List.of(threads, permuted)) {
      if (!planner.plan(other).planHash().equals(hash)) {
        return Optional.of("another plan with " + (other == threads ? "2 threads" : "other order"));
      }
    }
    PlacementPlan plan = PlacementPlanner.sticky().plan(shuffled(world, random));
    return plan.planHash().equals(PlacementPlanner.sticky().plan(world.input()).planHash())
        ? Optional.empty()
        : Optional.of("another plan with replicas in another order");
  }

  /** The world's input, replicas, pins and attributes handed in in a drawn order. */
  private static PlacementInput shuffled(World world, Random random) {
    PlacementInputBuilder input = PlacementInput.builder(world.config);
    world.workers.forEach(input::addWorker);
    List<Integer> order = new ArrayList<>();
    for (Piece piece : world.chunks) {
      order.add(input.addChunk(piece.hash, piece.size));
    }
    Collections.shuffle(order, random);
    for (int chunk : order) {
      Piece piece = world.chunks.get(chunk);
      input.eligibility(chunk, input.eligibility(piece.eligibility));
      input.weight(chunk, piece.weight).floor(chunk, piece.floor).cap(chunk, piece.cap);
      input.bits(chunk, piece.bits);
      input.admitted(chunk, piece.admitted).recentlyLost(chunk, piece.recentlyLost);
      List<Map.Entry<Integer, Integer>> held = new ArrayList<>(piece.held.entrySet());
      Collections.shuffle(held, random);
      held.forEach(each -> input.replica(chunk, each.getKey(), each.getValue()));
    }
    world.avoided.forEach(input::avoid);
    world.bans.forEach(ban -> input.ban(ban[0], ban[1]));
    world.pins.forEach(pin -> input.pin(pin[0], pin[1]));
    world.intents.forEach(intent -> input.intent(intent[0], intent[1], intent[2]));
    for (PoolFactor each : world.previous) {
      input.previousFactor(
          input.eligibility(each.eligibility()), each.weight(), each.targetMillionths());
    }
    return input.build();
  }

  /** Fed back its own plans, it comes to rest; the world is at rest then. */
  static Optional<String> comesToRest(World world, Planner planner) {
    PlacementPlan plan = planner.plan(world);
    for (int cycle = 0; cycle < MOST_CYCLES && plan.actionCount() > 0; cycle++) {
      world.complete(plan);
      plan = planner.plan(world);
    }
    return plan.actionCount() == 0
        ? Optional.empty()
        : Optional.of(plan.actionCount() + " actions after " + MOST_CYCLES + " cycles");
  }

  /** In a world at rest a chunk that comes and fits changes nothing but itself. */
  static Optional<String> newChunkMovesNothingElse(World world, Planner planner) {
    int fresh = world.chunks.size();
    world.chunk(world.chunks.get(0).size);
    PlacementPlan plan = planner.plan(world);
    for (int action = 0; action < plan.actionCount(); action++) {
      if (plan.actionChunk(action) != fresh) {
        return Optional.of(plan.kind(action) + " of chunk " + plan.actionChunk(action));
      }
    }
    return plan.actionCount() == 0 ? Optional.of("the chunk was not placed") : Optional.empty();
  }

  /** In a world at rest a label on a worker that no chunk asks for changes nothing. */
  static Optional<String> labelMovesNothing(World world, int worker, Planner planner) {
    Labels labels = world.workers.get(worker).labels();
    Labels more = labels.isEmpty() ? Labels.of("odd") : Labels.of("odd", labels.sorted().get(0));
    world.workers.set(worker, world.workers.get(worker).withLabels(more));
    int actions = planner.plan(world).actionCount();
    return actions == 0 ? Optional.empty() : Optional.of(actions + " actions for a label");
  }

  /**
   * A worker that departs and comes back within the grace makes nobody copy anything: the world is
   * at rest, and no chunk is below its floor without the worker.
   */
  static Optional<String> flapMovesNothing(World world, int worker, Planner planner) {
    World away = world.copy();
    away.lose(worker);
    away.previous.clear();
    for (int chunk = 0; chunk < away.chunks.size(); chunk++) {
      Piece piece = away.chunks.get(chunk);
      piece.recentlyLost = world.chunks.get(chunk).held.size() - piece.held.size();
    }
    long copied = planner.plan(away).figures().bytesAdded();
    int after = planner.plan(world).actionCount();
    return copied + after == 0
        ? Optional.empty()
        : Optional.of(copied + " bytes copied while it is away, " + after + " actions after");
  }

  /**
   * Where all floors have a packing that keeps so much free on every worker, none is left out or
   * short once the planner, fed back its own plans, has come to rest: whatever is held by then, it
   * does no worse than from nothing.
   */
  static Optional<String> isNeverWeakerThanFromScratch(World world, long slot, Planner planner) {
    World tighter = world.copy();
    tighter.workers.replaceAll(
        worker -> worker.withCapacityBytes(Math.max(0, worker.capacityBytes() - slot)));
    boolean packable =
        ExactPacking.exists(tighter, IntStream.range(0, world.chunks.size()).boxed().toList());
    Optional<String> restless = comesToRest(world, planner);
    if (!packable || restless.isPresent()) {
      return restless;
    }
    PlacementPlan plan = planner.plan(world);
    int left = plan.deferrals().size() + plan.shortfalls().size();
    return left == 0 ? Optional.empty() : Optional.of(left + " chunks without their floor");
  }

  /** A worker that is suspect for a while, and then is not, moves nothing. */
  static Optional<String> suspicionMovesNothing(World world, int worker, Planner planner) {
    world.workers.set(worker, world.workers.get(worker).withStatus(WorkerStatus.SUSPECT));
    PlacementPlan during = planner.plan(world);
    world.remember(during);
    world.workers.set(worker, world.workers.get(worker).withStatus(WorkerStatus.ACTIVE));
    PlacementPlan after = planner.plan(world);
    return during.actionCount() + after.actionCount() == 0
        ? Optional.empty()
        : Optional.of(during.actionCount() + " actions during, " + after.actionCount() + " after");
  }

  /** More capacity, anywhere, never leaves more chunks out. */
  static Optional<String> reliefIsMonotone(World world, int worker, long more, Planner planner) {
    int before = planner.plan(world).deferrals().size();
    long capacity = world.workers.get(worker).capacityBytes();
    world.workers.set(worker, world.workers.get(worker).withCapacityBytes(capacity + more));
    int after = planner.plan(world).deferrals().size();
    return after <= before
        ? Optional.empty()
        : Optional.of(before + " chunks left out before, " + after + " with more room");
  }

  /** Where all floors would fit with a slot of slack on each worker, nothing is left out. */
  static Optional<String> leavesOutNothingThatFits(World world, long slot, Planner planner) {
    if (!Packing.fitsWithSlack(world, slot)) {
      return Optional.empty();
    }
    int left = planner.plan(world).deferrals().size();
    return left == 0 ? Optional.empty() : Optional.of(left + " chunks left out");
  }

  /** Growth and moves stay within the budget, but for one that is larger than all of it. */
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
      } else if (bound && plan.partner(action) >= 0 && moves(plan, action)) {
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
        && plan.kind(plan.partner(action)) == ActionKind.ADD;
  }
}
