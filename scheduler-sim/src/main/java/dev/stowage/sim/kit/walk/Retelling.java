package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.draw.Opening;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lines told again in a separate world, up to the first finding.
 *
 * @param steps the lines told, the config line first, without lines that mean nothing at their
 *     place
 * @param written the lines with the expectations that a scenario file needs
 * @param finding the finding at the end; empty if there is none
 */
record Retelling(List<String> steps, List<String> written, Optional<Finding> finding) {
  Retelling {
    steps = List.copyOf(steps);
    written = List.copyOf(written);
  }

  /**
   * Tells lines again.
   *
   * @param steps the lines without expectations, except those about the end, which stand at the end
   */
  static Retelling of(List<String> steps, WalkBackend backend) {
    // A wrong time is believed where no clock says otherwise: no walk asks for that.
    boolean isBlind =
        !steps.get(0).contains(" clock=trusted")
            && steps.stream().anyMatch(line -> line.startsWith("clock "));
    if (isBlind) {
      return new Retelling(steps.subList(0, 1), List.of(), Optional.empty());
    }
    try (Play play = new Play(Opening.of(steps.get(0)), backend, true)) {
      for (String line : steps.subList(1, steps.size())) {
        if (line.startsWith("expect ")) {
          play.demand(line);
        } else {
          play.tell(line);
        }
      }
      List<String> written = new ArrayList<>(play.lines());
      written.remove("config"); // without settings it says nothing
      return new Retelling(stepsOf(play.lines()), written, play.finding());
    } catch (IllegalArgumentException unreadable) {
      return new Retelling(steps.subList(0, 1), List.of(), Optional.empty());
    }
  }

  static List<String> stepsOf(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.startsWith("expect rejected ") && !line.equals("expect fenced"))
        .toList();
  }
}
