package dev.stowage.sim.kit.scenario.words;

import dev.stowage.StowageListener;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.lifecycle.ConfirmationPolicy;
import dev.stowage.lifecycle.Gates;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.RetentionHorizons;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WeightPolicy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** A configuration while it is being changed. Not thread-safe. */
public final class Settings {
  private static final long DRAIN_WINDOW = 5;
  private static final double SATURATION = 0.97;

  final LifecycleConfig.Builder fleet;
  PlacementConfig.Builder placement;
  long budgetBytes;
  long budgetReplicas;
  long workerInBytes;
  long workerOutBytes;
  public PlacementPlanner planner = PlacementPlanner.sticky();

  /** In millionths by weight: what the first plan follows on. */
  public SortedMap<Integer, Long> previousFactors = new TreeMap<>();

  public StowageListener listener = StowageListener.NONE;
  public EvidenceSink recorder = EvidenceSink.NONE;

  /** All pins there shall be, and all bans; empty: nothing is said about them. */
  public Optional<List<Pair>> pins = Optional.empty();

  public Optional<List<Pair>> bans = Optional.empty();
  boolean isPauseGiven;

  /** Whether the store has a clock that the fleet trusts. */
  public boolean isClockTrusted;

  /** What an adversary is drawn from that scores replicas; empty: nothing is rebalanced. */
  public OptionalLong scorer = OptionalLong.empty();

  private Settings(LifecycleConfig from) {
    fleet = from.toBuilder();
    placement = from.placement().toBuilder();
    MovementBudget budget = from.placement().budget();
    budgetBytes = budget.bytes();
    budgetReplicas = budget.replicas();
    workerInBytes = budget.workerInBytes();
    workerOutBytes = budget.workerOutBytes();
  }

  /** What holds where a scenario says nothing. */
  public static Settings defaults() {
    LifecycleConfig defaults =
        LifecycleConfig.builder()
            .minReplication(1)
            .maxReplication(WeightPolicy.UNCAPPED)
            .drainWindowTicks(DRAIN_WINDOW)
            .suspectAfterTicks(LifecycleConfig.NEVER)
            .departAfterTicks(LifecycleConfig.NEVER)
            .giveUpAfterTicks(LifecycleConfig.NEVER)
            .regrowAfterTicks(0)
            .retention(RetentionHorizons.ofTicks(LifecycleConfig.NEVER))
            .confirmation(ConfirmationPolicy.perWorker())
            .gates(Gates.ON)
            .trust(LifecycleConfig.Trust.BLIND)
            .maxChunksPerCycle(LifecycleConfig.UNLIMITED)
            .placement(PlacementConfig.builder().saturation(SATURATION).build())
            .build();
    return new Settings(defaults);
  }

  /** A configuration that is to be changed. */
  public static Settings from(LifecycleConfig present) {
    Settings settings = new Settings(present);
    settings.isPauseGiven = true;
    return settings;
  }

  /** The planner of every scheduler of the world. */
  public PlacementPlanner planner() {
    return previousFactors.isEmpty() ? planner : new FollowingPlanner(planner, previousFactors);
  }

  /**
   * The configuration, whatever its values. The pause after a new lineage is the drain window
   * unless something else was said, and never below it.
   */
  public LifecycleConfig unchecked() {
    MovementBudget budget =
        new MovementBudget(budgetBytes, budgetReplicas, workerInBytes, workerOutBytes);
    LifecycleConfig config = fleet.placement(placement.budget(budget).build()).unchecked();
    long window = config.drainWindowTicks();
    return isPauseGiven && config.lineagePauseTicks() >= window
        ? config
        : config.toBuilder().lineagePauseTicks(window).unchecked();
  }
}
