package dev.stowage.sim.kit.walk;

import java.util.List;

/**
 * Which walks are to be run.
 *
 * @param models by turns, a walk of each
 * @param cases walks of each model, at least 1
 * @param steps of each walk before its heal, at least 1
 * @param seed of the first walk of each model; the next one has the next number
 * @param nanos no walk is begun after so many nanoseconds
 */
public record WalkPlan(List<WalkModel> models, long cases, int steps, long seed, long nanos) {
  /** Steps of a walk unless something else is said. */
  public static final int DEFAULT_STEPS = 200;

  /** Copies the list; refuses values out of range with {@link IllegalArgumentException}. */
  public WalkPlan {
    models = List.copyOf(models);
    if (models.isEmpty() || cases < 1 || steps < 1 || nanos < 0) {
      throw new IllegalArgumentException(
          "models is "
              + models
              + ", cases is "
              + cases
              + ", steps is "
              + steps
              + " and nanos is "
              + nanos
              + "; at least one model, 1 case, 1 step and 0 nanos are accepted");
    }
  }

  /** Walks of a number of steps from this seed on, however long they take. */
  public static WalkPlan of(List<WalkModel> models, long cases, int steps, long seed) {
    return new WalkPlan(models, cases, steps, seed, Long.MAX_VALUE);
  }
}
