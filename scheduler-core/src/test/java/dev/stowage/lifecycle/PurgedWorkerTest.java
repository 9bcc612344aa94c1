package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.lifecycle.state.PurgedLives;
import dev.stowage.model.Incarnation;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A worker whose row was purged comes again: what its former life says is not believed. */
class PurgedWorkerTest {
  private final SmallWorld world =
      new SmallWorld(c -> c.minReplication(1).retention(RetentionHorizons.ofTicks(5)));

  /** b possesses the chunk in its first life, departs, is purged, and begins with another disk. */
  private ReportHeader purgedAndBack() {
    world.workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    ReportHeader former = world.header("b");
    assertThat(former.incarnation()).isEqualTo(Incarnation.of(1));
    world.status("b", WorkerStatus.DEPARTED);
    world.disks.remove("b");
    world.settle();
    world.now += 10;
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.workerPosition(WorkerId.of("b"))).isEqualTo(LifecycleView.NONE);
    return new ReportHeader(
        former.worker(), former.incarnation(), former.lineage(), former.number() + 100);
  }

  @Test
  void lateReport_beforeTheNextLifeBegins_isOldToo() {
    ReportHeader former = purgedAndBack();
    world.run(
        Command.Describe.of(dev.stowage.model.Worker.of(former.worker(), 10 * SmallWorld.MIB)));
    Command<?> late = new Command.Applied(former, WorkerAssignmentId.of(1), List.of());
    assertThat(world.run(late).code()).isEqualTo(ResultCode.OLD_INCARNATION);
  }

  @Test
  void lives_areCountedFromOne_whereNobodyWasPurged() {
    world.workers(10, "a");
    assertThat(world.disk("a").incarnation).isEqualTo(Incarnation.of(1));
    world.disk("a").diskId = "another";
    assertThat(world.register("a").incarnation()).isEqualTo(Incarnation.of(2));
  }

  @Test
  void purgedLives_areKeptByTheRows() {
    purgedAndBack();
    LifecycleState loaded = LifecycleState.load(world.state.fleetRow(), world.state.rows());
    assertThat(PurgedLives.largest(loaded.tables().fleet)).isEqualTo(1);
    assertThat(loaded.digest()).isEqualTo(world.state.digest());
  }
}
