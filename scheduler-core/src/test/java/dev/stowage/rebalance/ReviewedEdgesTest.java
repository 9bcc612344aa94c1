package dev.stowage.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests misuse of a rebalancer that the rows do not spell out. */
class ReviewedEdgesTest {
  @Test
  void moveOfAChunkThatWentMeanwhile_isNotUnderWayForEver() {
    FixedScorer scorer = new FixedScorer().score("aa", "100", .3).best("aa", "200", .9);
    SmallRebalancer first = SmallRebalancer.of(scorer).workers("100", "200").chunk("aa", "100");
    first.pass(1);
    first.copying("aa", "100", "200").pass(1);
    assertThat(first.rebalancer.moves().get(0).phase()).isEqualTo(MoveRecord.Phase.COPYING);
    SmallRebalancer second =
        new SmallRebalancer(RebalanceConfig.defaults()).install(scorer).workers("100", "200");
    second.rebalancer.restore(first.rebalancer.moves());
    second.pass(2);
    assertThat(second.rebalancer.moves()).as("nobody led it any more").isEmpty();
  }

  @Test
  void moveThatCameToNothing_isNoWayOff() {
    FixedScorer scorer = new FixedScorer().score("aa", "100", .3).best("aa", "200", .9);
    SmallRebalancer small =
        SmallRebalancer.of(scorer).workers("100", "200", "300").chunk("aa", "100");
    small.carryOut(small.pass(1_000));
    scorer.score("aa", "200", .3).best("aa", "300", .9);
    assertThat(small.moves(1_300)).containsExactly("aa:200-300");
    small.copying("aa", "200", "300").pass(1_301);
    small.chunk("aa", "200").pass(1_302);
    assertThat(small.rebalancer.moves().get(0).phase()).isEqualTo(MoveRecord.Phase.ABORTED);
    scorer.best("aa", "100", .7);
    assertThat(small.moves(1_600)).as("it came from 100, and goes back").isEmpty();
    assertThat(small.explain("aa").gapMicros()).isEqualTo(400_000);
  }

  @Test
  void sizesAtTheEndOfTheRange_doNotMakeRoom() {
    FixedScorer scorer = new FixedScorer();
    SmallRebalancer small = SmallRebalancer.of(scorer);
    small.worker(Worker.of(WorkerId.of("full"), 1), Long.MAX_VALUE);
    small.worker(Worker.of(WorkerId.of("huge"), Long.MAX_VALUE), 0);
    for (String chunk : List.of("aa", "bb", "cc")) {
      small.workers("on" + chunk);
      scorer.score(chunk, "on" + chunk, .3).best(chunk, "huge", .9);
      small.chunk(chunk, Long.MAX_VALUE - 1, "on" + chunk);
    }
    assertThat(small.moves(1)).containsExactly("aa:onaa-huge");
    scorer.best("bb", "full", .9);
    assertThat(small.moves(2)).isEmpty();
    assertThat(small.verdict("bb")).isEqualTo(Verdict.NO_ALTERNATIVE);
  }

  @Test
  void avoidedWorkers_canBeTakenOver() {
    AvoidList first = new AvoidList(Duration.ofSeconds(1));
    first.avoid(WorkerId.of("a"), "slow", Duration.ofSeconds(60), Tick.of(100));
    first.avoid(WorkerId.of("b"), "new", Duration.ofSeconds(5), Tick.of(100));
    AvoidList second = new AvoidList(Duration.ofSeconds(1));
    second.avoid(WorkerId.of("b"), "mine", Duration.ofSeconds(9), Tick.of(100));
    second.restore(first.entries(Tick.of(100)));
    assertThat(second.entries(Tick.of(101)))
        .containsExactly(
            new AvoidList.Entry(WorkerId.of("a"), "slow", 100, 160),
            new AvoidList.Entry(WorkerId.of("b"), "mine", 100, 109));
    long version = second.version();
    assertThat(second.entries(Tick.of(159))).hasSize(1);
    assertThat(second.version()).as("an end is a change").isGreaterThan(version);
    assertThat(second.entries(Tick.of(160))).isEmpty();
  }
}
