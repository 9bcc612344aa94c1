package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A planner that is told what changed plans like one that is told everything. */
public class PlanningFeedTest {
  private static final int STEPS = 120;

  /** The sticky planner, without its index. */
  private static final PlacementPlanner COLD = input -> PlacementPlanner.sticky().plan(input);

  @Tag("long-story")
  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  public void planOfWhatWasFed_afterAnyStory_equalsAPlanFromScratch(@ForAll long seed) {
    assertThat(firstDifference(seed, tables -> {})).isEmpty();
  }

  /**
   * Runs fixed stories, few enough for mutation tests. In the last four the end of a dataset moves
   * while chunks wait to be fed, so that others change segments.
   */
  @TestFactory
  Stream<DynamicTest> fixedStory_equalsAPlanFromScratch() {
    return LongStream.concat(LongStream.rangeClosed(3, 5), LongStream.of(193, 376, 420, 575))
        .mapToObj(seed ->
            DynamicTest.dynamicTest(
                "seed " + seed, () -> planOfWhatWasFed_afterAnyStory_equalsAPlanFromScratch(seed)));
  }

  @org.junit.jupiter.api.Tag("long-story")
  @Test
  void forgottenMarkOfAChunk_isCaught() {
    assertThat(isCaught(tables -> tables.work.unfed.clear())).isTrue();
  }

  @org.junit.jupiter.api.Tag("long-story")
  @Test
  void forgottenMarkOfAWorker_isCaught() {
    assertThat(isCaught(tables -> tables.work.unfedWorkers.clear())).isTrue();
  }

  private static boolean isCaught(Consumer<Tables> forgetting) {
    for (long seed = 1; seed <= 60; seed++) {
      Optional<String> found;
      try {
        found = firstDifference(seed, forgetting);
      } catch (RuntimeException caughtEarlier) {
        return true;
      }
      if (found.isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Where the plans of a story differ first; {@code spoil} is done to the tables at times. */
  private static Optional<String> firstDifference(long seed, Consumer<Tables> spoil) {
    SplittableRandom random = new SplittableRandom(seed);
    LifecycleState state =
        LifecycleState.empty(policed(RandomStory.config(seed), random), Lineage.of(7));
    Lifecycle warm = new Lifecycle(PlacementPlanner.sticky());
    Lifecycle cold = new Lifecycle(COLD);
    RandomStory story = new RandomStory(seed, state);
    for (int step = 0; step < STEPS; step++) {
      Command<?> command = spiced(story.next(), random, state);
      Tick now = Tick.of(story.now());
      Lifecycle.Outcome<?> outcome = warm.execute(state, command, now);
      if (random.nextInt(6) == 0) {
        state.rollback(outcome.changes());
      }
      if (random.nextInt(80) == 0) {
        state = LifecycleState.load(state.fleetRow(), state.rows());
        story.goOnWith(state);
        warm = new Lifecycle(PlacementPlanner.sticky());
      }
      if (random.nextInt(4) == 0) {
        spoil.accept(state.tables());
      }
      Tick later = Tick.of(story.now() + random.nextInt(3));
      PlanningAdvice advice = advice(random);
      if (random.nextInt(3) == 0) {
        warm.warmUp(state, advice, 1 + random.nextInt(4), later);
      }
      Optional<String> difference = difference(warm, cold, state, advice, later);
      if (difference.isPresent()) {
        return Optional.of("seed " + seed + ", step " + step + ", " + command + difference.get());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> difference(
      Lifecycle warm, Lifecycle cold, LifecycleState state, PlanningAdvice advice, Tick now) {
    Optional<CyclePlan> fed = warm.prepare(state, advice, now);
    if (fed.isEmpty()) {
      return Optional.empty();
    }
    PlacementPlan found = fed.get().plan();
    String hash = found.planHash();
    cold.reconsider();
    CyclePlan scratch = cold.prepare(state, advice, now).orElseThrow();
    PlacementPlan expected = scratch.plan();
    if (!hash.equals(expected.planHash()) || !found.figures().equals(expected.figures())) {
      return Optional.of(": " + found.figures() + " instead of " + expected.figures());
    }
    for (int action = 0; action < expected.actionCount(); action++) {
      ChunkKey key = scratch.chunk(expected.actionChunk(action));
      WorkerId worker = scratch.worker(expected.actionWorker(action));
      if (!fed.get().chunk(found.actionChunk(action)).equals(key)
          || !fed.get().worker(found.actionWorker(action)).equals(worker)) {
        return Optional.of(": action " + action + " is not on " + key + "@" + worker);
      }
    }
    return Optional.empty();
  }

  /** Half of the stories have segments that slide. */
  private static LifecycleConfig policed(LifecycleConfig config, SplittableRandom random) {
    if (random.nextBoolean()) {
      return config;
    }
    WeightPolicy.Builder policy = WeightPolicy.builder();
    for (String dataset : new String[] {"d", "e"}) {
      policy.segment(DatasetId.of(dataset), WeightPolicy.Segment.of(random.nextInt(40), 3));
      policy.segment(
          DatasetId.of(dataset),
          new WeightPolicy.Segment(
              -1 - random.nextInt(60),
              1 + random.nextInt(6),
              OptionalInt.of(1 + random.nextInt(2)),
              Eligibility.ANY));
    }
    return config.toBuilder().weights(policy.build()).unchecked();
  }

  /**
   * Replaces some commands by ones that random stories leave out: policies that come and go, wishes
   * about whole datasets.
   */
  private static Command<?> spiced(
      Command<?> drawn, SplittableRandom random, LifecycleState state) {
    int dice = random.nextInt(30);
    if (drawn instanceof Command.Configure configure) {
      return new Command.Configure(-1, policed(configure.config(), random));
    }
    if (dice > 1) {
      return drawn;
    }
    PlacementWish wish =
        PlacementWish.of(
            PlacementWish.Kind.values()[random.nextInt(2)],
            DatasetId.of(random.nextBoolean() ? "d" : "e"),
            WorkerId.of(String.valueOf((char) ('a' + random.nextInt(5)))));
    boolean isTaken = state.fleetRow().wishes().contains(wish);
    return isTaken
        ? new Command.Unwish(wish, Command.ANY_VERSION)
        : new Command.Wish(wish, Command.ANY_VERSION);
  }

  private static PlanningAdvice advice(SplittableRandom random) {
    if (random.nextInt(3) > 0) {
      return PlanningAdvice.NONE;
    }
    ChunkKey key = ChunkKey.of("d", "c" + random.nextInt(30));
    WorkerId one = WorkerId.of(String.valueOf((char) ('a' + random.nextInt(5))));
    WorkerId other = WorkerId.of(String.valueOf((char) ('a' + random.nextInt(5))));
    PlanningAdvice advice =
        new PlanningAdvice(
            one.equals(other) ? List.of() : List.of(new PlanningAdvice.Intent(key, one, other)),
            random.nextBoolean() ? List.of() : List.of(one),
            random.nextBoolean() ? List.of() : List.of(key),
            random.nextBoolean() ? 0 : random.nextInt(1 << 22));
    return advice
        .withScores(scores(random.split()))
        .relieving(random.nextBoolean() ? List.of() : List.of(other));
  }

  /** Of many pairs, known to the state or not. */
  private static List<PlanningAdvice.Score> scores(SplittableRandom random) {
    List<PlanningAdvice.Score> scores = new ArrayList<>();
    for (int chunk = 0; chunk < 30; chunk += 1 + random.nextInt(3)) {
      for (char worker = 'a'; worker < 'g'; worker++) {
        ChunkKey key = ChunkKey.of("d", "c" + chunk);
        WorkerId on = WorkerId.of(String.valueOf(worker));
        scores.add(new PlanningAdvice.Score(key, on, random.nextInt(1_000_001)));
      }
    }
    return scores;
  }
}
