package dev.stowage.sim.kit.walk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every eighth walk is told to a second world too, which plans from scratch. */
class FedPlansTest {
  private static final String JUDGED = "fed plans beside fresh ones";

  @Test
  void eighthWalk_agreesWithAWorldThatPlansFromScratch_andSaysHowOften() {
    for (WalkModel model : new WalkModel[] {WalkModel.GUIDED, WalkModel.CHURN, WalkModel.FLOOD}) {
      WalkTotals totals = new WalkTotals(model, model.required());
      CaseResult walk = Walks.one(model, 17, 120, WalkBackend.memory());
      totals.add(walk, 0);
      assertThat(walk.finding()).as(model.title()).isEmpty();
      assertThat(totals.sums().get(JUDGED)).as(model.title()).isGreaterThan(10);
      assertThat(String.join(" ", WalkText.of(totals))).contains(JUDGED);
    }
  }

  @Test
  void anotherWalk_isNotCompared() {
    CaseResult walk = Walks.one(WalkModel.GUIDED, 10, 40, WalkBackend.memory());
    assertThat(walk.counts()).doesNotContainKey(JUDGED);
  }
}
