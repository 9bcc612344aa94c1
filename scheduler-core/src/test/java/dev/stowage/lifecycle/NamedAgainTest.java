package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.documents.RoutesDocument;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A worker that the newest portal assignment names loses its replica, or its disk, and is named
 * again before the next one: portals would read the same, so that no id is minted.
 */
class NamedAgainTest {
  private final SmallWorld world = SmallWorld.routedToTwoOfThree();

  private void returnEmpty(String name) {
    world.disk(name).diskId = "another-" + world.now;
    world.disk(name).bytes.clear();
    world.register(name);
  }

  @Test
  void twoThatWent_andTwoThatCame_areNone() {
    returnEmpty("c");
    returnEmpty("a");
    world.schedule();
    world.fetchAll();
    assertThat(world.publish().minted()).isEmpty();
  }

  @Test
  void workerThatRoutesName_keepsItsRow_untilTheyDoNot() {
    for (String name : List.of("c", "a")) {
      world.status(name, WorkerStatus.DEPARTED);
    }
    world.schedule();
    world.now += 10;
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.workerPosition(WorkerId.of("a"))).isNotEqualTo(LifecycleView.NONE);
    RoutesDocument told = world.state.portalAssignment().full();
    world.state = world.loaded();
    assertThat(world.state.portalAssignment().full()).isEqualTo(told);
    assertThat(told.put().get(0).workers()).containsExactly(WorkerId.of("a"), WorkerId.of("c"));
    assertThat(world.publish().minted()).isPresent();
    assertThat(world.routes("d/c")).isEmpty();
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.workerPosition(WorkerId.of("a"))).isEqualTo(LifecycleView.NONE);
  }
}
