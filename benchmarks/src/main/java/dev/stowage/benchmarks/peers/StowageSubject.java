package dev.stowage.benchmarks.peers;

import dev.stowage.config.WeightPolicy;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanRequest;
import org.jspecify.annotations.Nullable;

/** A planner of this library, by a fresh call. */
final class StowageSubject implements PlacementSubject {
  static final int HELD =
      ReplicaBits.ASSIGNED | ReplicaBits.POSSESSED | ReplicaBits.ROUTED | ReplicaBits.READABLE;

  private final PlacementPlanner planner;

  StowageSubject(PlacementPlanner planner) {
    this.planner = planner;
  }

  @Override
  public Trial prepare(PlacementProblem problem) {
    return new Call(planner, input(problem));
  }

  static PlacementInput input(PlacementProblem problem) {
    PlacementInputBuilder input = PlacementInput.builder(problem.config());
    problem.fleet().workers().forEach(input::addWorker);
    ProblemChunks chunks = problem.chunks();
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      input.addChunk(KeyHash.of(chunks.key().apply(chunk)), chunks.bytes()[chunk]);
      input.set(chunk, ChunkColumn.WEIGHT, chunks.weight()[chunk]);
      input
          .set(chunk, ChunkColumn.FLOOR, problem.targets().floor())
          .set(chunk, ChunkColumn.CAP, WeightPolicy.UNCAPPED);
    }
    if (problem.past() != null) {
      hold(input, problem.past());
    }
    return input.build();
  }

  private static void hold(PlacementInputBuilder input, PlacementProblem.Past past) {
    Assignment held = past.held();
    input.expectReplicas(held.worker().length);
    for (int chunk = 0; chunk < held.chunks(); chunk++) {
      if (past.placed().replicas(chunk) > 0) {
        input.bits(chunk, ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED);
      }
      for (int i = held.start()[chunk]; i < held.start()[chunk + 1]; i++) {
        input.replica(chunk, held.worker()[i], HELD);
      }
    }
    PlanRequest.Builder wishes = PlanRequest.builder();
    past.problem()
        .targets()
        .byWeight()
        .forEach((weight, replicas) -> wishes.previousFactor(weight, replicas * 1_000_000L));
    input.request(wishes.build());
  }

  static Assignment wanted(PlacementPlan plan) {
    int chunks = plan.input().chunkCount();
    int[] start = new int[chunks + 1];
    for (int chunk = 0; chunk < chunks; chunk++) {
      start[chunk + 1] = start[chunk] + plan.wantedCount(chunk);
    }
    int[] worker = new int[start[chunks]];
    for (int chunk = 0; chunk < chunks; chunk++) {
      int[] wanted = plan.wantedWorkers(chunk);
      System.arraycopy(wanted, 0, worker, start[chunk], wanted.length);
    }
    return new Assignment(start, worker);
  }

  private static final class Call implements Trial {
    private final PlacementPlanner planner;
    private final PlacementInput input;
    private @Nullable PlacementPlan plan;

    Call(PlacementPlanner planner, PlacementInput input) {
      this.planner = planner;
      this.input = input;
    }

    @Override
    public void run() {
      plan = planner.plan(input);
    }

    @Override
    public Assignment assignment() {
      if (plan == null) {
        throw new IllegalStateException("not run");
      }
      return wanted(plan);
    }
  }
}
