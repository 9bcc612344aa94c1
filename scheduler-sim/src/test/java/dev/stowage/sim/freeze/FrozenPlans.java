package dev.stowage.sim.freeze;

import dev.stowage.placement.Cause;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanFigures;
import dev.stowage.placement.SlotOrder;
import dev.stowage.placement.StatelessPlanner;
import dev.stowage.placement.WarmPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Plans of drawn fleets: from scratch, by a planner that is fed, and by the stateless one. */
final class FrozenPlans {
  /** Drawn fleets, each planned twice from scratch and twice by the stateless planner. */
  private static final int FLEETS = 1000;

  /** Drawn fleets that a warm planner is told of. */
  private static final int HISTORIES = 400;

  private static final int STEPS = 5;
  private static final int RINGS = 120;
  private static final int TOGETHER = 50;

  private FrozenPlans() {}

  static List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (int first = 1; first <= FLEETS; first += TOGETHER) {
      int from = first;
      pieces.add(new Piece("plans", () -> fromScratch(from)));
    }
    for (int first = 1; first <= HISTORIES; first += TOGETHER) {
      int from = first;
      pieces.add(new Piece("plans", () -> List.of(fed(from))));
    }
    return pieces;
  }

  private static List<String> fromScratch(int first) {
    Digest sticky = new Digest();
    Digest stateless = new Digest();
    Digest words = new Digest();
    PlacementPlanner hashing = StatelessPlanner.withRings(RINGS);
    for (int seed = first; seed < first + TOGETHER; seed++) {
      DrawnFleet fleet = new DrawnFleet(seed);
      for (int step = 0; step < 2; step++) {
        PlacementInput input = fleet.input();
        PlacementPlan plan = PlacementPlanner.sticky().plan(input);
        add(sticky, plan);
        explain(words, plan, input.chunkCount(), input.workerCount());
        add(stateless, hashing.plan(input));
        fleet.complete(plan);
      }
    }
    return List.of(
        line("cold", first, sticky),
        line("stateless", first, stateless),
        line("explained", first, words));
  }

  private static String fed(int first) {
    Digest digest = new Digest();
    for (int seed = first; seed < first + TOGETHER; seed++) {
      DrawnFleet fleet = new DrawnFleet(~seed);
      WarmPlanner planner = WarmPlanner.of(fleet.drawnConfig(), SlotOrder.ASCENDING);
      for (int step = 0; step < STEPS; step++) {
        fleet.feed(planner);
        PlacementPlan plan = planner.plan();
        add(digest, plan);
        fleet.completeFed(plan);
        fleet.change(planner);
      }
    }
    return line("warm", first, digest);
  }

  private static String line(String title, int first, Digest digest) {
    return String.format(Locale.ROOT, "%s %04d-%04d ", title, first, first + TOGETHER - 1)
        + digest.hex();
  }

  private static void add(Digest digest, PlacementPlan plan) {
    digest.add(plan.planHash()).add(plan.actionCount());
    for (int action = 0; action < plan.actionCount(); action++) {
      digest.add(plan.partner(action));
    }
    PlanFigures figures = plan.figures();
    digest.add(figures.bytesAdded()).add(figures.bytesMinimum()).add(figures.replicas());
    digest.add(figures.maxOverMeanFill()).add(figures.minOverMeanFill());
    digest.add(figures.backpressure() ? 1 : 0).add(plan.budgetLeftOverBytes());
    digest.add(figures.debtBytes()).add(figures.debtReplicas());
    Map<String, Long> byCause = new TreeMap<>();
    for (Map.Entry<Cause, Long> each : figures.bytesByCause().entrySet()) {
      byCause.put(each.getKey().name(), each.getValue());
    }
    byCause.forEach((cause, bytes) -> digest.add(cause).add(bytes));
  }

  private static void explain(Digest digest, PlacementPlan plan, int chunks, int workers) {
    for (int chunk = 0; chunk < chunks; chunk += 1 + chunks / 5) {
      digest.add(plan.explain(chunk, at -> "chunk " + at).text());
    }
    for (int worker = 0; worker < workers; worker += 1 + workers / 3) {
      digest.add(plan.explainWorker(worker).text());
    }
  }
}
