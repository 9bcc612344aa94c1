package dev.stowage.sim.kit.scenario;

import dev.stowage.Rebalancing;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.world.StepFailure;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the schedulers of one world, which share its adversary. Not thread-safe. */
final class SchedulerMaker {
  static final Duration TICK = Duration.ofNanos(1);

  private static final Duration LEASE = Duration.ofHours(1);

  private final Settings settings;
  private final AuditLevel level;
  private final @Nullable Adversary adversary;
  private final @Nullable DrawnLoad load;
  private final HostCode host = new HostCode();
  private final Runnable beforePlan;

  /** Decides the submitted commands, when the story says so. */
  final TurnExecutor executor = new TurnExecutor();

  /**
   * Creates schedulers for a world.
   *
   * @param tick the present tick
   * @param workers the present workers, in order
   * @param beforePlan runs where a plan is about to be made
   */
  SchedulerMaker(
      Settings settings,
      AuditLevel level,
      LongSupplier tick,
      Supplier<List<WorkerId>> workers,
      Runnable beforePlan) {
    this.beforePlan = beforePlan;
    this.settings = settings;
    this.level = level;
    load = settings.governor.isEmpty() ? null : new DrawnLoad(settings.governor.getAsLong());
    this.adversary =
        settings.scorer.isEmpty()
            ? null
            : new Adversary(settings.scorer.getAsLong(), tick, workers);
  }

  Stowage make(FleetStore store, String holder, BiConsumer<Command<?>, Result> onChange) {
    StowageConfig config =
        StowageConfig.defaults()
            .withFleet(settings.unchecked())
            .withTickLength(TICK)
            .withAudit(level)
            .withLease(new StowageConfig.LeaseConfig(holder, LEASE));
    Stowage.Builder builder =
        Stowage.builder(store)
            .config(config)
            .with(new HookedPlanner(settings.planner(), beforePlan))
            .executor(executor)
            .listener(host.around(settings.listener, onChange))
            .with(host.around(settings.recorder));
    if (load != null) {
      builder.with(new LoadGovernor(DrawnLoad.CONFIG, load));
    }
    Adversary scorer = adversary;
    if (scorer == null) {
      return builder.build();
    }
    Stowage made = builder.with(scorer.config()).build();
    listen(made, scorer);
    return made;
  }

  HostCode host() {
    return host;
  }

  /** Returns the load at the doors of chunks; empty if no governor guards them. */
  Optional<DrawnLoad> load() {
    return Optional.ofNullable(load);
  }

  int fanOut() {
    return settings.fanOut;
  }

  /** Returns the bounds of moves; empty if nothing is rebalanced. */
  Optional<MoveBudget> moveBudget() {
    return Optional.ofNullable(adversary).map(it -> it.config().budget());
  }

  boolean isScored() {
    return adversary != null;
  }

  boolean isScorerHeard() {
    return adversary != null && !adversary.isSilent();
  }

  StepOutcome silence(boolean silent, Stowage scheduler) {
    Adversary scorer = adversary;
    if (scorer == null) {
      throw new StepFailure("a scorer in the config line", "none");
    }
    scorer.silent(silent);
    listen(scheduler, scorer);
    return StepOutcome.DONE;
  }

  List<MoveRecord> moves(Stowage scheduler) {
    return adversary == null ? List.of() : Rebalancing.of(scheduler).moves();
  }

  List<WorkerId> avoided(Stowage scheduler, long tick) {
    return adversary == null
        ? List.of()
        : Rebalancing.of(scheduler).avoided().entries(Tick.of(tick)).stream()
            .map(AvoidList.Entry::worker)
            .toList();
  }

  private static void listen(Stowage scheduler, Adversary scorer) {
    if (scorer.isSilent()) {
      Rebalancing.of(scheduler).scorers().remove();
    } else {
      Rebalancing.of(scheduler).scorers().install(scorer);
    }
  }
}
