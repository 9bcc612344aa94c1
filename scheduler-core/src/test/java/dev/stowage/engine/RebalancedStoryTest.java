package dev.stowage.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.audit.Audit;
import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.rebalance.AvoidList;
import dev.stowage.rebalance.PlacementScorer;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalanceConfig;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.rebalance.ScorerRegistry;
import dev.stowage.rebalance.passes.Rebalancer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whatever workers, hosts and ingesters say, and whatever moves a scorer at odds with itself asks
 * for: every audit holds at every step, and no cycle lowers the possessed replicas of a chunk below
 * its floor, or below what they were.
 */
class RebalancedStoryTest {
  private static final int STEPS = 120;
  private static final AtomicInteger MOVES = new AtomicInteger();

  @AfterContainer
  static void movesWereMade() {
    assertThat(MOVES).as("a story without moves shows nothing").hasPositiveValue();
  }

  /** Wants every chunk elsewhere. */
  private record Restless(SplittableRandom random) implements PlacementScorer {
    @Override
    public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
      return OptionalDouble.of(random.nextDouble() / 2);
    }

    @Override
    public OptionalDouble liveScore(ScoredChunk chunk, WorkerId worker) {
      return random.nextBoolean() ? OptionalDouble.of(.1) : OptionalDouble.of(.9);
    }

    @Override
    public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
      for (String name : List.of("d", "b", "e", "a", "c")) {
        WorkerId worker = WorkerId.of(name);
        if (!excluded.contains(worker) && random.nextInt(3) > 0) {
          return Optional.of(new Alternative(worker, 1));
        }
      }
      return Optional.empty();
    }
  }

  /** A mirror, its rebalancer, and what a facade does with both. */
  private static final class Rebalanced {
    private final LifecycleState state;
    private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    private final Rebalancer rebalancer;

    Rebalanced(long seed) {
      state = LifecycleState.empty(RandomStory.config(seed), Lineage.of(7));
      ScorerRegistry scorers = new ScorerRegistry();
      scorers.install(new Restless(new SplittableRandom(seed + 1)));
      Duration tick = Duration.ofSeconds(1);
      RebalanceConfig config =
          RebalanceConfig.defaults()
              .withTimes(Duration.ofSeconds(3), Duration.ofSeconds(4))
              .withBudget(MoveBudget.DEFAULT.withMoves(8, 4, 4));
      rebalancer = new Rebalancer(config, scorers, new AvoidList(tick), tick);
    }

    Command<?> withMoves(Command<?> command, long now) {
      if (!(command instanceof LeaderCommand.Schedule)) {
        return command;
      }
      RebalancePass pass = rebalancer.pass(state.snapshot(), Tick.of(now));
      MOVES.addAndGet(pass.moves().size());
      execute(new LeaderCommand.Keep(KeptValue.MOVES.with(rebalancer.moves())), now);
      List<PlanningAdvice.Intent> intents =
          pass.wishes().stream()
              .map(wish -> new PlanningAdvice.Intent(wish.chunk(), wish.from(), wish.to()))
              .toList();
      return new LeaderCommand.Schedule(
          new PlanningAdvice(intents, pass.avoided(), pass.cooling(), 0));
    }

    Lifecycle.Outcome<?> execute(Command<?> command, long now) {
      return lifecycle.execute(state, command, Tick.of(now));
    }

    /** Possessed replicas of each live chunk on workers that are there, all reports counted. */
    Map<ChunkNumber, Integer> possessed() {
      Map<ChunkNumber, Integer> counts = new HashMap<>();
      for (int chunk = 0; chunk < state.chunkLimit(); chunk++) {
        ChunkNumber number = state.isChunk(chunk) ? state.chunkNumber(chunk) : null;
        if (number != null && state.isLive(chunk)) {
          int count = 0;
          for (int slot = state.firstReplica(chunk);
              slot != LifecycleView.NONE;
              slot = state.nextReplica(slot)) {
            boolean counts0 = state.isPresent(state.replicaWorker(slot));
            count += counts0 && state.reportedPossessed(slot) ? 1 : 0;
          }
          counts.put(number, count);
        }
      }
      return counts;
    }

    long presentWorkers() {
      long present = 0;
      for (int worker = 0; worker < state.workerLimit(); worker++) {
        present += state.isWorker(worker) && state.isPresent(worker) ? 1 : 0;
      }
      return present;
    }
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void everyStep_passesEveryAudit_andKeepsWhatIsPossessed(@ForAll long seed) {
    Rebalanced world = new Rebalanced(seed);
    RandomStory story = new RandomStory(seed, world.state);
    for (int step = 0; step < STEPS; step++) {
      Command<?> command = world.withMoves(story.next(), story.now());
      LifecycleSnapshot before = world.state.snapshot();
      Map<ChunkNumber, Integer> possessed = world.possessed();
      long present = world.presentWorkers();
      Lifecycle.Outcome<?> outcome = world.execute(command, story.now());
      LifecycleSnapshot after = world.state.snapshot();
      assertThat(Audit.check(after)).as("step %d: %s", step, command).isEmpty();
      assertThat(Audit.checkStep(before, command, outcome.result(), after))
          .as("step %d: %s -> %s", step, command, outcome.result())
          .isEmpty();
      if (command.isCycle() && world.presentWorkers() == present) {
        world
            .possessed()
            .forEach((number, count) -> {
              int floor = world.state.floor(world.state.chunkPosition(number));
              int was = possessed.getOrDefault(number, 0);
              assertThat(count).as("%s", number).isGreaterThanOrEqualTo(Math.min(floor, was));
            });
      }
    }
  }
}
