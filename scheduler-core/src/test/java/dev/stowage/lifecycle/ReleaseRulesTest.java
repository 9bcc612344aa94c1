package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.config.WeightPolicy;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerStatus;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Section 4, by what one visibility cycle alone looks at. */
class ReleaseRulesTest {
  /** a holds it and leaves; b and c are to have it. */
  private static SmallWorld moving() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "b", "c");
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(world.replicas("d/c"))
        .containsEntry("a", ReplicaState.SUPERSEDED)
        .containsEntry("b", ReplicaState.ASSIGNED)
        .containsEntry("c", ReplicaState.ASSIGNED);
    world.publish();
    return world;
  }

  /** Where it does not count itself, routes are enough that do not count either. */
  @Test
  void supersededReplica_onASuspectWorker_waitsForRoutesAlone() {
    SmallWorld world = moving();
    world.fetch("b");
    world.publish();
    world.fetch("c");
    for (String name : List.of("a", "b", "c")) {
      world.status(name, WorkerStatus.SUSPECT);
    }
    assertThat(world.publish().released()).isEqualTo(1);
    assertThat(world.routes("d/c")).containsExactly("b", "c");
  }

  @Test
  void replica_thatIsProved_isRouted_byTheCycleThatTakesTheReport() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "b");
    world.schedule();
    world.publish();
    world.fetch("b");
    Result.Published routed = world.publish();
    assertThat(routed.minted()).isPresent();
    assertThat(world.lastChanges.mintedPortalAssignment()).isEqualTo(routed.minted());
    assertThat(world.routes("d/c")).containsExactly("a", "b");
    assertThat(world.publish().minted()).isEmpty();
    assertThat(world.lastChanges.mintedPortalAssignment()).isEmpty();
  }

  @Test
  void endOfAChunkWithoutRoutes_isAChange() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.lose("a", "d/c");
    assertThat(world.publish().unavailable()).containsExactly(SmallWorld.key("d/c"));
    long before = world.state.newestPortalAssignment().value();
    world.remove("d/c");
    Result.Published dropped = world.publish();
    assertThat(dropped.dropped()).containsExactly(SmallWorld.key("d/c"));
    assertThat(dropped.minted()).isPresent();
    assertThat(world.state.newestPortalAssignment().value()).isEqualTo(before + 1);
  }

  /** Nothing else happens to it: its floor is another one since the dataset went on. */
  @Test
  void chunkThatSlidesToALowerFloor_isShownByTheNextCycle() {
    WeightPolicy policy =
        WeightPolicy.builder()
            .segment(
                DatasetId.of("d"),
                new WeightPolicy.Segment(-10, 4, OptionalInt.of(2), Eligibility.ANY))
            .build();
    SmallWorld world = new SmallWorld(c -> c.weights(policy)).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.schedule();
    world.fetch("a");
    assertThat(world.publish().promoted()).isEmpty();
    world.ingest("d/n", 10, 19);
    int newest = world.state.chunkPosition(SmallWorld.key("d/n"));
    assertThat(world.state.weight(newest)).isEqualTo(4);
    assertThat(world.publish().promoted()).containsExactly(SmallWorld.key("d/c"));
  }

  /** The first row of all is what the second swap rests on. */
  @Test
  void swapOverTheVeryFirstRow_waitsForTheSwapThatMakesIt() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(RetentionHorizons.ofTicks(0))).workers(10, "a");
    world.ingest("d/x", 50, 59);
    world.ingest("d/c", 0, 9);
    world.remove("d/x");
    world.settle();
    world.run(new LeaderCommand.Purge());
    world.swap("d", List.of("c"), SmallWorld.chunk("d/m", 0, 9));
    assertThat(world.state.chunkPosition(SmallWorld.key("d/m"))).isZero();
    world.swap("d", List.of("m"), SmallWorld.chunk("d/n", 0, 9));
    world.schedule();
    world.fetchExcept("a", "d/m");
    assertThat(world.publish().fired()).isEmpty();
    world.fetch("a");
    assertThat(world.publish().fired()).containsExactly(1L, 2L);
  }

  @Test
  void floorThatIsRaised_isKnownByWhatItWas() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    LifecycleConfig more = world.state.config().toBuilder().minReplication(2).unchecked();
    world.run(new Command.Configure(Command.ANY_VERSION, more));
    int chunk = world.state.chunkPosition(SmallWorld.key("d/c"));
    assertThat(world.state.formerFloor(chunk)).isEqualTo(1);
  }
}
