package dev.stowage.sim.walk;

import dev.stowage.engine.StowageListener;
import dev.stowage.sim.scenario.Finding;
import dev.stowage.sim.scenario.Story;
import dev.stowage.sim.scenario.Telling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lines that were told once more, in a world of their own, up to the first finding.
 *
 * @param steps what was told, the config line first, without what means nothing where it stands
 * @param written the same with the expectations that a scenario file needs
 * @param finding what was found at the end; empty if all went well
 */
record Retelling(List<String> steps, List<String> written, Optional<Finding> finding) {
  Retelling {
    steps = List.copyOf(steps);
    written = List.copyOf(written);
  }

  /**
   * Tells these lines.
   *
   * @param steps without expectations, but for those about the end, which stand at the end
   */
  static Retelling of(List<String> steps, WalkBackend backend) {
    List<String> told = new ArrayList<>(List.of(steps.get(0)));
    List<String> written = new ArrayList<>(told);
    written.remove("config"); // without settings it says nothing
    try (Story story = backend.begin(steps.get(0), StowageListener.NONE)) {
      for (String line : steps.subList(1, steps.size())) {
        Optional<Finding> finding = Optional.empty();
        if (line.startsWith("expect ")) {
          finding =
              isSettled(told) && Packing.fits(story.books(), Set.of())
                  ? story.missed(line)
                  : Optional.empty();
        } else {
          Telling telling = story.tell(line);
          if (telling instanceof Telling.Senseless) {
            continue;
          }
          if (telling instanceof Telling.Broken broken) {
            finding = Optional.of(broken.finding());
          }
          told.add(line);
          written.add(line);
          telling.expectation().ifPresent(written::add);
        }
        if (line.startsWith("expect ")) {
          told.add(line);
          written.add(line);
        }
        if (finding.isPresent()) {
          return new Retelling(told, written, finding);
        }
      }
    } catch (IllegalArgumentException unreadable) {
      return new Retelling(told, written, Optional.empty());
    }
    return new Retelling(told, written, Optional.empty());
  }

  /** What is expected at the end is owed by a fleet that has settled, and has room. */
  private static boolean isSettled(List<String> told) {
    return told.stream()
        .filter(line -> !line.startsWith("expect "))
        .reduce((first, second) -> second)
        .filter(last -> last.startsWith("settle"))
        .isPresent();
  }

  /** Lines of a walk without the expectations that say how a step was refused. */
  static List<String> stepsOf(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.startsWith("expect rejected ") && !line.equals("expect fenced"))
        .toList();
  }
}
