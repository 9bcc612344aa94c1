package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.command.Command;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.state.WorkerTable;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerId;
import dev.stowage.store.FleetView;
import dev.stowage.store.StorageException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A slice that is not what its checksum says is served to nobody, and makes no mirror. */
class SlicesAddUpTest {
  private static final WorkerId A = WorkerId.of("a");

  private final SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");

  @BeforeEach
  void fill() {
    world.ingest("d/c1", 0, 9);
    world.settle();
  }

  /** As if a replica had come or gone beside the books. */
  private void falsify() {
    falsify(world.state);
  }

  private static void falsify(LifecycleState state) {
    WorkerTable workers = state.tables().workers;
    int a = workers.find(A);
    workers.sliceSum(a, workers.sliceSum(a) + 1);
  }

  /** Past the world, which would see that the digest is another one. */
  private void place(String id, long first) {
    for (Command<?> command :
        List.of(
            new Command.Ingest(List.of(SmallWorld.chunk("d/" + id, first, first + 9))),
            new LeaderCommand.Schedule())) {
      assertThat(
              world
                  .lifecycle
                  .execute(world.state, command, Tick.of(world.now))
                  .result()
                  .isAccepted())
          .isTrue();
    }
  }

  @Test
  void sliceOfAnotherSum_isRefused_whole_andAsADelta() {
    WorkerAssignmentId known = world.state.workerAssignment().id();
    falsify();
    place("c2", 10);
    FleetView view = new FleetView(world.state);
    assertThatThrownBy(() -> view.slice(A))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("worker a ");
    assertThatThrownBy(() -> view.sliceSince(A, view.lineage(), known))
        .isInstanceOf(StorageException.Corrupt.class)
        .hasMessageContaining("worker a ");
    assertThatThrownBy(() -> view.sliceSince(A, view.lineage(), WorkerAssignmentId.of(99)))
        .as("in full, for want of what it starts from")
        .isInstanceOf(StorageException.Corrupt.class);
    assertThat(view.slice(WorkerId.of("b"))).as("the others are served").isPresent();
  }

  /** Tests that an error before both ends of a delta shows only in the full document. */
  @Test
  void deltaBetweenTwoOfAnotherSum_isNoReasonToServeTheWhole() {
    falsify();
    place("c2", 10);
    WorkerAssignmentId known = world.state.workerAssignment().id();
    place("c3", 20);
    FleetView view = new FleetView(world.state);
    assertThat(view.sliceSince(A, view.lineage(), known).orElseThrow().put()).hasSize(1);
    assertThatThrownBy(() -> view.slice(A)).isInstanceOf(StorageException.Corrupt.class);
  }

  @Test
  void rowsOfAnotherSum_makeNoMirror() {
    assertThat(LifecycleState.load(world.state.fleetRow(), world.state.rows()).digest())
        .isEqualTo(world.state.digest());
    falsify();
    assertThatThrownBy(() -> LifecycleState.load(world.state.fleetRow(), world.state.rows()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("worker a do not add up");
  }

  @Test
  void changeSetOfAnotherSum_isNotFollowed() {
    world.ingest("d/c2", 10, 19);
    LifecycleState follower = LifecycleState.load(world.state.fleetRow(), world.state.rows());
    world.schedule();
    ChangeSet placed = world.lastChanges;
    falsify(follower);
    assertThatThrownBy(() -> follower.apply(placed))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("worker a ");
  }
}
