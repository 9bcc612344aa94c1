package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.CarriedOut;
import dev.stowage.Preview;
import dev.stowage.lifecycle.Movement;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.placement.ActionKind;
import dev.stowage.placement.PlanChanges;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An oracle of reviewed plans: what is carried out under a hash is what was shown under it, and
 * without any news between the two it is carried out. It only detects. Stateless.
 */
public final class ReviewOracle {
  private static final String KIND = "a reviewed plan is carried out as shown";

  private ReviewOracle() {}

  /** Returns how what was carried out differs; {@code isSame} if nothing can have come between. */
  public static Optional<Finding> differs(Preview shown, CarriedOut done, boolean isSame) {
    if (done.cycle().isEmpty()) {
      boolean isExcused = !isSame && done.code() == ResultCode.PLAN_CHANGED;
      return isExcused
          ? Optional.empty()
          : Optional.of(new Finding(KIND, "answered " + done.code() + ": " + done.why()));
    }
    if (done.cycle().get().struck() > 0) {
      return Optional.empty();
    }
    Movement carried = done.cycle().get().movement();
    String wanted = words(shown.changes());
    String found =
        carried.added()
            + " added, "
            + carried.readopted()
            + " readopted, "
            + new TreeMap<>(carried.bytesAddedByCause());
    boolean isAlike = wanted.equals(found) && done.planHash().equals(shown.planHash());
    return isAlike
        ? Optional.empty()
        : Optional.of(new Finding(KIND, "shown were " + wanted + "; carried out " + found));
  }

  private static String words(PlanChanges changes) {
    long added = 0;
    long readopted = 0;
    Map<String, Long> bytes = new TreeMap<>();
    for (PlanChanges.Move move : changes.moves()) {
      if (move.kind() == ActionKind.ADD) {
        added++;
        bytes.merge(move.cause().name().toLowerCase(Locale.ROOT), move.sizeBytes(), Long::sum);
      }
      readopted += move.kind() == ActionKind.READOPT ? 1 : 0;
    }
    return added + " added, " + readopted + " readopted, " + bytes;
  }
}
