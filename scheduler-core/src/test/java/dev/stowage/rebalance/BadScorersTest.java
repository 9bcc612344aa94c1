package dev.stowage.rebalance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.MigrationCost;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalanceConfig.MigrationCostModel;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import dev.stowage.rebalance.RebalancePass.RebalanceStats.ScorerStats;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Scorers that lie, throw, block, answer nothing, or name what is not there. */
class BadScorersTest {
  @Test
  void scoresOutOfRange_areNoOpinion() {
    for (double bad : new double[] {Double.NaN, 7, -1, Double.POSITIVE_INFINITY, 1.0000001}) {
      FixedScorer scorer = new FixedScorer().score("aa", "100", bad).score("aa", "200", .3);
      SmallRebalancer small =
          SmallRebalancer.of(scorer.best("aa", "300", .9)).workers("100", "200", "300");
      small.chunk("aa", "100", "200");
      assertThat(small.moves(1)).as("%s", bad).containsExactly("aa:200-300");
      assertThat(small.rebalancer.stats().scorers().invalid()).isEqualTo(1);
      SmallRebalancer alone = SmallRebalancer.of(scorer).workers("100", "300").chunk("aa", "100");
      assertThat(alone.moves(1)).isEmpty();
      assertThat(alone.verdict("aa")).isEqualTo(Verdict.NO_SCORE);
      scorer.score("aa", "100", .3).best("aa", "300", bad);
      SmallRebalancer lured = SmallRebalancer.of(scorer).workers("100", "300").chunk("aa", "100");
      assertThat(lured.moves(1)).isEmpty();
      assertThat(lured.verdict("aa")).isEqualTo(Verdict.NO_ALTERNATIVE);
      assertThat(lured.rebalancer.stats().scorers().lastFailure().orElse(""))
          .contains(String.valueOf(bad));
    }
  }

  @Test
  void throwingScorer_isContainedAndLeavesServiceAfterTen() {
    AtomicInteger calls = new AtomicInteger();
    PlacementScorer scorer = throwing(calls, new IOException("no reason"));
    SmallRebalancer small = SmallRebalancer.of(scorer).workers("100", "200");
    for (int i = 0; i < 9; i++) {
      small.chunk("c" + i, "100");
    }
    assertThat(small.moves(1)).isEmpty();
    assertThat(calls).hasValue(9);
    assertThat(small.scorers.current()).isPresent();
    assertThat(small.verdict("c0")).isEqualTo(Verdict.NO_SCORE);
    assertThat(small.moves(2)).isEmpty();
    assertThat(calls).as("the tenth failure was the last call").hasValue(10);
    assertThat(small.scorers.current()).isEmpty();
    ScorerStats stats = small.rebalancer.stats().scorers();
    assertThat(stats.failures()).isEqualTo(10);
    assertThat(stats.lastFailure().orElse("")).contains("no reason");
    small.install(new FixedScorer().score("c0", "100", .3).best("c0", "200", .9));
    assertThat(small.moves(3)).as("the next scorer begins anew").containsExactly("c0:100-200");
  }

  @Test
  void failuresNotInARow_endNothing() {
    FixedScorer good = new FixedScorer();
    SmallRebalancer small = new SmallRebalancer(RebalanceConfig.defaults()).workers("100");
    for (int i = 0; i < 40; i++) {
      good.score("c" + i, "100", .8);
      small.chunk("c" + i, "100");
    }
    AtomicInteger calls = new AtomicInteger();
    small.install(
        new PlacementScorer() {
          @Override
          public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
            if (calls.incrementAndGet() % 10 != 0) {
              throw new StackOverflowError("deep");
            }
            return good.score(chunk, worker);
          }

          @Override
          public Optional<Alternative> bestAlternative(
              ScoredChunk chunk, ExcludedWorkers excluded) {
            return Optional.empty();
          }

          @Override
          public OptionalLong nodeFingerprint(WorkerId worker) {
            return OptionalLong.of(1);
          }
        });
    small.pass(1);
    assertThat(small.scorers.current()).isPresent();
    assertThat(small.rebalancer.stats().scorers().failures()).isEqualTo(36);
  }

  @Test
  void nullAnswers_areFailures() {
    FixedScorer fixed = new FixedScorer().score("aa", "100", .3);
    SmallRebalancer small =
        new SmallRebalancer(RebalanceConfig.defaults()).workers("100", "200").chunk("aa", "100");
    small.install(
        new PlacementScorer() {
          @Override
          public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
            return fixed.score(chunk, worker);
          }

          @Override
          @SuppressWarnings("NullAway")
          public Optional<Alternative> bestAlternative(
              ScoredChunk chunk, ExcludedWorkers excluded) {
            return null;
          }
        });
    assertThat(small.moves(1)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.NO_ALTERNATIVE);
    assertThat(small.rebalancer.stats().scorers().failures()).isEqualTo(1);
  }

  @Test
  void passOutOfTime_leavesTheRestToTheNext_inTurn() {
    AtomicInteger left = new AtomicInteger();
    PassLimit limit = () -> () -> left.decrementAndGet() >= 0;
    SmallRebalancer small = new SmallRebalancer(RebalanceConfig.defaults(), limit);
    FixedScorer scorer = new FixedScorer();
    small.install(scorer).workers("100", "200");
    for (int i = 0; i < 5; i++) {
      scorer.score("c" + i, "100", .3).best("c" + i, "200", .9);
      small.chunk("c" + i, "100");
    }
    left.set(3);
    small.pass(1);
    assertThat(small.verdict("c0")).as("no time to ask for more").isEqualTo(Verdict.BUDGET);
    assertThat(small.verdict("c4")).isEqualTo(Verdict.NO_SCORE);
    left.set(2);
    small.pass(2);
    assertThat(small.verdict("c4")).as("its turn").isEqualTo(Verdict.BUDGET);
    left.set(100);
    assertThat(small.moves(3)).containsExactly("c0:100-200", "c1:100-200");
    assertThat(small.rebalancer.stats().scorers().failures()).isZero();
  }

  @Test
  void badConfiguration_isRefusedWithItsBounds() {
    RebalanceConfig config = RebalanceConfig.defaults();
    assertThatThrownBy(() -> config.withThresholds(Double.NaN, .2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("score_floor is NaN");
    assertThatThrownBy(() -> config.withThresholds(.5, 1.1)).hasMessageContaining("1.1");
    assertThatThrownBy(() -> config.withTimes(Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessageContaining("cooldown");
    assertThatThrownBy(() -> MoveBudget.DEFAULT.withMoves(0, 1, 1)).hasMessageContaining("0");
    assertThatThrownBy(() -> new MigrationCostModel(-1, 0)).hasMessageContaining("-1");
    assertThatThrownBy(() -> MigrationCost.of(Duration.ofSeconds(-1), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void clockJumps_areHarmless() {
    FixedScorer scorer = new FixedScorer().score("aa", "100", .3).best("aa", "200", .9);
    SmallRebalancer small = SmallRebalancer.of(scorer).workers("100", "200").chunk("aa", "100");
    small.carryOut(small.pass(1_000));
    small.install(new FixedScorer().score("aa", "200", .1).best("aa", "100", .9));
    RebalancePass back = small.pass(5);
    assertThat(back.tick().value()).isEqualTo(1_000);
    assertThat(back.moves()).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.COOLDOWN);
    assertThat(small.moves(Long.MAX_VALUE)).containsExactly("aa:200-100");
    assertThat(small.moves(Long.MAX_VALUE)).isEmpty();
  }

  /** Throws what it never declared, as other languages do. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T undeclared(Throwable what) throws T {
    throw (T) what;
  }

  private static PlacementScorer throwing(AtomicInteger calls, Throwable what) {
    return new PlacementScorer() {
      @Override
      public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
        calls.incrementAndGet();
        throw BadScorersTest.<RuntimeException>undeclared(what);
      }

      @Override
      public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
        return Optional.empty();
      }
    };
  }
}
