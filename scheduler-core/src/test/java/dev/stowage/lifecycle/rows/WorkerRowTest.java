package dev.stowage.lifecycle.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.state.RowDrafts;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.pressure.PressureBand;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerRowTest {
  private static final Set<String> REPORTED =
      Set.of(
          "lastApplied",
          "caughtUp",
          "lastReport",
          "lastSeenTick",
          "heard",
          "pending",
          "sliceSum",
          "pressure");

  /** For each component a value that no row of {@link RowDrafts} has. */
  private static final Map<String, Object> OTHERS =
      Map.ofEntries(
          Map.entry("position", 99),
          Map.entry("description", Worker.of(WorkerId.of("w"), 77)),
          Map.entry("absence", WorkerStatus.SUSPECT),
          Map.entry("absentSince", 5L),
          Map.entry("incarnation", Incarnation.of(6)),
          Map.entry("diskId", "another"),
          Map.entry("lastApplied", 8L),
          Map.entry("caughtUp", true),
          Map.entry("owesInventory", true),
          Map.entry("publishedIncarnation", 9L),
          Map.entry("inventoryReport", 10L),
          Map.entry("orphans", List.of(new ChunkNumber(RowDrafts.LINEAGE, 4))),
          Map.entry("sliceSum", 13L),
          Map.entry("lastReport", 11L),
          Map.entry("lastSeenTick", 12L),
          Map.entry("heard", true),
          Map.entry(
              "pending", List.of(new PendingReport(PendingReport.Kind.LOST, 11, 0, List.of()))),
          Map.entry("departure", WorkerRow.Departure.CONFIRMED),
          Map.entry("pressure", new ObservedPressure(PressureBand.HIGH, 14)),
          Map.entry("toldZone", "told"),
          Map.entry("awayUntil", 15L),
          Map.entry("leastCopies", 16));

  @Test
  void whatReportsChange_isToldFromWhatTheyDoNot_componentByComponent() throws Exception {
    WorkerRow row = RowDrafts.worker(3, "w");
    assertThat(differsInReportsOnly(row, row)).isTrue();
    for (RecordComponent component : WorkerRow.class.getRecordComponents()) {
      WorkerRow changed = with(row, component.getName());
      assertThat(changed).as(component.getName()).isNotEqualTo(row);
      assertThat(differsInReportsOnly(changed, row))
          .as(component.getName())
          .isEqualTo(REPORTED.contains(component.getName()));
      assertThat(differsInReportsOnly(row, changed))
          .as(component.getName())
          .isEqualTo(REPORTED.contains(component.getName()));
    }
  }

  @Test
  void changeSet_saysOfWhichWorkersOnlyReportsAreNew() {
    LifecycleState state = LifecycleState.empty(RandomStory.quiet().build(), RowDrafts.LINEAGE);
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    WorkerId worker = WorkerId.of("w");
    ChangeSet joined = run(lifecycle, state, Command.Describe.of(Worker.of(worker, 1_000)));
    assertThat(joined.isReportOnly(0)).isFalse();
    assertThat(run(lifecycle, state, new Command.Register(worker, "disk")).isReportOnly(0))
        .isFalse();
    ReportHeader header = new ReportHeader(worker, Incarnation.of(1), RowDrafts.LINEAGE, 1);
    assertThat(run(lifecycle, state, new Command.Heartbeat(header)).isReportOnly(0)).isTrue();
    assertThat(run(lifecycle, state, Command.Describe.of(Worker.of(worker, 2_000))).isReportOnly(0))
        .isFalse();
  }

  private static ChangeSet run(Lifecycle lifecycle, LifecycleState state, Command<?> command) {
    Lifecycle.Outcome<?> outcome = lifecycle.execute(state, command, Tick.of(1));
    assertThat(outcome.changes().workers()).hasSize(1);
    return outcome.changes();
  }

  private static WorkerRow with(WorkerRow row, String changed) throws Exception {
    List<Class<?>> types = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : WorkerRow.class.getRecordComponents()) {
      types.add(component.getType());
      values.add(
          component.getName().equals(changed)
              ? OTHERS.get(changed)
              : component.getAccessor().invoke(row));
    }
    return WorkerRow.class
        .getDeclaredConstructor(types.toArray(Class<?>[]::new))
        .newInstance(values.toArray());
  }

  private static boolean differsInReportsOnly(WorkerRow one, WorkerRow other) {
    return (WorkerRow.SHAPE.changed(one, other) & ~WorkerRow.REPORTED) == 0;
  }
}
