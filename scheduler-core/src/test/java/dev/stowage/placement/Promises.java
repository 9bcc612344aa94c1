package dev.stowage.placement;

import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.World.Piece;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What a planner promises beyond a single plan (placement design, section 6), each as a question to
 * any planner: empty if it keeps the promise in this world, else what it did. Asked of the planner
 * in {@link PlacementPromisesTest}, and of broken ones.
 */
final class Promises {
  private static final int MOST_CYCLES = 12;

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
      input.weight(chunk, piece.weight).floor(chunk, piece.floor).bits(chunk, piece.bits);
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

  /** A worker that is suspect for a while, and then is not, moves nothing. */
  static Optional<String> suspicionMovesNothing(World world, int worker, Planner planner) {
    world.workers.set(worker, world.workers.get(worker).withStatus(WorkerStatus.SUSPECT));
    PlacementPlan during = planner.plan(world);
    world.previous.clear();
    world.previous.addAll(during.factors());
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
