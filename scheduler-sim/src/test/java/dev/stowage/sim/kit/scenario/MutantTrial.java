package dev.stowage.sim.kit.scenario;

import dev.stowage.StowageListener;
import dev.stowage.audit.Violation;
import dev.stowage.lifecycle.Command;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Tick;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.walk.CaseResult;
import dev.stowage.sim.kit.walk.FoundWalk;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.WalkPlan;
import dev.stowage.sim.kit.walk.Walks;
import dev.stowage.sim.mutants.TestRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Asks a core, which may be a broken one, one of six things; it is loaded together with it. The
 * first word says which:
 *
 * <ul>
 *   <li>{@code scenarios [FILE...]}: the scenario files that fail, of these or of all
 *   <li>{@code tests CLASS}: the tests of this class that fail
 *   <li>{@code audits STORIES STEPS}: the invariants that do not hold in scenario files, whatever
 *       these expect, and in drawn stories
 *   <li>{@code walk MODEL CASES STEPS}: the first walk that finds something: its seed, what the
 *       scenario of its lines then finds, the lines
 *   <li>{@code kill MODEL CASES STEPS}: after how many lines of such walks something is found, and
 *       what
 *   <li>{@code model STORIES STEPS}: the first story in which the reference model differs, and how
 * </ul>
 */
public final class MutantTrial implements Function<List<String>, List<String>> {
  /** A trial; to be made by the loader of the core that it asks. */
  public MutantTrial() {}

  @Override
  public List<String> apply(List<String> question) {
    List<String> rest = question.subList(1, question.size());
    try {
      return switch (question.get(0)) {
        case "scenarios" -> failing(rest);
        case "tests" -> TestRun.failing(Class.forName(rest.get(0)));
        case "audits" -> violated(Integer.parseInt(rest.get(0)), Integer.parseInt(rest.get(1)));
        case "walk" ->
            walked(rest.get(0), Integer.parseInt(rest.get(1)), Integer.parseInt(rest.get(2)));
        case "kill" ->
            killed(rest.get(0), Integer.parseInt(rest.get(1)), Integer.parseInt(rest.get(2)));
        case "model" -> apart(Integer.parseInt(rest.get(0)), Integer.parseInt(rest.get(1)));
        default -> throw new IllegalArgumentException(question.toString());
      };
    } catch (java.io.IOException | ClassNotFoundException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  private static List<String> failing(List<String> names) throws java.io.IOException {
    List<String> failing = new ArrayList<>();
    for (Path file : ScenarioFiles.holding()) {
      String name = String.valueOf(file.getFileName());
      if (names.isEmpty() || names.contains(name)) {
        try {
          if (Scenario.read(file).run().isPresent()) {
            failing.add(name);
          }
        } catch (ScenarioProblems | RuntimeException broken) {
          failing.add(name);
        }
      }
    }
    return failing;
  }

  /** Every command is audited; one that breaks a promise is stopped, and the story goes on. */
  private static List<String> violated(int stories, int steps) throws java.io.IOException {
    TreeSet<String> titles = new TreeSet<>();
    for (Path file : ScenarioFiles.all()) {
      retell(java.nio.file.Files.readAllLines(file), titles);
    }
    for (long seed = 1; seed <= stories; seed++) {
      DrawnStory story = new DrawnStory(seed);
      Settings settings = watched(story.settings(), titles);
      try (ScenarioWorld world = ScenarioWorld.audited(settings, new MemoryScenarioStore())) {
        story.beginning().forEach(line -> tell(world, line, titles));
        for (int step = 0; step < steps; step++) {
          String line = story.next(world.books());
          if (!TwinStory.isOwn(line)) {
            tell(world, line, titles);
          }
        }
      } catch (RuntimeException broken) {
        titles.add("(" + broken.getClass().getSimpleName() + ")");
      }
    }
    return List.copyOf(titles);
  }

  private static Settings watched(String config, TreeSet<String> titles) {
    Settings settings = ToldStory.settings(config);
    settings.listener =
        new StowageListener() {
          @Override
          public void violated(Tick tick, Command<?> command, List<Violation> violations) {
            violations.forEach(each -> titles.add(each.invariant().title()));
          }
        };
    return settings;
  }

  /** The steps of a scenario file, without what it expects. */
  private static void retell(List<String> file, TreeSet<String> titles) {
    List<String> lines =
        file.stream()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(line -> !line.isEmpty() && !line.startsWith("expect"))
            .toList();
    boolean isConfigured = lines.get(0).startsWith("config");
    Settings settings = watched(isConfigured ? lines.get(0) : "config", titles);
    try (ScenarioWorld world = ScenarioWorld.audited(settings, new MemoryScenarioStore())) {
      lines.stream().skip(isConfigured ? 1 : 0).forEach(line -> tell(world, line, titles));
    } catch (RuntimeException broken) {
      titles.add("(" + broken.getClass().getSimpleName() + ")");
    }
  }

  private static void tell(ScenarioWorld world, String line, TreeSet<String> titles) {
    try {
      StepReader.read(line).run(world);
      if (!line.startsWith("set confirmation")) {
        world.audit();
      }
    } catch (InvariantViolation broken) {
      titles.add(broken.invariant());
    } catch (StepFailure senseless) {
      // A drawn line may make no sense.
    } catch (UnreadableWord unreadable) {
      throw new IllegalArgumentException(line, unreadable);
    }
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
      answer.add(String.valueOf(Scenario.parse("walk", found.file()).run()));
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

  private static List<String> apart(int stories, int steps) {
    for (long seed = 1; seed <= stories; seed++) {
      try {
        ToldStory story = ToldStory.unaudited(seed, steps);
        if (!story.found().isEmpty()) {
          return List.of(seed + ":" + story.lines().size(), story.found().get(0));
        }
      } catch (RuntimeException broken) {
        return List.of(seed + ":?", broken.toString());
      }
    }
    return List.of();
  }
}
