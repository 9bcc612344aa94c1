package dev.stowage.sim.kit.conformance;

import dev.stowage.sim.kit.scenario.Scenario;
import dev.stowage.sim.kit.scenario.ScenarioLibrary;
import dev.stowage.sim.kit.scenario.ScenarioProblems;
import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.walk.FoundWalk;
import dev.stowage.sim.kit.walk.StateMachine;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.WalkPlan;
import dev.stowage.sim.kit.walk.WalkTotals;
import dev.stowage.sim.kit.walk.Walks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checks that a store has to pass besides the contracts of {@code scheduler-core}. Each of them
 * tells a story to a fresh store; after every command all invariants are audited, and memory and
 * the naive reference model must answer and hold the same. Immutable and thread-safe if the maker
 * is.
 */
public final class Conformance {
  private final ScenarioStore.Backend worlds;
  private final boolean canLoseCommits;

  private Conformance(ScenarioStore.Backend worlds, boolean canLoseCommits) {
    this.worlds = worlds;
    this.canLoseCommits = canLoseCommits;
  }

  /** Checks of the stores that come from here; one is opened at once, to ask what it can do. */
  public static Conformance of(StoreUnderTest.Maker maker) {
    try (StoreUnderTest one = maker.open(() -> 1)) {
      return new Conformance(StoreWorld.of(maker), one.canLoseCommits());
    }
  }

  /** Returns one check for each scenario file of the library. */
  public List<Check> scenarios() {
    return ScenarioLibrary.names().stream()
        .map(name -> scenario(name, ScenarioLibrary.text(name)))
        .toList();
  }

  /**
   * Returns the check of a scenario file: every line holds on this store, beside the memory backend
   * and the reference model.
   *
   * @param name the name in reports
   * @param text the lines of the file
   * @throws IllegalArgumentException if a line cannot be read
   */
  public Check scenario(String name, String text) {
    Scenario scenario;
    try {
      scenario = Scenario.parse(name, text);
    } catch (ScenarioProblems unreadable) {
      throw new IllegalArgumentException(unreadable.getMessage(), unreadable);
    }
    Optional<String> obstacle =
        scenario.losesCommits() && !canLoseCommits
            ? Optional.of("it restores an earlier state, which this store cannot do")
            : Optional.empty();
    return new Check(
        name,
        obstacle,
        () -> scenario.runBesideTheModel(worlds).ifPresent(failure -> fail(failure.toString())));
  }

  /**
   * Returns one check for each model: {@code cases} walks that must find nothing and meet the
   * requirements of the model.
   *
   * @param cases the walks of each model, at least 1; a small number is required to meet little
   * @param steps the steps of each walk, at least 1; 200 is usual
   * @param seed the seed of the first walk of each model; each further one takes the next number
   */
  public List<Check> walks(long cases, int steps, long seed) {
    return Stream.of(WalkModel.values()).map(model -> walk(model, cases, steps, seed)).toList();
  }

  /**
   * Returns one check for the state machine: chains of drawn actions, of all models, that must find
   * nothing and meet the hard cases. They need jqwik and JUnit's platform, but no test framework
   * that runs.
   *
   * @param chains the number of chains, at least 1
   * @param actions the actions of each chain, at least 1
   * @param seed the seed of the first chain; each further one takes the next number
   */
  public List<Check> chains(long chains, int actions, long seed) {
    String name = chains + " chains of " + actions + " actions from seed " + seed;
    return List.of(
        new Check(
            name,
            Optional.empty(),
            () -> {
              StateMachine machine =
                  new StateMachine(
                      List.of(WalkModel.values()), WalkBackend.memoryAnd(worlds), actions);
              machine
                  .search(chains, seed, StateMachine.MOST_SHRINKINGS)
                  .ifPresent(found ->
                      fail(
                          "found by chain "
                              + found.chains()
                              + ", after "
                              + found.actions()
                              + " actions, shrunk to "
                              + found.lines()
                              + " lines\n"
                              + found.file()));
              requireCoverage(machine.shortages());
            }));
  }

  private Check walk(WalkModel model, long cases, int steps, long seed) {
    WalkPlan plan = WalkPlan.of(List.of(model), cases, steps, seed);
    String name = model.title() + ": " + cases + " walks from seed " + seed;
    return new Check(name, Optional.empty(), () -> walk(plan));
  }

  private void walk(WalkPlan plan) {
    Walks walks = new Walks(plan, WalkBackend.memoryAnd(worlds), () -> 0);
    walks.run((over, all, next) -> {});
    Optional<FoundWalk> found = walks.found();
    if (found.isPresent()) {
      Finding finding = found.get().finding();
      fail(finding + "\n" + found.get().file());
    }
    List<String> shortages = new ArrayList<>();
    for (WalkTotals totals : walks.totals()) {
      shortages.addAll(totals.shortages());
    }
    requireCoverage(shortages);
  }

  private static void requireCoverage(List<String> shortages) {
    if (!shortages.isEmpty()) {
      throw new AssertionError(
          "nothing was found, but these were met too rarely: " + String.join("; ", shortages));
    }
  }

  /** The oracles judge what both gave together, and so cannot tell which of them is wrong. */
  private static void fail(String what) {
    throw new AssertionError("found in the store or in Stowage: " + what);
  }
}
