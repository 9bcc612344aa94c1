package dev.stowage.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.columns.Micros;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.rebalance.RebalancePass.MoveIntent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Tests the properties that hold for every scorer and every course of moves. */
class RebalancePropertiesTest {
  private static final long COOLDOWN = 300;

  /**
   * Says whatever the dice say; now and then throws, or is out of range. The live score of a target
   * is none, so that its ranking counts and dice can move much.
   */
  private static final class Dice implements PlacementScorer {
    private final SplittableRandom random;
    private final int workers;
    private boolean isTarget;

    Dice(SplittableRandom random, int workers) {
      this.random = random;
      this.workers = workers;
    }

    @Override
    public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
      return switch (random.nextInt(20)) {
        case 0 -> OptionalDouble.empty();
        case 1 -> OptionalDouble.of(Double.NaN);
        case 2 -> OptionalDouble.of(random.nextDouble() * 9 - 4);
        case 3 -> throw new IllegalStateException("dice");
        default -> OptionalDouble.of(random.nextDouble() * random.nextDouble());
      };
    }

    @Override
    public OptionalDouble liveScore(ScoredChunk chunk, WorkerId worker) {
      boolean skips = isTarget;
      isTarget = false;
      return skips
          ? OptionalDouble.empty()
          : random.nextInt(4) == 0 ? score(chunk, worker) : OptionalDouble.of(.1);
    }

    @Override
    public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
      isTarget = true;
      WorkerId named = WorkerId.of("w" + random.nextInt(workers + 1));
      return Optional.of(new Alternative(named, random.nextInt(8) == 0 ? 7 : 1));
    }
  }

  private record Move(long tick, String chunk, WorkerId from, WorkerId to, long bytes) {}

  /** A rebalancer under dice: moves begin late, end late, or come to nothing. */
  private static final class Story {
    private final SplittableRandom random;
    private final int workers;
    private final int chunks;
    private final MoveBudget budget;
    private final SmallRebalancer small;
    private final Map<String, MoveIntent> open = new HashMap<>();
    private final List<Move> moves = new ArrayList<>();
    private final Map<String, List<Move>> begun = new HashMap<>();
    private long tick = 1_000;
    private RebalancePass pass;

    Story(long seed) {
      random = new SplittableRandom(seed);
      workers = 2 + random.nextInt(4);
      chunks = 1 + random.nextInt(8);
      budget =
          new MoveBudget(
              1 + random.nextInt(4),
              1 + random.nextInt(2),
              1 + random.nextInt(2),
              1 + random.nextInt(5),
              100 + random.nextInt(100));
      small = new SmallRebalancer(RebalanceConfig.defaults().withBudget(budget));
      for (int worker = 0; worker < workers; worker++) {
        small.workers("w" + worker);
      }
      for (int chunk = 0; chunk < chunks; chunk++) {
        int first = random.nextInt(workers);
        small.chunk("c" + chunk, 1 + random.nextInt(100), "w" + first);
      }
    }

    void step() {
      tick += random.nextInt(5) == 0 ? random.nextInt(700) : random.nextInt(30);
      if (small.scorers.current().isEmpty()) {
        small.install(new Dice(random, workers));
      }
      pass = small.pass(random.nextInt(20) == 0 ? tick / 2 : tick);
      for (MoveIntent move : pass.moves()) {
        open.put(move.chunk().id(), move);
        moves.add(
            new Move(
                pass.tick().value(), move.chunk().id(), move.from(), move.to(), move.sizeBytes()));
      }
      for (MoveIntent move : List.copyOf(open.values())) {
        go(move);
      }
    }

    private void go(MoveIntent move) {
      String chunk = move.chunk().id();
      boolean isAsked = pass.wishes().stream().anyMatch(wish -> wish.chunk().equals(move.chunk()));
      if (!isAsked) {
        open.remove(chunk);
      } else if (random.nextInt(3) > 0) {
        open.remove(chunk);
        Move done = moves.stream().filter(it -> it.chunk.equals(chunk)).reduce((a, b) -> b).get();
        begun.computeIfAbsent(chunk, key -> new ArrayList<>()).add(done);
        small.chunk(chunk, move.sizeBytes(), move.to().value());
      }
    }
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void movesOfAChunk_areBounded_whateverScorersSay(@ForAll long seed) {
    Story story = new Story(seed);
    for (int step = 0; step < 400; step++) {
      story.step();
    }
    Map<String, List<Move>> byChunk = new HashMap<>();
    story.moves.forEach(
        move -> byChunk.computeIfAbsent(move.chunk, key -> new ArrayList<>()).add(move));
    byChunk
        .values()
        .forEach(moves -> {
          for (int i = 1; i < moves.size(); i++) {
            assertThat(moves.get(i).tick - moves.get(i - 1).tick).isGreaterThanOrEqualTo(COOLDOWN);
          }
        });
    story.begun.values().forEach(RebalancePropertiesTest::assertNoSeesaw);
  }

  /** In ten cooldowns no chunk goes back to where it just was more than three times. */
  private static void assertNoSeesaw(List<Move> moves) {
    for (int first = 0; first < moves.size(); first++) {
      int back = 0;
      for (int i = first + 1; i < moves.size(); i++) {
        if (moves.get(i).tick - moves.get(first).tick >= 10 * COOLDOWN) {
          break;
        }
        back += moves.get(i).to.equals(moves.get(i - 1).from) ? 1 : 0;
      }
      assertThat(back).as("%s", moves).isLessThanOrEqualTo(RebalanceConfig.MOST_REVERSALS);
    }
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void budgets_areNeverExceeded(@ForAll long seed) {
    Story story = new Story(seed);
    for (int step = 0; step < 200; step++) {
      story.step();
      List<MoveRecord> way =
          story.small.rebalancer.moves().stream().filter(MoveRecord::isInFlight).toList();
      assertThat(way).hasSizeLessThanOrEqualTo(story.budget.inFlight());
      for (int worker = 0; worker < story.workers; worker++) {
        WorkerId id = WorkerId.of("w" + worker);
        assertThat(way.stream().filter(move -> move.to().equals(id)).count())
            .isLessThanOrEqualTo(story.budget.intoWorker());
        assertThat(way.stream().filter(move -> move.from().equals(id)).count())
            .isLessThanOrEqualTo(story.budget.offWorker());
      }
    }
    for (int first = 0; first < story.moves.size(); first++) {
      long bytes = 0;
      for (Move move : story.moves.subList(first, story.moves.size())) {
        bytes += move.bytes;
        long passed = move.tick - story.moves.get(first).tick;
        assertThat(bytes)
            .isLessThanOrEqualTo(
                story.budget.burstBytes() + passed * story.budget.bytesPerSecond());
      }
    }
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void verdicts_areCompleteAndAddUp(@ForAll long seed) {
    Story story = new Story(seed);
    for (int step = 0; step < 100; step++) {
      story.tick += story.random.nextInt(40);
      if (story.small.scorers.current().isEmpty()) {
        story.small.install(new Dice(story.random, story.workers));
      }
      RebalancePass pass = story.small.pass(story.tick);
      Map<Verdict, Integer> named = new EnumMap<>(Verdict.class);
      for (int chunk = 0; chunk < story.chunks; chunk++) {
        MoveExplanation why = story.small.explain("c" + chunk);
        assertThat(why.chunk()).isEqualTo(ChunkKey.of("d", "c" + chunk));
        assertThat(why.reason()).isNotEmpty();
        named.merge(why.verdict(), 1, Integer::sum);
      }
      assertThat(pass.counts()).isEqualTo(named);
      pass.moves().forEach(move -> story.open.put(move.chunk().id(), move));
      story.small.carryOut(pass);
    }
  }

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void sampling_leadsToTheScoresOfEveryTickSampling(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FixedScorer scorer = new FixedScorer();
    SmallRebalancer small =
        new SmallRebalancer(
            RebalanceConfig.defaults()
                .withTimes(Duration.ofSeconds(COOLDOWN), Duration.ofSeconds(10_000_000)));
    small.install(scorer);
    for (int worker = 0; worker < 4; worker++) {
      scorer.fingerprint("w" + worker, 0);
      small.workers("w" + worker);
    }
    for (int step = 1; step < 60; step++) {
      String chunk = "c" + random.nextInt(6);
      String worker = "w" + random.nextInt(4);
      if (random.nextBoolean()) {
        scorer.score(chunk, worker, .5 + random.nextDouble() / 2).fingerprint(worker, step);
      } else if (random.nextInt(4) > 0) {
        int other = random.nextInt(3);
        small.chunk(chunk, "w" + other, "w" + (other + 1));
      }
      small.pass(step);
      for (int c = 0; c < 6; c++) {
        for (int w = 0; w < 4 && small.knows("c" + c); w++) {
          boolean holds = small.holders("c" + c).contains("w" + w);
          OptionalDouble direct =
              scorer.score(new ScoredChunk(ChunkKey.of("d", "c" + c), 1), WorkerId.of("w" + w));
          OptionalInt sampled = small.score("c" + c, "w" + w);
          assertThat(sampled.isPresent()).isEqualTo(holds && direct.isPresent());
          if (sampled.isPresent()) {
            assertThat(sampled).hasValue(Micros.of(direct.orElse(-1)));
          }
        }
      }
    }
  }
}
