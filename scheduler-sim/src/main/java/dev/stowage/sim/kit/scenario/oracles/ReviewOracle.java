package dev.stowage.sim.kit.scenario.oracles;

import dev.stowage.Preview;
import dev.stowage.command.Result;
import dev.stowage.command.Result.Movement;
import dev.stowage.command.ResultCode;
import dev.stowage.placement.PlanChanges;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An oracle of reviewed plans: what is carried out under a hash is what was shown under it, and
 * without any news between the two it is carried out. Where placing waits, no plan is shown, and
 * the commands alone are carried out. It only detects. Stateless.
 */
public final class ReviewOracle {
  private static final String KIND = "a reviewed plan is carried out as shown";

  private ReviewOracle() {}

  /** Returns how what was carried out differs; {@code isSame} if nothing can have come between. */
  public static Optional<Finding> differs(Preview shown, Result.CarriedOut done, boolean isSame) {
    if (shown.held().isPresent()) {
      boolean isAlone = done.cycle().isEmpty() && done.code().isAccepted();
      return isAlone
          ? Optional.empty()
          : Optional.of(new Finding(KIND, "no plan was shown; answered " + done.code()));
    }
    if (done.cycle().isEmpty()) {
      boolean isExcused = !isSame && done.code() == ResultCode.PLAN_CHANGED;
      return isExcused
          ? Optional.empty()
          : Optional.of(new Finding(KIND, "answered " + done.code() + ": " + done.reasons()));
    }
    if (done.cycle().get().struck() > 0) {
      return Optional.empty();
    }
    Movement carried = done.cycle().get().movement();
    Coming wanted = Coming.of(shown.changes());
    Coming found =
        new Coming(
            carried.added() + (long) carried.readopted(),
            new TreeMap<>(carried.bytesAddedByCause()));
    boolean isAlike = found.isWithin(wanted) && done.planHash().equals(shown.planHash());
    return isAlike
        ? Optional.empty()
        : Optional.of(new Finding(KIND, "shown were " + wanted + "; carried out " + found));
  }

  /**
   * The replicas that a plan wants anew. A row whose disk is gone is wanted anew without counting
   * as added, so the bytes that a cycle counts may be fewer than those of the plan.
   */
  private record Coming(long replicas, SortedMap<String, Long> bytes) {
    static Coming of(PlanChanges changes) {
      long replicas = 0;
      SortedMap<String, Long> bytes = new TreeMap<>();
      for (PlanChanges.Move move : changes.moves()) {
        boolean isAdded = move.kind() == ActionKind.ADD;
        replicas += isAdded || move.kind() == ActionKind.READOPT ? 1 : 0;
        if (isAdded) {
          String cause = move.cause().name().toLowerCase(Locale.ROOT);
          bytes.merge(cause, move.sizeBytes(), Long::sum);
        }
      }
      return new Coming(replicas, bytes);
    }

    boolean isWithin(Coming plan) {
      return replicas == plan.replicas
          && bytes.entrySet().stream()
              .allMatch(each -> each.getValue() <= plan.bytes.getOrDefault(each.getKey(), 0L));
    }
  }
}
