package dev.stowage.sim.tool.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Result.BudgetInForce;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunRecordTest {
  private static final long ROUND = 60;

  @Test
  void ticksUntilWhole_afterAGapBelowTheFloor_countFromTheBeginningOfTheEvent() {
    RunRecord run = run(0, 0, /* the event: */ 0, 5, 3, 0, 0);
    assertThat(run.ticksUntilWhole(event(3, 7))).isEqualTo(4 * ROUND);
    assertThat(run.begunAt(event(3, 7))).isEqualTo(2 * ROUND);
    assertThat(run.mostUnderFloor(event(3, 7))).isEqualTo(5);
    assertThat(run.mostUnderFloor(event(1, 2))).isZero();
  }

  @Test
  void ticksUntilWhole_ofAnEventThatDisturbsNothing_areZero() {
    assertThat(run(0, 0, 0).ticksUntilWhole(event(2, 3))).isZero();
  }

  @Test
  void ticksUntilWhole_ofAnEventThatEndsBelowTheFloor_areNever() {
    assertThat(run(0, 0, 1).ticksUntilWhole(event(1, 3))).isEqualTo(RunRecord.NEVER);
  }

  @Test
  void ticksUntilWhole_ofTheFirstEvent_countFromTickZero() {
    assertThat(run(1, 0, 0).ticksUntilWhole(event(1, 3))).isEqualTo(2 * ROUND);
  }

  @Test
  void shownFrom_ofARunThatBeginsWithAFill_isTheCycleAfterIt() {
    assertThat(SampleRun.of("r", List.of()).shownFrom()).isEqualTo(21);
  }

  @Test
  void shownFrom_ofARunWithoutEvents_isTheFirstCycle() {
    assertThat(run(0, 0).shownFrom()).isEqualTo(1);
  }

  @Test
  void workersByZone_ofAnyFleet_areTogetherByZoneAndInOrderOfNameWithin() {
    assertThat(SampleRun.of("r", List.of()).workersByZone())
        .extracting(each -> each.zone() + " " + each.name())
        .isSorted()
        .hasSize(62);
  }

  private static EventRecord event(long first, long last) {
    return new EventRecord("e", "e", first, last, 0, 0, 0, 0);
  }

  /** Returns a run of a cycle for each number of chunks below their floor. */
  private static RunRecord run(long... underFloor) {
    List<CycleRecord> cycles = new ArrayList<>();
    for (int i = 0; i < underFloor.length; i++) {
      cycles.add(
          new CycleRecord(
              i + 1,
              (i + 1) * ROUND,
              BudgetInForce.NONE,
              new TreeMap<>(),
              new TreeMap<>(),
              0,
              new ReplicaCounts(9, 0, 0, 0),
              new ChunkCounts(9, 9, 0, underFloor[i], 0, 0, 0),
              0,
              0,
              0,
              0,
              0,
              0,
              new TreeMap<>(),
              new TreeMap<>(),
              0,
              List.of(),
              ""));
    }
    return new RunRecord(
        "r",
        "",
        1,
        Map.of(),
        List.of(),
        cycles,
        List.of(),
        List.of(),
        new RunTotals(0, 0, 0, 0, 0, 0, false, 1, 1),
        new LastPlan(List.of(), List.of(), List.of(), List.of()),
        new RunTiming(0, 0, 0, 0, 0),
        false,
        List.of(),
        new TreeMap<>(),
        List.of());
  }
}
