package dev.stowage.placement.answer;

import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.List;
import java.util.Locale;

/** The wording of reports and explanations. Stateless. */
public final class Wording {
  private Wording() {}

  public static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  public static String count(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  /** Names what a chunk asks of workers. */
  static String with(Eligibility needs) {
    List<String> labels = needs.requiredLabels().sorted();
    String with =
        labels.isEmpty()
            ? ""
            : " with the label" + (labels.size() == 1 ? " " : "s ") + String.join(", ", labels);
    if (!needs.minVersion().equals(WorkerVersion.ZERO)) {
      with += (labels.isEmpty() ? " with " : ", ") + "version " + needs.minVersion();
    }
    return with;
  }

  /** Names what a pool asks of workers, and the keys of rules. */
  static String with(PoolKey pool) {
    String keys = String.join(", ", pool.keys());
    return with(pool.eligibility()) + (keys.isEmpty() ? "" : " (" + keys + ")");
  }

  public static String done(ActionKind kind) {
    return switch (kind) {
      case ADD -> "added";
      case READOPT -> "wanted again";
      case SUPERSEDE -> "superseded";
      case PREEMPT -> "taken away at once";
    };
  }
}
