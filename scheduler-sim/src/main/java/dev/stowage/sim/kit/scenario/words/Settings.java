package dev.stowage.sim.kit.scenario.words;

import dev.stowage.StowageListener;
import dev.stowage.config.KeepApart;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.shape.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** A configuration while it is being changed. Not thread-safe. */
public final class Settings {
  private static final List<String> DEFAULTS =
      List.of(
          "min_replication=1",
          "max_replication=none",
          "saturation=0.97",
          "drain_window=5",
          "suspect_after=never",
          "depart_after=never",
          "give_up_after=never",
          "regrow_after=0",
          "chunk_retention=never",
          "swap_retention=never",
          "assignment_retention=never",
          "worker_retention=never",
          "max_step=none",
          "departure_guard=none",
          "mass_deletion=none",
          "max_chunks_per_cycle=unlimited");

  private LifecycleConfig config;
  public PlacementPlanner planner = PlacementPlanner.sticky();

  /** The length of a tick, by which times with a unit are read. */
  public Duration tickLength = Duration.ofSeconds(1);

  /** In millionths by weight: what the first plan follows on. */
  public SortedMap<Integer, Long> previousFactors = new TreeMap<>();

  public StowageListener listener = StowageListener.NONE;
  public EvidenceSink recorder = EvidenceSink.NONE;

  /** All pins there shall be, and all bans; empty: nothing is said about them. */
  public Optional<List<Pair>> pins = Optional.empty();

  public Optional<List<Pair>> bans = Optional.empty();

  /** True if the fleet trusts a clock that shows the time of the story. */
  public boolean isClockTrusted;

  /** True if the fleet trusts the clock of its store, which runs on by itself. */
  public boolean isClockOwn;

  /** The seed of the adversary that scores replicas; empty if nothing is rebalanced. */
  public OptionalLong scorer = OptionalLong.empty();

  /** The number that the load at the doors of chunks is drawn from; empty without a governor. */
  public OptionalLong governor = OptionalLong.empty();

  /** The fan-out of the relay tree of portals; 0 for none. */
  public int fanOut;

  private Settings(LifecycleConfig from) {
    config = from;
  }

  /** Returns the settings of a scenario that states none. */
  public static Settings defaults() {
    Shape<LifecycleConfig> all = Shape.of(LifecycleConfig.class);
    Settings settings = new Settings(all.make(all.values()));
    for (String each : DEFAULTS) {
      int equals = each.indexOf('=');
      settings.set(each.substring(0, equals), each.substring(equals + 1));
    }
    return settings;
  }

  /** Returns a copy of a configuration to change. */
  public static Settings from(LifecycleConfig present) {
    return new Settings(present);
  }

  /**
   * Changes a setting of the fleet.
   *
   * @throws IllegalArgumentException if the value is not accepted
   */
  void set(String word, String value) {
    config = SettingText.with(Shape.of(LifecycleConfig.class), config, word, value).orElseThrow();
  }

  WeightPolicy weights() {
    return config.weights();
  }

  void keepApart(KeepApart.Pair pair) {
    List<KeepApart.Pair> pairs = new ArrayList<>(config.placement().of(KeepApart.PAIRS));
    pairs.add(pair);
    PlacementConfig placement =
        config.placement().toBuilder()
            .set(KeepApart.PAIRS, pairs.stream().sorted().distinct().toList())
            .build();
    config = config.toBuilder().placement(placement).unchecked();
  }

  void weights(WeightPolicy policy) {
    config = config.toBuilder().weights(policy).unchecked();
  }

  /** Returns the planner of every scheduler of the world. */
  public PlacementPlanner planner() {
    return previousFactors.isEmpty() ? planner : new FollowingPlanner(planner, previousFactors);
  }

  /** Returns the configuration without checking its values. */
  public LifecycleConfig unchecked() {
    return config.toBuilder().unchecked();
  }
}
