package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Shortens a walk with a finding: removes lines, halves first and then fewer, and then words, while
 * the end keeps the same kind of finding. Not thread-safe.
 */
final class Shrinker {
  private static final Pattern OPTION = Pattern.compile(" [a-z_]+=\\S+");

  static final int MOST_RETELLINGS = 4_000;

  private final WalkBackend backend;
  private final String kind;
  private final int most;
  private Retelling best;
  private int retellings;

  private Shrinker(WalkBackend backend, Retelling whole, String kind, int most) {
    this.most = most;
    this.backend = backend;
    this.best = whole;
    this.kind = kind;
  }

  /**
   * Returns the shortest story found that ends as this walk did.
   *
   * @param lines the lines of a walk with a finding
   * @param most the most retellings
   * @return the unchanged lines if telling them again finds nothing
   */
  static Retelling shrink(List<String> lines, Finding finding, WalkBackend backend, int most) {
    Retelling whole = Retelling.of(Retelling.stepsOf(lines), backend);
    if (!whole.finding().map(Finding::kind).equals(Optional.of(finding.kind()))) {
      return new Retelling(Retelling.stepsOf(lines), lines, Optional.empty());
    }
    Shrinker shrinker = new Shrinker(backend, whole, finding.kind(), most);
    boolean isShorter = true;
    while (isShorter) {
      isShorter = shrinker.withoutLines();
      isShorter |= shrinker.withoutWords();
      isShorter |= shrinker.withSmaller();
    }
    return shrinker.best;
  }

  private boolean withoutLines() {
    boolean isShorter = false;
    for (int size = Math.max(1, best.steps().size() / 2); size >= 1; size /= 2) {
      int from = best.steps().size() - size;
      while (from >= 1) {
        List<String> fewer = new ArrayList<>(best.steps());
        fewer.subList(from, Math.min(from + size, fewer.size())).clear();
        isShorter |= accept(fewer);
        from = Math.min(from - size, best.steps().size() - size);
      }
    }
    return isShorter;
  }

  private boolean withoutWords() {
    boolean isShorter = false;
    for (int at = 0; at < best.steps().size(); at++) {
      String line = best.steps().get(at);
      List<String> shorter =
          OPTION.matcher(line).results().map(found -> line.replace(found.group(), "")).toList();
      for (String other : shorter) {
        isShorter |= replace(at, other);
      }
    }
    return isShorter;
  }

  /** Tries smaller numbers: a shorter jump of the clock, a fetch of one worker less. */
  private boolean withSmaller() {
    boolean isShorter = false;
    for (int at = 1; at < best.steps().size(); at++) {
      String line = best.steps().get(at);
      if (line.matches("tick [2-9]|tick \\d{2,}")) {
        long ticks = Long.parseLong(line.substring("tick ".length()));
        isShorter |= replace(at, "tick 1") || replace(at, "tick " + ticks / 2);
      } else if (line.startsWith("settle")) {
        isShorter |= replace(at, "round") || replace(at, line.replaceAll(" max=\\d+", ""));
      } else if (line.matches("load \\S+ .*,.*")) {
        isShorter |= replace(at, line.substring(0, line.lastIndexOf(',')));
      }
    }
    return isShorter;
  }

  private boolean replace(int at, String line) {
    if (at >= best.steps().size() || best.steps().get(at).equals(line)) {
      return false;
    }
    List<String> changed = new ArrayList<>(best.steps());
    changed.set(at, line);
    return accept(changed);
  }

  private boolean accept(List<String> steps) {
    if (retellings++ >= most) {
      return false;
    }
    Retelling told = Retelling.of(steps, backend);
    boolean isSame = told.finding().map(Finding::kind).stream().anyMatch(kind::equals);
    if (isSame) {
      best = told;
    }
    return isSame;
  }
}
