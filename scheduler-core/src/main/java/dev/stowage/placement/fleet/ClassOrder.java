package dev.stowage.placement.fleet;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.placement.PlacementInput.PoolKey;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Orders weight classes and pools independently of how an input numbers constraints. Stateless. */
final class ClassOrder {
  /** Orders pools by version, then by labels, then by keys; {@code ANY} is the first. */
  static final Comparator<PoolKey> POOLS =
      Comparator.<PoolKey, WorkerVersion>comparing(key -> key.eligibility().minVersion())
          .thenComparing(
              key -> key.eligibility().requiredLabels().sorted(), ClassOrder::compareTexts)
          .thenComparing(PoolKey::keys, ClassOrder::compareTexts);

  private ClassOrder() {}

  static Comparator<WeightClass> of(List<PoolKey> pools) {
    return Comparator.<WeightClass, PoolKey>comparing(each -> pools.get(each.eligibility), POOLS)
        .thenComparingInt(each -> each.weight)
        .thenComparingInt(each -> each.cap)
        .thenComparingInt(each -> each.floor);
  }

  static int[] pools(List<PoolKey> pools) {
    return IntStream.range(0, pools.size())
        .boxed()
        .sorted(Comparator.comparing(pools::get, POOLS))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int compareTexts(List<String> one, List<String> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      int order = Utf8Order.compare(one.get(i), other.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(one.size(), other.size());
  }
}
