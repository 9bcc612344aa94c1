package dev.stowage.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.audit.Liveness.CycleEffect;
import dev.stowage.lifecycle.Violation;
import org.junit.jupiter.api.Test;

/** The invariants of whole runs. */
class TraceInvariantsTest {
  private final FleetDraft fleet = new FleetDraft();
  private final Liveness liveness = new Liveness();

  @Test
  void fleetAtItsGoal_thatRests_isLive() {
    fleet.add("worker w,v; chunk a 0-9; copy a@w; copy a@v");
    liveness.observe(fleet.snapshot(), CycleEffect.SOMETHING);
    liveness.observe(fleet.snapshot(), CycleEffect.NOTHING);
    assertThat(liveness.verdict()).isEmpty();
    assertThat(liveness.restingCycles()).isEqualTo(1);
  }

  @Test
  void fleetAtItsGoal_thatKeepsChanging_isNotLive() {
    fleet.add("chunk a 0-9 floor=1 marked state=TOMBSTONE");
    liveness.observe(fleet.snapshot(), CycleEffect.SOMETHING);
    assertThat(liveness.verdict()).hasSize(1);
  }

  @Test
  void fleet_shortOfAFloor_isNotLive() {
    fleet.add("worker w,v; chunk a 0-9; copy a@w");
    liveness.observe(fleet.snapshot(), CycleEffect.NOTHING);
    assertThat(liveness.verdict()).extracting(Violation::subject).containsExactly("d/a");
  }

  @Test
  void fleet_withADrainThatNeverEnds_isNotLive() {
    fleet.add("worker w,v,u; chunk a 0-9; copy a@w; copy a@v; copy a@u superseded=5 released=5");
    liveness.observe(fleet.snapshot(), CycleEffect.NOTHING);
    assertThat(liveness.verdict()).hasSize(1);
  }

  @Test
  void fleet_withADropThatNeverEnds_isNotLive() {
    fleet.add("chunk a 0-9 marked state=DROPPED windowEnd=3");
    liveness.observe(fleet.snapshot(), CycleEffect.NOTHING);
    assertThat(liveness.verdict()).hasSize(1);
  }

  @Test
  void verdict_withoutACycle_isTheCallersMistake() {
    assertThatThrownBy(liveness::verdict).isInstanceOf(IllegalStateException.class);
  }
}
