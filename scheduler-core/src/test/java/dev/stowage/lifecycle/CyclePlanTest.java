package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the plan that a host makes outside of its transaction. */
class CyclePlanTest {
  private static CyclePlan prepare(SmallWorld world) {
    return world
        .lifecycle
        .prepare(world.state, PlanningAdvice.NONE, Tick.of(world.now))
        .orElseThrow();
  }

  private static boolean has(PlacementPlan plan, ActionKind kind, Cause cause) {
    for (int action = 0; action < plan.actionCount(); action++) {
      if (plan.kind(action) == kind && plan.cause(action) == cause) {
        return true;
      }
    }
    return false;
  }

  private static SmallWorld filled(SmallWorld world, int from, int to) {
    for (int i = from; i < to; i++) {
      world.ingest("d/c" + (char) ('a' + i), 10L * i, 10L * i + 9);
    }
    return world;
  }

  /** Three copies of two chunks; then so many come that there is room for one of each. */
  @Test
  void chunksWithTooManyReplicas_areSaidToShrink() {
    SmallWorld world = filled(SmallWorld.of(1).workers(10, "a", "b", "c"), 0, 2);
    world.settle();
    assertThat(world.holders("d/ca")).hasSize(3);
    filled(world, 2, 22);
    CyclePlan from = prepare(world);
    assertThat(has(from.plan(), ActionKind.SUPERSEDE, Cause.SHRINK)).isTrue();
    assertThat(from.shrunk()).containsExactly(SmallWorld.key("d/ca"), SmallWorld.key("d/cb"));
  }

  @Test
  void chunksThatOnlyMove_areNotSaidToShrink() {
    SmallWorld leaving = filled(SmallWorld.of(2).workers(10, "a", "b"), 0, 3);
    leaving.settle();
    leaving.workers(10, "c");
    leaving.status("a", WorkerStatus.LEAVING);
    CyclePlan from = prepare(leaving);
    assertThat(has(from.plan(), ActionKind.ADD, Cause.EVACUATE)).isTrue();
    assertThat(from.shrunk()).isEmpty();

    SmallWorld level = filled(SmallWorld.of(2).workers(10, "a", "b"), 0, 9);
    level.settle();
    level.workers(5, "c");
    from = prepare(level);
    assertThat(has(from.plan(), ActionKind.ADD, Cause.BALANCE)).isTrue();
    assertThat(from.shrunk()).isEmpty();
  }

  @Test
  void scores_areOfThePointAndItsMillionths() {
    WorkerId worker = WorkerId.of("a");
    for (int micros : new int[] {0, PlanningAdvice.Score.PER_POINT}) {
      assertThat(new PlanningAdvice.Score(SmallWorld.key("d/c"), worker, micros).micros())
          .isEqualTo(micros);
    }
    for (int micros : new int[] {-1, PlanningAdvice.Score.PER_POINT + 1}) {
      assertThatThrownBy(() -> new PlanningAdvice.Score(SmallWorld.key("d/c"), worker, micros))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("score is " + micros + " micro-points; 0 to 1000000 are accepted");
    }
  }

  @Test
  void scoresOfAnAdvice_areReplaced_andTheRestStays() {
    PlanningAdvice advice =
        new PlanningAdvice(List.of(), List.of(WorkerId.of("a")), List.of(SmallWorld.key("d/c")), 0);
    List<PlanningAdvice.Score> scores =
        List.of(new PlanningAdvice.Score(SmallWorld.key("d/c"), WorkerId.of("a"), 7));
    PlanningAdvice scored = advice.withScores(scores);
    assertThat(scored.scores()).isEqualTo(scores);
    assertThat(scored.withScores(List.of())).isEqualTo(advice);
  }
}
