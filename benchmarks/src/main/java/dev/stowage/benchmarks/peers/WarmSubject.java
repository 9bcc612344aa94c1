package dev.stowage.benchmarks.peers;

import dev.stowage.config.WeightPolicy;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanRequest;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WarmPlanner.ChunkDraft;
import dev.stowage.placement.WarmPlanner.SlotOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our planner, fed the event as deltas after a plan of the state before; both are timed. From
 * scratch it is fed everything.
 */
final class WarmSubject implements PlacementSubject {
  @Override
  public Trial prepare(PlacementProblem problem) {
    return new Deltas(problem);
  }

  private static final class Deltas implements Trial {
    private final PlacementProblem problem;
    private final ProblemFleet before;
    private final WarmPlanner planner;
    private int chunksBefore;
    private @Nullable PlacementPlan plan;

    Deltas(PlacementProblem problem) {
      this.problem = problem;
      PlacementProblem.Past past = problem.past();
      before = past == null ? problem.fleet() : past.problem().fleet();
      planner = WarmPlanner.of(problem.config(), SlotOrder.ASCENDING);
      planner.request(PlanRequest.builder().build());
      for (int worker = 0; worker < before.count(); worker++) {
        planner.worker(worker, before.workers().get(worker));
      }
      if (past != null) {
        planBefore(past);
      }
    }

    private void planBefore(PlacementProblem.Past past) {
      chunksBefore = past.placed().chunks();
      planner.expect(problem.chunks().count(), past.placed().worker().length);
      for (int chunk = 0; chunk < chunksBefore; chunk++) {
        addHeld(chunk, past.placed());
      }
      PlanRequest.Builder request = PlanRequest.builder();
      past.problem()
          .targets()
          .byWeight()
          .forEach((weight, replicas) -> request.previousFactor(weight, replicas * 1_000_000L));
      planner.request(request.build());
      planner.plan();
    }

    private ChunkDraft draft(int chunk) {
      ProblemChunks chunks = problem.chunks();
      long hash = KeyHash.of(chunks.key().apply(chunk));
      return planner
          .chunk(chunk, hash, chunks.bytes()[chunk])
          .set(ChunkColumn.WEIGHT, chunks.weight()[chunk])
          .set(ChunkColumn.FLOOR, problem.targets().floor())
          .set(ChunkColumn.CAP, WeightPolicy.UNCAPPED);
    }

    private void addHeld(int chunk, Assignment placed) {
      ChunkDraft draft = draft(chunk);
      draft.bits(ChunkBits.VISIBLE | ChunkBits.ESTABLISHED | ChunkBits.ONCE_POSSESSED);
      for (int i = placed.start()[chunk]; i < placed.start()[chunk + 1]; i++) {
        draft.replica(placed.worker()[i], StowageSubject.HELD);
      }
      draft.put();
    }

    @Override
    public void run() {
      Map<String, Integer> slots = before.positions();
      for (String name : problem.fleet().departed()) {
        planner.dropWorker(slots.getOrDefault(name, -1));
      }
      int slot = before.count();
      for (int worker : problem.fleet().joined()) {
        planner.worker(slot++, problem.fleet().workers().get(worker));
      }
      for (int chunk = chunksBefore; chunk < problem.chunks().count(); chunk++) {
        draft(chunk).put();
      }
      plan = planner.plan();
    }

    @Override
    public Assignment assignment() {
      PlacementPlan known = plan;
      if (known == null) {
        throw new IllegalStateException("not run");
      }
      int[] positionOf = positions();
      Assignment.Pairs pairs = Assignment.pairs(problem.chunks().count());
      for (int chunk = 0; chunk < problem.chunks().count(); chunk++) {
        for (int slot : known.wantedWorkers(chunk)) {
          pairs.add(chunk, positionOf[slot]);
        }
      }
      return pairs.assignment();
    }

    /** Returns the position after the event of the worker in each slot. */
    private int[] positions() {
      ProblemFleet after = problem.fleet();
      int[] positionOf = new int[before.count() + after.joined().size()];
      Map<String, Integer> positions = after.positions();
      for (int slot = 0; slot < before.count(); slot++) {
        positionOf[slot] = positions.getOrDefault(before.name(slot), -1);
      }
      int slot = before.count();
      for (int worker : after.joined()) {
        positionOf[slot++] = worker;
      }
      return positionOf;
    }
  }
}
