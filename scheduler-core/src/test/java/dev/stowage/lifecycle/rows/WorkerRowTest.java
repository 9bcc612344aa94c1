package dev.stowage.lifecycle.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.state.RowDrafts;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import org.junit.jupiter.api.Test;

class WorkerRowTest {
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
}
