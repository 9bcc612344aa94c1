package dev.stowage.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.config.KeepApart;
import dev.stowage.config.PlacementConfig;
import dev.stowage.contract.RandomStory;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import dev.stowage.rebalance.PlacementScorer.Alternative;
import dev.stowage.rebalance.PlacementScorer.ExcludedWorkers;
import dev.stowage.rebalance.PlacementScorer.MigrationCost;
import dev.stowage.rebalance.PlacementScorer.ScoredChunk;
import dev.stowage.rebalance.RebalanceConfig.MigrationCostModel;
import dev.stowage.rebalance.RebalanceConfig.MoveBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The decisions of the rebalance design, and the failures that they end. */
class RebalanceDecisionsTest {
  private static final long GIB = 1L << 30;

  @Test
  void gain_mustExceedTheGapInMicroPoints() {
    assertThat(verdict(.3, .5)).isEqualTo(Verdict.GAP);
    assertThat(verdict(.4, .6)).isEqualTo(Verdict.GAP);
    assertThat(verdict(.3, .500001)).isEqualTo(Verdict.MOVE);
    assertThat(verdict(.3, .5000004)).as("rounded away").isEqualTo(Verdict.GAP);
    assertThat(verdict(.5, 1)).as("the floor itself is good").isEqualTo(Verdict.ABOVE_FLOOR);
    assertThat(verdict(.499999, 1)).isEqualTo(Verdict.MOVE);
  }

  @Test
  void cost_mustBeLessThanTheGain() {
    assertThat(verdict(.3, .9, MigrationCost.of(seconds(3), seconds(3)))).isEqualTo(Verdict.COST);
    assertThat(verdict(.3, .9, MigrationCost.of(seconds(3), Duration.ofMillis(2_999))))
        .isEqualTo(Verdict.MOVE);
    assertThat(verdict(.3, .9, MigrationCost.of(seconds(Long.MAX_VALUE / 2), seconds(1))))
        .isEqualTo(Verdict.COST);
  }

  @Test
  void bytes_countWhereTheyHaveAPrice() {
    MigrationCostModel model = new MigrationCostModel(.1, .25);
    MigrationCost cost = new MigrationCost(seconds(1), seconds(1), 2 * GIB, 1);
    assertThat(model.micros(cost)).isEqualTo(700_000);
    assertThat(MigrationCostModel.DEFAULT.micros(cost)).isEqualTo(200_000);
    SmallRebalancer small = new SmallRebalancer(RebalanceConfig.defaults().withCostModel(model));
    small.install(new FixedScorer().score("aa", "100", .3).best("aa", "200", .9));
    small.worker(Worker.of(WorkerId.of("100"), 9 * GIB), 0);
    small.worker(Worker.of(WorkerId.of("200"), 9 * GIB), 0);
    small.chunk("aa", 3 * GIB, "100").pass(1);
    assertThat(small.explain("aa").costMicros())
        .as("the chunk's size, where the scorer says nothing")
        .isEqualTo(750_000);
    assertThat(small.verdict("aa")).isEqualTo(Verdict.COST);
  }

  @Test
  void victim_isAskedAgain() {
    FixedScorer scorer = low("aa").live("aa", "100", .5);
    SmallRebalancer small = SmallRebalancer.of(scorer).workers("100", "200").chunk("aa", "100");
    assertThat(small.moves(1)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.LIVE_RECOVERED);
    scorer.live("aa", "100", Double.NaN);
    assertThat(small.moves(2)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.LIVE_RECOVERED);
    scorer.live("aa", "100", .3);
    assertThat(small.moves(3)).containsExactly("aa:100-200");
  }

  @Test
  void target_isAskedAgain() {
    FixedScorer scorer = low("aa").live("aa", "200", .4);
    SmallRebalancer small = SmallRebalancer.of(scorer).workers("100", "200").chunk("aa", "100");
    assertThat(small.moves(1)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.GAP);
    scorer.live("aa", "200", Double.NaN);
    assertThat(small.moves(2)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.NO_ALTERNATIVE);
    scorer.live("aa", "200", .8);
    assertThat(small.moves(3)).containsExactly("aa:100-200");
  }

  @Test
  void target_mustBeAbleToTakeIt() {
    for (WorkerStatus status : WorkerStatus.values()) {
      SmallRebalancer small =
          SmallRebalancer.of(low("aa")).workers("100", "200").chunk("aa", "100");
      small.status("200", status);
      boolean takes = status == WorkerStatus.ACTIVE;
      assertThat(small.moves(1)).as("%s", status).hasSize(takes ? 1 : 0);
      assertThat(small.verdict("aa")).isEqualTo(takes ? Verdict.MOVE : Verdict.NO_ALTERNATIVE);
    }
    SmallRebalancer avoiding =
        SmallRebalancer.of(low("aa")).workers("100", "200").chunk("aa", "100");
    avoiding.avoided.observeRtt(
        WorkerId.of("200"), Duration.ofMillis(251), dev.stowage.model.Tick.of(1));
    assertThat(avoiding.moves(1)).isEmpty();
    assertThat(avoiding.moves(301)).as("avoided for a while").hasSize(1);
    SmallRebalancer full = SmallRebalancer.of(low("aa")).workers("100").chunk("aa", 600, "100");
    full.worker(Worker.of(WorkerId.of("200"), 1_000), 401);
    assertThat(full.moves(1)).isEmpty();
    full.worker(Worker.of(WorkerId.of("200"), 1_000), 400);
    assertThat(full.moves(2)).hasSize(1);
  }

  @Test
  void room_isShortByWhatIsOnItsWay() {
    SmallRebalancer small =
        SmallRebalancer.of(low("aa", "bb")).workers("100", "101").workers("200");
    small.chunk("aa", 600, "100").chunk("bb", 600, "101");
    assertThat(small.moves(1)).containsExactly("aa:100-200");
    assertThat(small.verdict("bb")).isEqualTo(Verdict.BUDGET);
    assertThat(small.moves(2)).isEmpty();
    assertThat(small.verdict("bb")).isEqualTo(Verdict.NO_ALTERNATIVE);
  }

  @Test
  void target_mustBeEligible() {
    SmallRebalancer small = SmallRebalancer.of(low("aa")).workers("100", "200").chunk("aa", "100");
    small.put("aa", 1, new Eligibility(WorkerVersion.ZERO, Labels.of("ssd")), 1, "100");
    assertThat(small.moves(1)).isEmpty();
  }

  @Test
  void target_mustObeyTheRulesOfTheFleet() {
    PlacementConfig apart =
        PlacementConfig.builder()
            .set(KeepApart.PAIRS, List.of(KeepApart.Pair.of("d<>filler")))
            .build();
    PlacementConfig alone = PlacementConfig.builder().maxPerDomain(Map.of(1, 1)).build();
    for (PlacementConfig rules : List.of(PlacementConfig.defaults(), apart, alone)) {
      SmallRebalancer small = SmallRebalancer.of(low("aa").score("aa", "101", .9)).workers("100");
      small.worker(Worker.of(WorkerId.of("101"), 1_000).withZone("z"), 0);
      small.worker(Worker.of(WorkerId.of("200"), 1_000).withZone("z"), 1);
      small.configured(RandomStory.quiet().placement(rules).build()).chunk("aa", "100", "101");
      boolean isFree = rules.equals(PlacementConfig.defaults());
      assertThat(small.moves(1)).hasSize(isFree ? 1 : 0);
    }
  }

  /** Zones of the worker that gives, of the other holder, and of the one that would take. */
  @ParameterizedTest
  @CsvSource({
    "x, y, y, false",
    "x, y, x, true",
    "x/a, y/a, x/b, true",
    "x/a, x/b, x/b, false",
    "x/a, x/b, x/c, true",
    "x/a, x/b, y/b, true",
    "x/a, y/a, y/b, false",
    "x/a, x, x/c, true",
    "x/a/1, x/a/2, x/a/2, false",
    "x/a/1, x/a/1, x/a/2, true"
  })
  void target_mayNotNarrowTheSpread(String from, String other, String to, boolean moved) {
    FixedScorer scorer = new FixedScorer().score("aa", "100", .3).score("aa", "101", .9);
    SmallRebalancer zones = SmallRebalancer.of(scorer.best("aa", "200", .9));
    zones.worker(Worker.of(WorkerId.of("100"), 1_000).withZone(from), 0);
    zones.worker(Worker.of(WorkerId.of("101"), 1_000).withZone(other), 0);
    zones.worker(Worker.of(WorkerId.of("200"), 1_000).withZone(to), 0);
    zones.configured(RandomStory.quiet().minReplication(2).build()).chunk("aa", "100", "101");
    assertThat(!zones.moves(1).isEmpty()).isEqualTo(moved);
    if (!moved) {
      assertThat(zones.verdict("aa")).isEqualTo(Verdict.NO_ALTERNATIVE);
    }
  }

  @Test
  void bytesPerSecond_areABucket() {
    MoveBudget budget = MoveBudget.DEFAULT.withBytes(100, 250).withMoves(100, 100, 100);
    SmallRebalancer small = new SmallRebalancer(RebalanceConfig.defaults().withBudget(budget));
    FixedScorer scorer = new FixedScorer();
    small.install(scorer).workers("100", "200");
    for (int i = 0; i < 6; i++) {
      scorer.score("c" + i, "100", .3).best("c" + i, "200", .9);
      small.chunk("c" + i, 100, "100");
    }
    assertThat(small.moves(1)).containsExactly("c0:100-200", "c1:100-200");
    assertThat(small.verdict("c2")).isEqualTo(Verdict.BUDGET);
    assertThat(small.moves(2)).containsExactly("c2:100-200");
    assertThat(small.moves(1)).as("a clock that goes back fills nothing").isEmpty();
    assertThat(small.moves(4)).containsExactly("c3:100-200", "c4:100-200");
  }

  @Test
  void order_isNetBenefitThenKey() {
    FixedScorer scorer = new FixedScorer();
    for (String chunk : List.of("ka", "kb", "kd")) {
      scorer.score(chunk, "100", .3).best(chunk, "200", .9);
    }
    scorer.best("kd", "200", .95);
    MoveBudget budget = MoveBudget.DEFAULT.withMoves(2, 2, 2);
    SmallRebalancer small =
        new SmallRebalancer(RebalanceConfig.defaults().withBudget(budget)).install(scorer);
    small.workers("100", "200").chunk("kb", "100").chunk("ka", "100").chunk("kd", "100");
    assertThat(small.moves(1)).containsExactly("kd:100-200", "ka:100-200");
  }

  @Test
  void wayBack_needsTwiceTheGapForTwoCooldowns() {
    SmallRebalancer small = SmallRebalancer.of(low("aa")).workers("100", "200").chunk("aa", "100");
    small.carryOut(small.pass(1_000));
    FixedScorer back = new FixedScorer().score("aa", "200", .3).best("aa", "100", .7);
    small.install(back);
    assertThat(small.moves(1_599)).isEmpty();
    assertThat(small.verdict("aa")).isEqualTo(Verdict.GAP);
    assertThat(small.explain("aa").gapMicros()).isEqualTo(400_000);
    back.best("aa", "100", .700001);
    assertThat(small.moves(1_599)).containsExactly("aa:200-100");
    SmallRebalancer later = SmallRebalancer.of(low("aa")).workers("100", "200").chunk("aa", "100");
    later.carryOut(later.pass(1_000));
    later.install(new FixedScorer().score("aa", "200", .3).best("aa", "100", .7));
    assertThat(later.moves(1_600)).as("two cooldowns later").containsExactly("aa:200-100");
  }

  @Test
  void threeWaysBack_pinTheChunkForTenCooldowns() {
    SmallRebalancer small =
        SmallRebalancer.of(new Seesaw()).workers("100", "200").chunk("aa", "100");
    List<Long> moved = new ArrayList<>();
    for (long tick = 1_000; tick < 8_000; tick += 10) {
      RebalancePass pass = small.pass(tick);
      if (!pass.moves().isEmpty()) {
        moved.add(tick);
      }
      small.carryOut(pass);
    }
    assertThat(moved).containsExactly(1_000L, 1_300L, 1_600L, 1_900L, 4_900L, 7_900L);
    assertThat(small.verdict("aa")).isEqualTo(Verdict.PINNED);
    assertThat(small.explain("aa").reason()).contains("moved back");
  }

  /** Whoever holds the chunk is bad, and the other one is good. */
  private static final class Seesaw implements PlacementScorer {
    private WorkerId named = WorkerId.of("nobody");

    @Override
    public OptionalDouble score(ScoredChunk chunk, WorkerId worker) {
      return OptionalDouble.of(0);
    }

    @Override
    public OptionalDouble liveScore(ScoredChunk chunk, WorkerId worker) {
      boolean isTarget = worker.equals(named);
      named = WorkerId.of("nobody");
      return OptionalDouble.of(isTarget ? 1 : 0);
    }

    @Override
    public Optional<Alternative> bestAlternative(ScoredChunk chunk, ExcludedWorkers excluded) {
      for (String worker : List.of("100", "200")) {
        if (!excluded.contains(WorkerId.of(worker))) {
          named = WorkerId.of(worker);
          return Optional.of(new Alternative(WorkerId.of(worker), 1));
        }
      }
      return Optional.empty();
    }
  }

  @Test
  void everyLedChunk_hasAVerdictWithItsNumbers() {
    FixedScorer scorer = low("mv").score("ok", "100", .8).score("gap", "100", .4);
    scorer.best("gap", "200", .5).score("none", "100", .1).score("cost", "100", .3);
    scorer.best("cost", "200", .9).cost("cost", MigrationCost.of(seconds(9), seconds(9)));
    scorer.score("rec", "100", .3).live("rec", "100", .9);
    SmallRebalancer small = SmallRebalancer.of(scorer).workers("100", "200");
    List<String> all = List.of("mv", "ok", "gap", "none", "cost", "rec", "mute");
    all.forEach(chunk -> small.chunk(chunk, "100"));
    RebalancePass pass = small.pass(1);
    assertThat(all.stream().map(small::verdict))
        .containsExactly(
            Verdict.MOVE,
            Verdict.ABOVE_FLOOR,
            Verdict.GAP,
            Verdict.NO_ALTERNATIVE,
            Verdict.COST,
            Verdict.LIVE_RECOVERED,
            Verdict.NO_SCORE);
    assertThat(pass.counts().values().stream().mapToInt(count -> count).sum()).isEqualTo(7);
    assertThat(small.explain("gap").reason())
        .isEqualTo("100 scores 0.400000, 200 0.500000: gain 0.100000 does not exceed gap 0.200000");
    assertThat(small.explain("cost").costMicros()).isEqualTo(1_800_000);
    assertThat(small.explain("ok").reason()).contains("0.800000").contains("0.500000");
    assertThat(small.verdict("unheard of")).isEqualTo(Verdict.NOT_LEADER);
    assertThat(small.rebalancer.stats().verdicts().get(Verdict.MOVE)).isEqualTo(1L);
  }

  @Test
  void unchangedChunks_areNotScoredAgain() {
    FixedScorer scorer = new FixedScorer().fingerprint("100", 1).fingerprint("200", 1);
    scorer.score("aa", "100", .8).score("bb", "200", .8);
    SmallRebalancer small =
        SmallRebalancer.of(scorer).workers("100", "200").chunk("aa", "100").chunk("bb", "200");
    small.pass(1);
    assertThat(scorer.scoreCalls).isEqualTo(2);
    small.pass(2);
    assertThat(scorer.scoreCalls).isEqualTo(2);
    scorer.fingerprint("100", 2);
    small.pass(3);
    assertThat(scorer.scoreCalls).as("its worker said something new").isEqualTo(3);
    small.chunk("bb", "100", "200").pass(4);
    assertThat(scorer.scoreCalls).as("its holders changed").isEqualTo(5);
    small.chunk("bb", "100", "200").pass(5);
    assertThat(scorer.scoreCalls).as("told again, nothing changed").isEqualTo(5);
    small.pass(32);
    assertThat(scorer.scoreCalls).isEqualTo(5);
    small.pass(33);
    assertThat(scorer.scoreCalls).as("30 s after its last sample").isEqualTo(6);
    small.pass(34);
    assertThat(scorer.scoreCalls).isEqualTo(8);
  }

  @Test
  void fingerprint_includesTheDisksLifeAndTheRoundTrip() {
    FixedScorer scorer = new FixedScorer().fingerprint("100", 1).score("aa", "100", .8);
    SmallRebalancer small = SmallRebalancer.of(scorer).workers("100").chunk("aa", "100");
    small.pass(1);
    small.newDisk("100", 2).pass(2);
    assertThat(scorer.scoreCalls).isEqualTo(2);
    small.avoided.observeRtt(
        WorkerId.of("100"), Duration.ofMillis(90), dev.stowage.model.Tick.of(2));
    small.pass(3);
    assertThat(scorer.scoreCalls).isEqualTo(3);
    small.avoided.observeRtt(
        WorkerId.of("100"), Duration.ofMillis(100), dev.stowage.model.Tick.of(3));
    small.pass(4);
    assertThat(scorer.scoreCalls).as("the same order of magnitude").isEqualTo(3);
  }

  private static Duration seconds(long count) {
    return Duration.ofSeconds(count);
  }

  /** Chunks that lie badly on 100 (or 101 for bb) and would lie well on 200. */
  private static FixedScorer low(String... chunks) {
    FixedScorer scorer = new FixedScorer();
    for (String chunk : chunks) {
      scorer.score(chunk, "100", .3).score(chunk, "101", .3).best(chunk, "200", .9);
    }
    return scorer;
  }

  private static Verdict verdict(double score, double alternative) {
    return verdict(score, alternative, MigrationCost.of(Duration.ZERO, Duration.ZERO));
  }

  private static Verdict verdict(double score, double alternative, MigrationCost cost) {
    FixedScorer scorer = new FixedScorer().score("aa", "100", score).best("aa", "200", alternative);
    SmallRebalancer small =
        SmallRebalancer.of(scorer.cost("aa", cost)).workers("100", "200").chunk("aa", "100");
    small.pass(1);
    return small.verdict("aa");
  }
}
