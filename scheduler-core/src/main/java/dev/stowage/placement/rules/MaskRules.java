package dev.stowage.placement.rules;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.model.DatasetId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks every {@link MaskRule} about one replica, in the slow form: what a commit, an audit or a
 * model needs, without the state of a plan. Stateless.
 */
public final class MaskRules {
  private MaskRules() {}

  /** Reports whether a configuration sets any rule. */
  public static boolean isAny(PlacementConfig config) {
    for (Reason each : Reason.OF_RULES) {
      if (config.ofRules().containsKey(Objects.requireNonNull(each.rule()).setting())) {
        return true;
      }
    }
    return false;
  }

  /** Reports whether some rule concerns a dataset. */
  public static boolean isAnyOf(PlacementConfig config, DatasetId dataset) {
    return isAny(config)
        && Reason.OF_RULES.stream()
            .anyMatch(it -> Objects.requireNonNull(it.rule()).key(config, dataset) != null);
  }

  /**
   * Returns the rule that forbids to give a worker its first replica of a dataset, or null. A
   * worker that has one already may be given more, as far as a plan wants them there.
   */
  public static @Nullable Reason broken(
      PlacementConfig config, DatasetId dataset, MaskRule.Holdings worker) {
    for (Reason each : Reason.OF_RULES) {
      MaskRule rule = Objects.requireNonNull(each.rule());
      if (isAny(config) && !worker.hasAny(dataset) && rule.isBroken(config, dataset, worker)) {
        return each;
      }
    }
    return null;
  }

  /** Reports whether some rule may keep a plan from giving a worker a replica of a dataset. */
  public static boolean mayRefuse(
      PlacementConfig config, DatasetId dataset, MaskRule.Holdings worker) {
    return broken(config, dataset, worker) != null
        || Reason.OF_RULES.stream()
            .anyMatch(it -> Objects.requireNonNull(it.rule()).mayRefuse(config, dataset, worker));
  }
}
