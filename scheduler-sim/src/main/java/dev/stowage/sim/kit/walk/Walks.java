package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Runs walks, one after the other, up to the first that finds something. Not thread-safe. */
public final class Walks {
  /** Hears how far it has come, before each walk. */
  public interface Listener {
    /** Reports that {@code over} of {@code all} walks are over, and the model of the next one. */
    void walking(long over, long all, WalkModel next);
  }

  private final WalkPlan plan;
  private final WalkBackend backend;
  private final LongSupplier nanos;
  private final List<WalkTotals> totals = new ArrayList<>();
  private Optional<FoundWalk> found = Optional.empty();
  private boolean isFirst = true;

  /**
   * Walks that have not begun.
   *
   * @param nanos nanoseconds from anywhere, by which time is kept and rates are measured; nothing
   *     in a walk depends on them
   */
  public Walks(WalkPlan plan, WalkBackend backend, LongSupplier nanos) {
    this.plan = Objects.requireNonNull(plan, "plan");
    this.backend = Objects.requireNonNull(backend, "backend");
    this.nanos = Objects.requireNonNull(nanos, "nanos");
    plan.models().forEach(model -> totals.add(new WalkTotals(model, model.required(backend))));
  }

  /** Walks until all are over, the time is, or one finds something. */
  public void run(Listener listener) {
    long begun = nanos.getAsLong();
    for (long at = 0; at < plan.cases(); at++) {
      for (WalkTotals total : totals) {
        if (found.isPresent() || nanos.getAsLong() - begun > plan.nanos()) {
          return;
        }
        long over = at * totals.size() + totals.indexOf(total);
        listener.walking(over, plan.cases() * totals.size(), total.model());
        walk(total, plan.seed() + at);
      }
    }
  }

  private void walk(WalkTotals total, long seed) {
    long begun = nanos.getAsLong();
    WalkBackend recorded = isFirst ? backend : backend.unrecorded();
    isFirst = false;
    CaseResult result = new WalkCase(total.model(), seed, plan.steps(), recorded).run();
    total.add(result, nanos.getAsLong() - begun);
    found = result.finding().map(finding -> shrunk(result, finding));
  }

  private FoundWalk shrunk(CaseResult result, Finding finding) {
    Retelling shortest =
        Shrinker.shrink(
            result.lines(),
            finding,
            WalkCase.of(result.seed(), backend.unrecorded()),
            Shrinker.MOST_RETELLINGS);
    return new FoundWalk(
        result.model(),
        result.seed(),
        plan.steps(),
        shortest.written(),
        shortest.finding().orElse(finding));
  }

  /** Runs and judges one walk. */
  public static CaseResult one(WalkModel model, long seed, int steps, WalkBackend backend) {
    return new WalkCase(model, seed, steps, backend).run();
  }

  /** Returns the shortened walk with a finding; empty if there is none. */
  public Optional<FoundWalk> found() {
    return found;
  }

  /** Returns the totals of each model, in the order of the plan. */
  public List<WalkTotals> totals() {
    return List.copyOf(totals);
  }
}
