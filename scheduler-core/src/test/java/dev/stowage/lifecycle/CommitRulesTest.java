package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.ActionKind;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementPlan;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Section 3 of the lifecycle design: a plan is carried out on the state as it is at commit. */
class CommitRulesTest {
  @Test
  void emptyPlan_doesNotHideWhatCameWhileItWasMade() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.ingest("d/e", 10, 19);
    world.remove("d/e");
    applied(world, it -> it.ingest("d/f", 20, 29));
    world.schedule();
    assertThat(world.holders("d/f")).containsExactly("a");
  }

  @Test
  void deletionWhoseConditionIsGone_isStruckWithWhatWasToUseItsRoom() {
    SmallWorld world =
        new SmallWorld(
            c -> c.minReplication(1).placement(PlacementConfig.builder().saturation(1.0).build()));
    world.workers(1, "a", "b");
    world.ingest("d/x", 0, 9);
    world.schedule();
    world.fetchAll();
    world.schedule();
    assertThat(world.holders("d/x")).containsExactly("a", "b");
    world.ingest("d/y", 10, 19);
    Tick now = Tick.of(world.now);
    CyclePlan from = world.lifecycle.prepare(world.state, PlanningAdvice.NONE, now).orElseThrow();
    PlacementPlan plan = from.plan();
    assertThat(plan.actionCount()).isEqualTo(2);
    int taken = plan.kind(0) == ActionKind.PREEMPT ? 0 : 1;
    String victim = from.worker(plan.actionWorker(taken)).value();
    world.lose(victim.equals("a") ? "b" : "a", "d/x");
    Result.Scheduled cycle = world.lifecycle.apply(world.state, from, now).result();
    assertThat(cycle.struck()).isEqualTo(2);
    assertThat(world.holders("d/x")).contains(victim);
    assertThat(world.holders("d/y")).isEmpty();
  }

  @Test
  void additionToAWorkerThatIsNoLongerPlaceable_isStruckWithTheWholeNewChunk() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    Result.Scheduled cycle = applied(world, it -> it.status("a", WorkerStatus.CORDONED));
    assertThat(cycle.struck()).isEqualTo(2);
    assertThat(world.holders("d/c")).isEmpty();
    assertThat(cycle.minted()).isEmpty();
  }

  @Test
  void additionOfAChunkThatWasMarked_isStruck_andTheRestStands() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    Result.Scheduled cycle = applied(world, it -> it.remove("d/c"));
    assertThat(cycle.struck()).isEqualTo(1);
    assertThat(world.holders("d/c")).isEmpty();
    assertThat(world.holders("d/e")).containsExactly("a");
  }

  @Test
  void newSideOfASwap_isStruckAsAWhole_andWhatRestsOnIt() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.swap("d", List.of("c"), sized("d/n1", 0, 4, 6), sized("d/n2", 5, 9, 6));
    world.swap("d", List.of("n1"), sized("d/o", 0, 4, 1));
    Result.Scheduled cycle = applied(world, it -> it.status("a", WorkerStatus.CORDONED));
    assertThat(world.holders("d/n1")).isEmpty();
    assertThat(world.holders("d/n2")).isEmpty();
    assertThat(world.holders("d/o")).isEmpty();
    assertThat(cycle.struck()).isEqualTo(3);
  }

  @Test
  void roomThatIsGone_strikesTheAddition() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    Worker smaller = Worker.of(WorkerId.of("a"), SmallWorld.MIB / 2);
    Result.Scheduled cycle = applied(world, it -> it.run(Command.Describe.of(smaller)));
    assertThat(cycle.struck()).isEqualTo(1);
    assertThat(world.holders("d/c")).isEmpty();
  }

  @Test
  void moveWhoseTargetIsGone_keepsTheReplicaWhereItIs() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "c");
    world.status("a", WorkerStatus.LEAVING);
    Result.Scheduled cycle = applied(world, it -> it.status("c", WorkerStatus.SUSPECT));
    assertThat(cycle.struck()).isPositive();
    assertThat(world.replicas("d/c"))
        .containsOnlyKeys("a", "b")
        .containsEntry("a", ReplicaState.ASSIGNED);
  }

  @Test
  void bonusLostWithAWorker_isNotMadeAgainEarlierByAMove() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(1).regrowAfterTicks(100)).workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.settle();
    assertThat(world.holders("d/c")).containsExactly("a", "b", "c");
    world.status("a", WorkerStatus.DEPARTED);
    world.schedule();
    world.workers(10, "e", "f");
    world.status("b", WorkerStatus.LEAVING);
    for (int i = 0; i < 20; i++) {
      world.round();
    }
    assertThat(world.holders("d/c")).hasSize(2).doesNotContain("a", "b");
    world.now += 100;
    world.settle();
    assertThat(world.holders("d/c")).hasSize(3);
  }

  @Test
  void restartOfADepartedWorker_costsNoCopy() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(1).regrowAfterTicks(100)).workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.DEPARTED);
    for (int i = 0; i < 10; i++) {
      world.now++;
      world.schedule();
      world.publish();
    }
    assertThat(world.holders("d/c")).containsExactly("b", "c");
    world.register("a");
    world.inventory("a");
    for (int i = 0; i < 20; i++) {
      world.round();
    }
    assertThat(world.replicas("d/c")).containsEntry("a", ReplicaState.ASSIGNED);
  }

  /** A cycle whose plan is made before {@code meanwhile} happens, and carried out after it. */
  static Result.Scheduled applied(SmallWorld world, Consumer<SmallWorld> meanwhile) {
    Tick now = Tick.of(world.now);
    CyclePlan from = world.lifecycle.prepare(world.state, PlanningAdvice.NONE, now).orElseThrow();
    from.plan();
    meanwhile.accept(world);
    Lifecycle.Outcome<Result.Scheduled> outcome = world.lifecycle.apply(world.state, from, now);
    assertThat(world.state.digest()).isEqualTo(world.state.fullDigest());
    return outcome.result();
  }

  private static ProposedChunk sized(String path, long first, long last, long mib) {
    return ProposedChunk.of(
        Chunk.of(SmallWorld.key(path), BlockRange.of(first, last), mib * SmallWorld.MIB));
  }
}
