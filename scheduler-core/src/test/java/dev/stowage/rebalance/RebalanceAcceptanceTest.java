package dev.stowage.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.PlacementScorer.MigrationCost;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalanceConfig.MigrationCostModel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The acceptance rows of the rebalance design, in their order. Chunk A is aa, B is bb. */
class RebalanceAcceptanceTest {
  private static final ScoredChunk ONE = new ScoredChunk(ChunkKey.of("d", "1"), 1);
  private static final WorkerId W100 = WorkerId.of("100");
  private static final WorkerId W200 = WorkerId.of("200");

  @Test
  void registry_answersThePreviousScorer() {
    ScorerRegistry registry = new ScorerRegistry();
    PlacementScorer first = new FixedScorer();
    assertThat(registry.current()).isEmpty();
    assertThat(registry.install(first)).isEmpty();
    assertThat(registry.current()).containsSame(first);
    assertThat(registry.install(new FixedScorer())).containsSame(first);
  }

  @Test
  void defaults_areThoseOfTheDesign() {
    RebalanceConfig config = RebalanceConfig.defaults();
    assertThat(config.scoreFloor()).isEqualTo(.5);
    assertThat(config.hysteresisGap()).isEqualTo(.2);
    assertThat(config.cooldown()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.decisionInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.costModel()).isEqualTo(new MigrationCostModel(.1, 0));
  }

  @Test
  void noScorer_asksForNothing() {
    SmallRebalancer small =
        new SmallRebalancer(RebalanceConfig.defaults()).workers("100", "200").chunk("aa", "100");
    assertThat(small.pass(1).wishes()).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.NO_SCORE);
  }

  @Test
  void goodHolder_stays() {
    SmallRebalancer small = world(.9, .95);
    assertThat(small.moves(1)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.ABOVE_FLOOR);
  }

  @Test
  void noAlternative_stays() {
    SmallRebalancer small = SmallRebalancer.of(new FixedScorer().score("aa", "100", .3));
    small.workers("100", "200").chunk("aa", "100");
    assertThat(small.moves(1)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.NO_ALTERNATIVE);
  }

  @Test
  void smallGain_stays() {
    SmallRebalancer small = world(.3, .4);
    assertThat(small.moves(1)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.GAP);
  }

  @Test
  void observer_judgesWithoutAMove() {
    SmallRebalancer small = new SmallRebalancer(RebalanceConfig.defaults().observing());
    small.install(new FixedScorer().score("aa", "100", .3).best("aa", "200", .9));
    small.workers("100", "200").chunk("aa", "100");
    for (int tick = 1; tick < 3; tick++) {
      assertThat(small.pass(tick).wishes()).isEmpty();
      assertThat(small.verdict("aa")).isEqualTo(Verdict.MOVE);
    }
  }

  @Test
  void chunkOfAnotherLeader_isNotMoved() {
    SmallRebalancer small = world(.3, .9).drop("aa");
    assertThat(small.moves(1)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.NOT_LEADER);
    assertThat(small.pass(2).counts()).isEmpty();
  }

  @Test
  void cooldown_holdsSixtySeconds_andNotThreeHundredAndSixty() {
    SmallRebalancer small = world(.3, .9);
    small.carryOut(small.pass(1_000));
    back(small);
    assertThat(small.moves(1_060)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.COOLDOWN);
    assertThat(small.moves(1_360)).containsExactly("aa:200-100");
  }

  @Test
  void twoLowChunks_goInTheOrderOfTheirKeys() {
    FixedScorer scorer = new FixedScorer().score("bb", "100", .3).best("bb", "200", .9);
    scorer.score("aa", "100", .3).best("aa", "200", .9);
    SmallRebalancer small =
        SmallRebalancer.of(scorer).workers("100", "200").chunk("bb", "100").chunk("aa", "100");
    assertThat(small.moves(1)).containsExactly("aa:100-200", "bb:100-200");
  }

  @Test
  void secondPass_asksForNothingNew() {
    SmallRebalancer small = world(.3, .9);
    assertThat(small.moves(1)).containsExactly("aa:100-200");
    assertThat(small.moves(2)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.IN_FLIGHT);
  }

  @Test
  void longRoundTrip_isAvoidedOnceAndForAWhile() {
    AvoidList list = new AvoidList(Duration.ofSeconds(1));
    Tick now = Tick.of(10);
    assertThat(list.observeRtt(W100, Duration.ofMillis(500), now)).isTrue();
    assertThat(list.entries(now)).extracting(AvoidList.Entry::untilTick).containsExactly(310L);
    assertThat(list.observeRtt(W200, Duration.ofMillis(100), now)).isFalse();
    assertThat(list.observeRtt(W100, Duration.ofMillis(500), Tick.of(11))).isFalse();
    assertThat(list.entries(Tick.of(309))).hasSize(1);
    assertThat(list.entries(Tick.of(310))).isEmpty();
    assertThat(list.observeRtt(W100, Duration.ofMillis(250), Tick.of(320))).isFalse();
    AvoidList other = new AvoidList(Duration.ofSeconds(1));
    for (String peer : List.of("7", "3", "11")) {
      other.observeRtt(WorkerId.of("0" + (peer.length() == 1 ? "0" : "") + peer), slow(), now);
    }
    assertThat(other.entries(now))
        .extracting(entry -> entry.worker().value())
        .containsExactly("003", "007", "011");
    AvoidList strict =
        new AvoidList(Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofMinutes(1));
    assertThat(strict.observeRtt(W100, Duration.ofMillis(150), now)).isTrue();
    assertThat(strict.entries(now)).extracting(AvoidList.Entry::untilTick).containsExactly(70L);
  }

  private static Duration slow() {
    return Duration.ofMillis(500);
  }

  @Test
  void sameInputs_giveTheSameList() {
    SmallRebalancer nothing = SmallRebalancer.of(new FixedScorer());
    assertThat(nothing.pass(1).wishes()).isEmpty();
    RebalancePass first = world(.3, .9).pass(1);
    assertThat(world(.3, .9).pass(1)).isEqualTo(first);
    assertThat(first.moves()).hasSize(1);
  }

  @Test
  void lostLeadership_forgetsTheChunkAlone() {
    FixedScorer scorer = new FixedScorer().score("1", "100", .4).score("2", "100", .7);
    SmallRebalancer small = SmallRebalancer.of(scorer).workers("100");
    small.chunk("1", "100").chunk("2", "100").pass(1);
    assertThat(small.score("2", "100")).hasValue(700_000);
    small.drop("2").pass(2);
    assertThat(small.score("2", "100")).isEmpty();
    assertThat(small.score("1", "100")).hasValue(400_000);
  }

  @Test
  void noFingerprint_isSampledInEveryPass() {
    FixedScorer scorer = new FixedScorer().score("1", "100", .7);
    SmallRebalancer small = SmallRebalancer.of(scorer).workers("100").chunk("1", "100");
    for (int tick = 1; tick <= 5; tick++) {
      small.pass(tick);
      assertThat(scorer.scoreCalls).isEqualTo(tick);
    }
  }

  @Test
  void cost_isATenthOfAPointPerSecond() {
    assertThat(micros(1, 1, 1)).isEqualTo(200_000);
    assertThat(micros(2, 1, 1)).isEqualTo(300_000);
    assertThat(micros(1, 2, 1)).isEqualTo(300_000);
    assertThat(micros(1, 1, 2)).isEqualTo(400_000);
    assertThat(micros(0, 0, 1)).isZero();
  }

  @Test
  void weightThatIsNone_countsAsOne() {
    for (double weight : new double[] {1, 0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThat(micros(10, 10, weight)).as("weight %s", weight).isEqualTo(2_000_000);
    }
  }

  private static long micros(long transfer, long disruption, double weight) {
    return MigrationCostModel.DEFAULT.micros(
        new MigrationCost(Duration.ofSeconds(transfer), Duration.ofSeconds(disruption), 0, weight));
  }

  /** Chunk A on 100 with this score, and 200 as an alternative with that one. */
  private static SmallRebalancer world(double score, double alternative) {
    FixedScorer scorer = new FixedScorer().score("aa", "100", score).best("aa", "200", alternative);
    return SmallRebalancer.of(scorer).workers("100", "200").chunk("aa", "100");
  }

  /** Chunk A lies on 200 now, badly, and would lie well on 100. */
  private static void back(SmallRebalancer small) {
    small.install(new FixedScorer().score("aa", "200", .1).best("aa", "100", .9));
  }
}
