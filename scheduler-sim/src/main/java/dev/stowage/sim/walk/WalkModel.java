package dev.stowage.sim.walk;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a walk draws, and what its runs must meet to prove anything (simulation design, 2). */
public enum WalkModel {
  /** Chunks, swaps of all kinds, clock steps, fetches, floors; 100 % quorum, else 70 to 99 %. */
  GUIDED(Recipes.guided(), Map.of("fired swap", 60, "fired chain", 5, "refused swap", 50)),
  /** Guided, and workers that come, go, change and fail. */
  CHURN(Recipes.churn(), Map.of("departure", 30, "shortage", 5, "fired chain", 5, "held drain", 5)),
  /** Heavy chunks fill the fleet, then a burst of light ones must find room at once. */
  FLOOD(Recipes.flood(), Map.of("preemption", 2, "strong convergence", 50, "burst", 80)),
  /** Guided at quorum 0: what portals get is only measured. */
  ZERO_QUORUM(Recipes.guided(), Map.of("fired swap", 60, "fired chain", 5)),
  /** Churn with each worker's own word: portals always get what they are told of. */
  PER_WORKER(
      Recipes.churn(), Map.of("departure", 30, "shortage", 5, "fired chain", 5, "held drain", 5)),
  /** Any of the others, with a store that fails and schedulers that end between commands. */
  CRASH(Recipes.crash(), Map.of("crash", 60, "interruption", 60, "fenced", 20)),
  /** All of it, with drawn weights. */
  SWARM(Recipes.swarm(), Map.of("departure", 30, "shortage", 5, "crash", 20, "preemption", 2));

  private final Weights weights;
  private final TreeMap<String, Integer> required;

  WalkModel(Weights weights, Map<String, Integer> required) {
    this.weights = weights;
    this.required = new TreeMap<>(required);
  }

  /** The name on the command line. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The model of this name; empty if there is none. */
  public static Optional<WalkModel> of(String title) {
    return Arrays.stream(values()).filter(each -> each.title().equals(title)).findFirst();
  }

  /** All names, in the order in which {@code all} runs them. */
  public static List<String> titles() {
    return Arrays.stream(values()).map(WalkModel::title).toList();
  }

  Weights weights() {
    return weights;
  }

  /** What so many percent of the runs must meet. */
  Map<String, Integer> required() {
    return required;
  }
}
