package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Section 8: what stands of news that is set aside. */
class SettingAsideRulesTest {
  private static final WorkerId A = WorkerId.of("a");

  private final SmallWorld world = SmallWorld.of(1).workers(10, "a", "b");

  private Result.Answer setAside(CommandKind<?, ?> about, WorkerId worker, long lastReport) {
    return world.run(aside(about.number(), Optional.of(worker), lastReport, Optional.empty()));
  }

  private static LeaderCommand.SetAside aside(
      int about, Optional<WorkerId> worker, long lastReport, Optional<String> diskId) {
    return new LeaderCommand.SetAside(
        about, worker, lastReport, diskId, Hash256.ZERO, "as the test says");
  }

  private WorkerRow a() {
    return world.state.workerRow(world.state.workerPosition(A));
  }

  @Test
  void number_ofWhatWasSetAside_neverTakesTheNumberOfReportsBack() {
    setAside(CommandKind.LOST, A, 40);
    setAside(CommandKind.LOST, A, 39);
    assertThat(a().lastReport()).isEqualTo(40);
  }

  @Test
  void news_ofWhichNobodyKnowsTheKind_mayHaveBeenAReport() {
    world.run(aside(0, Optional.of(A), 0, Optional.empty()));
    assertThat(a().owesInventory()).isTrue();
  }

  @Test
  void registration_countsAllTheSame() {
    world.run(aside(CommandKind.REGISTER.number(), Optional.of(A), 0, Optional.of("new disk")));
    assertThat(a().diskId()).isEqualTo("new disk");
  }

  @Test
  void description_thatIsSetAside_leavesNothing() {
    long before = a().lastReport();
    setAside(CommandKind.DESCRIBE, A, 40);
    assertThat(a().owesInventory()).isFalse();
    assertThat(a().lastReport()).isEqualTo(before);
  }

  @Test
  void newsOfNobody_orOfAnUnknownWorker_changesNoWorker() {
    long before = world.state.digest();
    world.run(aside(CommandKind.HEARTBEAT.number(), Optional.empty(), 40, Optional.empty()));
    setAside(CommandKind.HEARTBEAT, WorkerId.of("z"), 40);
    assertThat(world.state.digest()).isEqualTo(before);
  }

  @Test
  void inventoryFromBefore_isForgotten_andALossIsNot() {
    world.ingest("d/c", 0, 9);
    world.settle();
    ChunkNumber number = world.number("d/c");
    world.run(new Command.Lost(world.header("a"), List.of(number)));
    world.run(new Command.InventoryPart(world.header("a"), 1, 2, List.of(number)));
    setAside(CommandKind.HEARTBEAT, A, 0);
    assertThat(a().pending())
        .extracting(PendingReport::kind)
        .containsExactly(PendingReport.Kind.LOST);
    assertThat(a().owesInventory()).isTrue();
  }

  @Test
  void workerThatOwes_isNotReliedOn_untilItsInventoryIsIn() {
    world.ingest("d/c", 0, 9);
    world.settle();
    String holder = world.holders("d/c").iterator().next();
    setAside(CommandKind.HEARTBEAT, WorkerId.of(holder), 0);
    world.schedule();
    assertThat(world.run(new Command.Heartbeat(world.header(holder))).code())
        .isEqualTo(ResultCode.INVENTORY_WANTED);
    assertThat(world.inventory(holder)).isEqualTo(ResultCode.ACCEPTED);
    world.settle();
    assertThat(world.routes("d/c")).contains(holder);
  }

  @Test
  void workerThatDeparted_isNotHeardOfByIt() {
    world.status("a", WorkerStatus.DEPARTED);
    world.schedule();
    setAside(CommandKind.HEARTBEAT, A, 0);
    assertThat(a().owesInventory()).isTrue();
    assertThat(a().heard()).isFalse();
    assertThat(a().status()).isEqualTo(WorkerStatus.DEPARTED);
  }
}
