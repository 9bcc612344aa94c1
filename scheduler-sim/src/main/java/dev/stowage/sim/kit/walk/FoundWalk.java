package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.ArrayList;
import java.util.List;

/**
 * A walk that found something, made short.
 *
 * @param model what drew it
 * @param seed what it was drawn from
 * @param steps how long it was to be
 * @param lines the scenario in which the same is found
 * @param finding the fault
 */
public record FoundWalk(
    WalkModel model, long seed, int steps, List<String> lines, Finding finding) {
  /** Copies the list. */
  public FoundWalk {
    lines = List.copyOf(lines);
  }

  /** Returns the options with which {@code stowage scenario} repeats the finding. */
  public String replayOptions() {
    return options(finding, lines);
  }

  private static String options(Finding finding, List<String> lines) {
    return isCompared(finding, lines) ? " --model" : "";
  }

  private static boolean isCompared(Finding finding, List<String> lines) {
    return finding.kind().equals("the reference model agrees")
        || finding.kind().equals("published deltas")
        || (finding.kind().equals("backends agree") && !lines.contains("expect reloaded"));
  }

  /** Returns the scenario file: its origin, and its lines. */
  public String file() {
    String by =
        "stowage walk --model " + model.title() + " --seed " + seed + " --cases 1 --steps " + steps;
    return text(finding, by, lines);
  }

  static String text(Finding finding, String by, List<String> lines) {
    List<String> text = new ArrayList<>();
    text.add("# " + finding.text().lines().findFirst().orElse(finding.kind()));
    text.add("# found by: " + by);
    text.add("# replay with: stowage scenario" + options(finding, lines) + " FILE");
    text.addAll(lines);
    return String.join("\n", text) + "\n";
  }
}
