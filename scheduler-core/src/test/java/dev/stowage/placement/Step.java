package dev.stowage.placement;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A plan as plain lists, so that the self-tests of the checks can break it. */
public final class Step {
  /** One action. */
  record Deed(ActionKind kind, int chunk, int worker, Cause cause, int partner) {}

  final List<Deed> deeds = new ArrayList<>();
  final List<Set<Integer>> wanted = new ArrayList<>();
  final Set<Integer> deferred = new TreeSet<>();
  final Set<Integer> shortOf = new TreeSet<>();

  public static Step of(PlacementPlan plan) {
    Step step = new Step();
    for (int action = 0; action < plan.actionCount(); action++) {
      step.deeds.add(
          new Deed(
              plan.kind(action),
              plan.actionChunk(action),
              plan.actionWorker(action),
              plan.cause(action),
              plan.partner(action)));
    }
    for (int chunk = 0; chunk < plan.input().chunkCount(); chunk++) {
      Set<Integer> workers = new TreeSet<>();
      for (int worker : plan.wantedWorkers(chunk)) {
        workers.add(worker);
      }
      step.wanted.add(workers);
    }
    plan.deferrals().forEach(each -> step.deferred.add(each.chunk()));
    plan.shortfalls().forEach(each -> step.shortOf.add(each.chunk()));
    return step;
  }
}
