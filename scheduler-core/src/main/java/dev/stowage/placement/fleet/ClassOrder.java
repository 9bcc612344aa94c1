package dev.stowage.placement.fleet;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.Eligibility;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Orders weight classes and pools independently of how an input numbers constraints. Stateless. */
final class ClassOrder {
  /** Orders constraints by version, then by labels; {@code ANY} is the first. */
  static final Comparator<Eligibility> POOLS =
      Comparator.comparing(Eligibility::minVersion)
          .thenComparing(
              constraint -> constraint.requiredLabels().sorted(), ClassOrder::compareTexts);

  private ClassOrder() {}

  static Comparator<WeightClass> of(List<Eligibility> constraints) {
    return Comparator.<WeightClass, Eligibility>comparing(
            each -> constraints.get(each.eligibility), POOLS)
        .thenComparingInt(each -> each.weight)
        .thenComparingInt(each -> each.cap)
        .thenComparingInt(each -> each.floor);
  }

  static int[] pools(List<Eligibility> constraints) {
    return IntStream.range(0, constraints.size())
        .boxed()
        .sorted(Comparator.comparing(constraints::get, POOLS))
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
