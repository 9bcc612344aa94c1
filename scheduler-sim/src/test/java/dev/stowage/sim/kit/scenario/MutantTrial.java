package dev.stowage.sim.kit.scenario;

import dev.stowage.sim.kit.walk.CaseResult;
import dev.stowage.sim.kit.walk.FoundWalk;
import dev.stowage.sim.kit.walk.StateMachine;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.WalkPlan;
import dev.stowage.sim.kit.walk.Walks;
import dev.stowage.sim.mutants.TestRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Asks a core, which may be a broken one, one of several things; it is loaded together with it. The
 * first word says which:
 *
 * <ul>
 *   <li>{@code scenarios FILE...}: the scenario files that fail, of these
 *   <li>{@code scenarios}: the first scenario file that fails, of all
 *   <li>{@code tests CLASS}: the tests of this class that fail
 *   <li>{@code room PACKAGE NEAREST}: the first class of tests in a package that fails, and its
 *       test; those of the nearest package come first
 *   <li>{@code walk MODEL CASES STEPS}: the first walk that finds something: its seed, what the
 *       scenario of its lines then finds, the lines
 *   <li>{@code kill MODEL CASES STEPS}: after how many lines of such walks something is found, and
 *       what
 *   <li>{@code machine CHAINS ACTIONS}: after how many actions a chain of the state machine finds
 *       something, and how many lines it takes when it is made short
 *   <li>{@code walks CASES STEPS}: the first model whose walks find something, and what {@code
 *       kill} says of it
 * </ul>
 */
public final class MutantTrial implements Function<List<String>, List<String>> {
  /** Less than the default, because shrinking takes most of the time of a mutant. */
  private static final int SHRINKINGS = 60;

  /** A trial; to be made by the loader of the core that it asks. */
  public MutantTrial() {}

  @Override
  public List<String> apply(List<String> question) {
    List<String> rest = question.subList(1, question.size());
    try {
      return switch (question.get(0)) {
        case "scenarios" -> failing(rest);
        case "tests" -> TestRun.failing(Class.forName(rest.get(0)));
        case "room" -> TestRun.firstFailing(rest.get(0), rest.get(1));
        case "walk" ->
            walked(rest.get(0), Integer.parseInt(rest.get(1)), Integer.parseInt(rest.get(2)));
        case "kill" ->
            killed(rest.get(0), Integer.parseInt(rest.get(1)), Integer.parseInt(rest.get(2)));
        case "machine" -> machine(Long.parseLong(rest.get(0)), Integer.parseInt(rest.get(1)));
        case "walks" -> walks(Integer.parseInt(rest.get(0)), Integer.parseInt(rest.get(1)));
        default -> throw new IllegalArgumentException(question.toString());
      };
    } catch (java.io.IOException | ClassNotFoundException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  private static List<String> failing(List<String> names) throws java.io.IOException {
    List<String> failing = new ArrayList<>();
    for (Path file : ScenarioFiles.all()) {
      String name = String.valueOf(file.getFileName());
      if (names.isEmpty() || names.contains(name)) {
        try {
          if (Scenario.read(file).run().isPresent()) {
            failing.add(name);
          }
        } catch (ScenarioProblems | RuntimeException broken) {
          failing.add(name);
        }
        if (names.isEmpty() && !failing.isEmpty()) {
          return failing;
        }
      }
    }
    return failing;
  }

  private static List<String> walked(String model, int cases, int steps) {
    WalkPlan plan = WalkPlan.of(List.of(WalkModel.of(model).orElseThrow()), cases, steps, 1);
    Walks walks = new Walks(plan, WalkBackend.memory(), () -> 0);
    walks.run((over, all, next) -> {});
    if (walks.found().isEmpty()) {
      return List.of();
    }
    FoundWalk found = walks.found().get();
    List<String> answer = new ArrayList<>();
    answer.add(found.seed() + ": " + found.finding());
    try {
      Scenario replayed = Scenario.parse("walk", found.file());
      answer.add(String.valueOf(replayed.run().or(() -> replayed.runBesideTheModel(Story.MEMORY))));
    } catch (ScenarioProblems unreadable) {
      answer.add(unreadable.getMessage());
    }
    answer.addAll(found.lines());
    return answer;
  }

  private static List<String> killed(String title, int cases, int steps) {
    WalkModel model = WalkModel.of(title).orElseThrow();
    long lines = 0;
    for (long seed = 1; seed <= cases; seed++) {
      CaseResult walk = Walks.one(model, seed, steps, WalkBackend.memory());
      lines += walk.lines().size();
      if (walk.finding().isPresent()) {
        return List.of(Long.toString(lines), walk.finding().get().kind());
      }
    }
    return List.of();
  }

  private static List<String> machine(long chains, int actions) {
    WalkBackend both = WalkBackend.memoryAnd(Story.MEMORY);
    return new StateMachine(List.of(WalkModel.values()), both, actions)
        .search(chains, 1, SHRINKINGS)
        .map(found -> {
          String what = found.file().lines().findFirst().orElse("").replaceFirst(":.*", "");
          return List.of(
              what.substring(Math.min(2, what.length())),
              found.actions() + " actions",
              found.lines() + " lines");
        })
        .orElse(List.of());
  }

  private static List<String> walks(int cases, int steps) {
    for (String title : WalkModel.titles()) {
      List<String> found = killed(title, cases, steps);
      if (!found.isEmpty()) {
        return List.of(title, found.get(1), found.get(0) + " lines");
      }
    }
    return List.of();
  }
}
