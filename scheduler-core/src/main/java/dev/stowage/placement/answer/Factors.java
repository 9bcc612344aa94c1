package dev.stowage.placement.answer;

import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.placement.PlacementPlan.PoolFactor;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says in one line each how many replicas a weight earns in a pool. Stateless. */
public final class Factors {
  private Factors() {}

  /** Returns a line for each factor; a cap is named where a weight of the pool has several. */
  public static List<String> of(List<PoolFactor> factors) {
    Map<String, Integer> caps = new HashMap<>();
    factors.forEach(each -> caps.merge(name(each), 1, Integer::sum));
    return factors.stream()
        .map(each ->
            name(each) + (caps.getOrDefault(name(each), 1) == 1 ? "" : cap(each)) + target(each))
        .toList();
  }

  private static String name(PoolFactor factor) {
    String with = Wording.with(factor.pool());
    return "Weight " + factor.weight() + (with.isEmpty() ? "" : ", on workers" + with);
  }

  private static String cap(PoolFactor factor) {
    return factor.cap() == WeightPolicy.UNCAPPED
        ? ", without a max_replication"
        : ", at most " + Wording.count(factor.cap(), "replica");
  }

  private static String target(PoolFactor factor) {
    long target = factor.targetMillionths();
    boolean isReached = factor.reached() >= target / PlacementConfig.ONE;
    return ": a target of "
        + (target % PlacementConfig.ONE == 0
            ? Wording.count(target / PlacementConfig.ONE, "replica")
            : String.format(Locale.ROOT, "%.3f replicas", target / (double) PlacementConfig.ONE))
        + (isReached ? "" : ", some chunks have " + factor.reached())
        + "; "
        + Wording.count(factor.eligibleWorkers(), "worker")
        + " may be given them";
  }
}
