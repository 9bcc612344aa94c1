package dev.stowage.sim.tool.plan;

import dev.stowage.answer.Progress.CopyTime;
import dev.stowage.placement.PlanChanges;
import dev.stowage.sim.tool.report.NumberFormats;
import java.util.Optional;
import java.util.function.Function;

/** Says how long a plan takes: in cycles of its budget, or in the time of a live fleet. */
public final class PlanTime {
  /** The rates of a plan that is made from files: none are known. */
  public static final Function<PlanChanges, Optional<CopyTime>> OF_FILES =
      changes -> Optional.empty();

  private PlanTime() {}

  /** Returns the answer in sentences. */
  public static String inWords(
      PlanChanges changes, Function<PlanChanges, Optional<CopyTime>> rates) {
    if (changes.laterBytes() == 0
        && changes.moves().stream().allMatch(move -> move.copiedBytes() == 0)) {
      return "It takes no time.";
    }
    Optional<CopyTime> measured = rates.apply(changes);
    if (measured.isPresent()) {
      String time = measured.get().inWords();
      return measured.get().isKnown()
          ? "By the movement budget and the rates of the last minutes its copies take " + time + "."
          : "How long its copies take is " + time + ".";
    }
    return changes
        .cycles()
        .map(it -> "With the movement budget it takes " + inWords(it) + ".")
        .orElse(
            "How long it takes is unknown: no movement budget limits it, and files have no rates.");
  }

  private static String inWords(PlanChanges.Cycles cycles) {
    String most = NumberFormats.count(cycles.most(), "cycle");
    return cycles.least() == cycles.most()
        ? most
        : NumberFormats.count(cycles.least()) + " to " + most;
  }
}
