package dev.stowage.benchmarks.peers;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.ChunkColumn;
import dev.stowage.placement.ChunkDraft;
import dev.stowage.placement.KeyHash;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanRequest;
import dev.stowage.placement.SlotOrder;
import dev.stowage.placement.WarmPlanner;
import dev.stowage.placement.WeightPolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our planner, fed the event as deltas after a plan of the state before. Both are timed. */
final class WarmSubject implements PlacementSubject {
  private final int threads;

  WarmSubject(int threads) {
    this.threads = threads;
  }

  @Override
  public String name() {
    return "stowage-warm";
  }

  @Override
  public String limits() {
    return "";
  }

  @Override
  public String base() {
    return "stowage";
  }

  @Override
  public boolean answers(Event event) {
    return event != Event.SCRATCH;
  }

  @Override
  public Trial prepare(PlacementProblem problem) {
    PlacementProblem.Past past = problem.past();
    if (past == null) {
      throw new IllegalArgumentException("nothing was planned before");
    }
    return new Deltas(problem, past, threads);
  }

  private static final class Deltas implements Trial {
    private final PlacementProblem problem;
    private final ProblemFleet before;
    private final int chunksBefore;
    private final WarmPlanner planner;
    private @Nullable PlacementPlan plan;

    Deltas(PlacementProblem problem, PlacementProblem.Past past, int threads) {
      this.problem = problem;
      before = past.problem().fleet();
      chunksBefore = past.placed().chunks();
      ProblemTargets targets = problem.targets();
      planner =
          WarmPlanner.of(
              PlacementConfig.builder()
                  .saturation(targets.saturationMillionths() / 1e6)
                  .threads(threads)
                  .build(),
              SlotOrder.ASCENDING);
      for (int worker = 0; worker < before.count(); worker++) {
        addWorker(worker, before.names()[worker], before.capacityBytes()[worker]);
      }
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

    private void addWorker(int slot, String name, long capacityBytes) {
      planner.worker(slot, Worker.of(WorkerId.of(name), capacityBytes));
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
        addWorker(slot++, problem.fleet().names()[worker], problem.fleet().capacityBytes()[worker]);
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
        positionOf[slot] = positions.getOrDefault(before.names()[slot], -1);
      }
      int slot = before.count();
      for (int worker : after.joined()) {
        positionOf[slot++] = worker;
      }
      return positionOf;
    }
  }
}
