package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.world.Chance;
import java.util.EnumMap;
import java.util.Map;

/** How often each deed is drawn, against the others. Immutable. */
final class Weights {
  private final EnumMap<Deed, Integer> weights;
  private final int total;

  private Weights(EnumMap<Deed, Integer> weights) {
    this.weights = weights;
    this.total = weights.values().stream().mapToInt(Integer::intValue).sum();
  }

  static Weights none() {
    return new Weights(new EnumMap<>(Deed.class));
  }

  /** These with each of {@code deeds} at {@code weight}. */
  Weights with(int weight, Deed... deeds) {
    EnumMap<Deed, Integer> changed = new EnumMap<>(weights);
    for (Deed deed : deeds) {
      changed.put(deed, weight);
    }
    return new Weights(changed);
  }

  /** These, each one multiplied by a drawn number from 0 to 3: a run of a temper of its own. */
  Weights tempered(Chance chance) {
    EnumMap<Deed, Integer> changed = new EnumMap<>(weights);
    changed.replaceAll((deed, weight) -> isNeeded(deed) ? weight : weight * chance.below(4));
    return new Weights(changed);
  }

  /** Without these nothing ever happens. */
  private static boolean isNeeded(Deed deed) {
    return deed == Deed.INGEST
        || deed == Deed.SCHEDULE
        || deed == Deed.PUBLISH
        || deed == Deed.TICK
        || deed == Deed.FETCH;
  }

  Deed draw(Chance chance) {
    int dice = chance.below(total);
    for (Map.Entry<Deed, Integer> each : weights.entrySet()) {
      dice -= each.getValue();
      if (dice < 0) {
        return each.getKey();
      }
    }
    throw new IllegalStateException("weights sum up to more than " + total);
  }
}
