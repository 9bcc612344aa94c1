package dev.stowage.sim.kit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.StowageListener;
import dev.stowage.command.Result;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.command.Result.Movement;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.scenario.oracles.FloorOracle;
import dev.stowage.sim.kit.scenario.words.Settings;
import dev.stowage.sim.kit.scenario.words.UnreadableWord;
import dev.stowage.sim.kit.scenario.words.WordReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The oracles that judge a fleet as a whole find the least violation; every walk is full of what is
 * nearly one.
 */
class FleetOraclesTest {
  private static Story told(String... lines) {
    Story story =
        Story.begun(
            lines[0], Story.MEMORY, Story.Beside.NOTHING, StowageListener.NONE, EvidenceSink.NONE);
    for (String line : List.of(lines).subList(1, lines.length)) {
      assertThat(story.tell(line)).as(line).isEqualTo(new LineResult.Happened());
    }
    return story;
  }

  /** A cycle that says it left one chunk out. */
  private static Result.Scheduled leavingOut(String chunk, int missing) {
    return leavingOut(chunk, missing, 1);
  }

  private static Result.Scheduled leavingOut(String chunk, int missing, long tick) {
    return new Result.Scheduled(
        Tick.of(tick),
        true,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(new Result.Shortage(ChunkKey.of("d", chunk), missing, "no room", false)),
        List.of(),
        List.of(),
        false,
        0,
        0,
        Movement.NONE,
        List.of(),
        List.of(),
        false,
        0,
        BudgetInForce.NONE,
        Optional.empty(),
        Optional.empty());
  }

  /** Both workers hold c, one of them as a bonus, so that neither has room for x. */
  private static Story bonusInTheWay(String cycle) {
    Story story =
        told(
            "config floor=1",
            "worker a capacity=10MiB",
            "worker b capacity=10MiB",
            "ingest d/c 0-9 size=4MiB weight=4",
            cycle);
    holds(story, "replicas d/c assigned = 2");
    story.tell("ingest d/x 10-19 size=8MiB");
    return story;
  }

  @Test
  void starved_whereABonusHoldsTheRoom_isFound() {
    try (Story story = bonusInTheWay("settle")) {
      assertThat(FloorOracle.starved(story.books(), leavingOut("x", 1))).isPresent();
    }
  }

  @Test
  void grewFirst_byACycleThatAddedABonus_isFound() {
    try (Story story =
        told("config floor=1", "worker a capacity=10MiB", "worker b capacity=10MiB")) {
      story.tell("ingest d/c 0-9 size=4MiB weight=4");
      story.tell("ingest d/x 10-19 size=8MiB");
      LifecycleSnapshot before = story.books();
      try (Story after = bonusInTheWay("schedule")) {
        assertThat(FloorOracle.grewFirst(before, after.books(), leavingOut("x", 1))).isPresent();
      }
    }
  }

  /** One of the two replicas of c is lost, and a third worker may take one. */
  private static Story oneOfTwoLost(String config) {
    return told(
        config,
        "worker a capacity=1MiB",
        "worker b capacity=1MiB",
        "ingest d/c 0-9 size=1MiB",
        "settle",
        "set floor=3",
        "lost a d/c",
        "schedule",
        "ingest d/x 10-19 size=1MiB",
        "tick 6",
        "worker e capacity=1MiB");
  }

  private static void holds(Story story, String expectation) {
    try {
      ExpectedEvent read = ExpectationReader.read(WordReader.of(expectation));
      assertThat(read.judge(story.witness(() -> ScenarioWorld.unaudited(Settings.defaults()))))
          .isEmpty();
    } catch (UnreadableWord unreadable) {
      throw new IllegalArgumentException(expectation, unreadable);
    }
  }

  /** A floor of three keeps all that is held of c; then it has one more than a floor of two. */
  private static Optional<Finding> grewFirst(Story story) {
    LifecycleSnapshot before = story.books();
    assertThat(story.tell("schedule")).isEqualTo(new LineResult.Happened());
    holds(story, "holders d/c a,b,e");
    story.tell("set floor=2");
    return FloorOracle.grewFirst(before, story.books(), leavingOut("x", 1, story.tick()));
  }

  @Test
  void grewFirst_whereAReplicaIsGivenUp_countsItForNoFloor() {
    try (Story story = oneOfTwoLost("config floor=2 give_up_after=6")) {
      assertThat(grewFirst(story)).isEmpty();
    }
  }

  @Test
  void grewFirst_whereAReplicaIsNotYetGivenUp_countsIt() {
    try (Story story = oneOfTwoLost("config floor=2 give_up_after=7")) {
      assertThat(grewFirst(story)).isPresent();
    }
  }

  @Test
  void convergence_ofAFleetThatOwesAFloor_isMissed() {
    try (Story story =
        told("config floor=1", "worker a capacity=10MiB", "ingest d/c 0-9 size=1MiB", "schedule")) {
      assertThat(story.unsettled()).isPresent();
      story.tell("settle");
      assertThat(story.unsettled()).isEmpty();
    }
  }

  @Test
  void drained_whileAReplicaIsSuperseded_isMissed() {
    try (Story story =
        told(
            "config floor=1 saturation=0.1",
            "worker a capacity=10MiB",
            "ingest d/c 0-9 size=1MiB",
            "settle",
            "worker b capacity=10MiB",
            "drain a",
            "schedule")) {
      assertThat(story.undrained()).contains(ChunkKey.of("d", "c"));
      story.tell("settle");
      assertThat(story.undrained()).isEmpty();
    }
  }
}
