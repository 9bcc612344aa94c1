package dev.stowage.sim.freeze;

import dev.stowage.sim.kit.scenario.Scenario;
import dev.stowage.sim.kit.scenario.ScenarioFailure;
import dev.stowage.sim.kit.scenario.ScenarioLibrary;
import dev.stowage.sim.kit.scenario.ScenarioProblems;
import dev.stowage.sim.kit.scenario.ScenarioStore;
import dev.stowage.sim.kit.scenario.Story;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every scenario file on both backends: what it is answered, and the fleet that it leaves. */
final class FrozenScenarios {
  private FrozenScenarios() {}

  static List<Piece> pieces() {
    return List.of(
        new Piece("scenarios", FrozenScenarios::onPostgres),
        new Piece("scenarios", () -> lines("memory", Story.MEMORY)));
  }

  private static List<String> onPostgres() throws Exception {
    try (ServerWorlds server = ServerWorlds.start()) {
      return lines("postgres", server);
    }
  }

  private static List<String> lines(String title, ScenarioStore.Backend backend)
      throws ScenarioProblems {
    List<String> lines = new ArrayList<>();
    for (String name : ScenarioLibrary.names()) {
      Scenario scenario = Scenario.parse(name, ScenarioLibrary.text(name));
      boolean runsThere = title.equals("memory") || !scenario.losesCommits();
      String found = runsThere ? digest(scenario, backend) : "restores-the-store";
      lines.add(title + " " + name.replace(".txt", "") + " " + found);
    }
    return lines;
  }

  private static String digest(Scenario scenario, ScenarioStore.Backend backend) {
    Digest digest = new Digest();
    Optional<ScenarioFailure> failure = scenario.run(() -> new JudgedStore(backend.open(), digest));
    digest.add(
        failure
            .map(it -> it.line() + ": " + it.expected() + ", found " + it.found())
            .orElse("ok, " + scenario.length() + " lines held"));
    return digest.hex();
  }
}
