package dev.stowage.sim.kit.walk;

import dev.stowage.StowageListener;
import dev.stowage.sim.kit.scenario.Story;
import dev.stowage.sim.kit.scenario.Telling;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    if (isBlind(steps)) {
      return new Retelling(told, written, Optional.empty());
    }
    try (Story story = backend.begin(steps.get(0), StowageListener.NONE)) {
      for (String line : steps.subList(1, steps.size())) {
        Optional<Finding> finding = Optional.empty();
        if (line.startsWith("expect ")) {
          finding = isOwed(line, told, story) ? story.missed(line) : Optional.empty();
        } else {
          if (line.startsWith("settle") && isRestless(told, story)) {
            break;
          }
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

  /**
   * No fleet settles while a scorer wants its replicas elsewhere, or the time is not right: no walk
   * asks for that.
   */
  private static boolean isRestless(List<String> told, Story story) {
    boolean isScored =
        told.get(0).contains(" scorer=")
            && told.lastIndexOf("scorer off") <= told.lastIndexOf("scorer on");
    return isScored || !story.isTimeRight();
  }

  /** A wrong time is believed where no clock says otherwise: no walk asks for that either. */
  private static boolean isBlind(List<String> steps) {
    return !steps.get(0).contains(" clock=trusted")
        && steps.stream().anyMatch(line -> line.startsWith("clock "));
  }

  /**
   * Evidence and a state are owed at any time, floors before bonuses and the spread by a fleet that
   * settled, the goal by one that has room too.
   */
  private static boolean isOwed(String line, List<String> told, Story story) {
    return line.equals(Story.EVIDENCE)
        || line.equals(Story.RELOADED)
        || (isSettled(told)
            && story.isSettled()
            && (line.equals(Story.FLOORS_FIRST)
                || line.equals(Story.SPREAD)
                || story.isRoomy()));
  }

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
