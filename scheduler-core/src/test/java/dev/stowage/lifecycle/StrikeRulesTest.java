package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.KeepApart;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Section 3 of the lifecycle design: what is struck from a plan when something came between the
 * plan and its commit, and what stands. Each rule that strikes has its near miss.
 */
class StrikeRulesTest {
  /** A plan that waits for its commit. */
  private record Pending(SmallWorld world, CyclePlan from, PlacementPlan plan) {
    static Pending of(SmallWorld world) {
      Tick now = Tick.of(world.now);
      CyclePlan from = world.lifecycle.prepare(world.state, PlanningAdvice.NONE, now).orElseThrow();
      return new Pending(world, from, from.plan());
    }

    Result.Scheduled commit() {
      Lifecycle.Outcome<Result.Scheduled> outcome =
          world.lifecycle.decide(world.state, from.command(), from, Tick.of(world.now));
      assertThat(world.state.digest()).isEqualTo(world.state.fullDigest());
      return outcome.result();
    }

    /** The worker of the one action of this kind. */
    String worker(ActionKind kind) {
      String found = "";
      for (int action = 0; action < plan.actionCount(); action++) {
        if (plan.kind(action) == kind) {
          assertThat(found).as("another %s", kind).isEmpty();
          found = from.worker(plan.actionWorker(action)).value();
        }
      }
      assertThat(found).as("no %s", kind).isNotEmpty();
      return found;
    }

    Reason reason(ActionKind kind) {
      for (int action = 0; action < plan.actionCount(); action++) {
        if (plan.kind(action) == kind) {
          return plan.reason(action);
        }
      }
      throw new AssertionError("no " + kind);
    }
  }

  private static SmallWorld full(UnaryOperator<LifecycleConfig.Builder> options) {
    PlacementConfig all = PlacementConfig.builder().saturation(1.0).build();
    return new SmallWorld(c -> options.apply(c.placement(all)));
  }

  private static Result.Scheduled committed(SmallWorld world, Consumer<SmallWorld> meanwhile) {
    Pending pending = Pending.of(world);
    meanwhile.accept(world);
    return pending.commit();
  }

  // --- preemptions

  /** x is shown from a; its bonus on b was never downloaded, and is to make room for y. */
  private static SmallWorld withUnreadBonus() {
    SmallWorld world = full(c -> c).workers(1, "a", "b");
    world.ingest("d/x", 0, 9);
    world.schedule();
    world.fetch("a");
    world.publish();
    assertThat(world.routes("d/x")).containsExactly("a");
    assertThat(world.holders("d/x")).containsExactly("a", "b");
    world.ingest("d/y", 10, 19);
    return world;
  }

  @Test
  void unreadBonus_isPreempted() {
    SmallWorld world = withUnreadBonus();
    Result.Scheduled cycle = committed(world, it -> {});
    assertThat(cycle.struck()).isZero();
    assertThat(cycle.movement().preempted()).isEqualTo(1);
    assertThat(cycle.movement().lastResort()).isZero();
    assertThat(cycle.minted()).isPresent();
    assertThat(world.holders("d/x")).containsExactly("a");
    assertThat(world.holders("d/y")).containsExactly("b");
  }

  @Test
  void bonusThatIsRoutedMeanwhile_isNoLongerPreemptedForANewChunk() {
    SmallWorld world = withUnreadBonus();
    Result.Scheduled cycle = committed(world, it -> it.fetch("b"));
    assertThat(cycle.struck()).isEqualTo(2);
    assertThat(cycle.movement().preempted()).isZero();
    assertThat(cycle.minted()).isEmpty();
    assertThat(world.holders("d/x")).containsExactly("a", "b");
    assertThat(world.holders("d/y")).isEmpty();
  }

  @Test
  void preemptionOfAReplicaThatIsGone_isStruck() {
    SmallWorld world = withUnreadBonus();
    Pending pending = Pending.of(world);
    assertThat(pending.worker(ActionKind.PREEMPT)).isEqualTo("b");
    world.status("b", WorkerStatus.DEPARTED);
    Result.Scheduled cycle = pending.commit();
    assertThat(cycle.struck()).isEqualTo(2);
    assertThat(cycle.movement().preempted()).isZero();
    assertThat(world.holders("d/x")).containsExactly("a");
    assertThat(world.holders("d/y")).isEmpty();
  }

  /** y has lost its only bytes; x, shown from a and b, and draining on e, is to give way to it. */
  private static SmallWorld withReadableBonus() {
    SmallWorld world = full(c -> c.drainWindowTicks(50)).workers(1, "a", "b", "e");
    world.ingest("d/x", 0, 9);
    world.schedule();
    world.fetchAll();
    world.publish();
    assertThat(world.routes("d/x")).containsExactly("a", "b", "e");
    world.workers(4, "c");
    ban(world, "d/x", "c");
    world.ingest("d/y", 10, 19);
    world.schedule();
    world.fetchAll();
    world.publish();
    assertThat(world.routes("d/y")).containsExactly("c");
    world.status("e", WorkerStatus.LEAVING);
    world.now++;
    world.schedule();
    world.publish();
    assertThat(world.replicas("d/x")).containsEntry("e", ReplicaState.DRAINING);
    world.status("c", WorkerStatus.DEPARTED);
    world.now++;
    assertThat(world.routes("d/x")).containsExactly("a", "b");
    return world;
  }

  @Test
  void readableBonus_isPreemptedAsALastResort_andCounted() {
    SmallWorld world = withReadableBonus();
    Pending pending = Pending.of(world);
    assertThat(pending.reason(ActionKind.PREEMPT)).isEqualTo(Reason.READABLE);
    String victim = pending.worker(ActionKind.PREEMPT);
    Result.Scheduled cycle = pending.commit();
    assertThat(cycle.struck()).isZero();
    assertThat(cycle.movement().lastResort()).isEqualTo(1);
    assertThat(world.holders("d/x")).doesNotContain(victim).hasSize(2);
    assertThat(world.holders("d/y")).containsExactly(victim);
  }

  /** The deletion rule would let it go: the bytes that drain on e would be left. */
  @Test
  void readableBonus_whoseChunkWouldKeepNoRoutedFloor_isNotPreempted() {
    SmallWorld world = withReadableBonus();
    Pending pending = Pending.of(world);
    String victim = pending.worker(ActionKind.PREEMPT);
    world.lose(victim.equals("a") ? "b" : "a", "d/x");
    Result.Scheduled cycle = pending.commit();
    assertThat(cycle.struck()).isEqualTo(2);
    assertThat(cycle.movement().lastResort()).isZero();
    assertThat(world.holders("d/x")).contains(victim);
    assertThat(world.holders("d/y")).isEmpty();
  }

  /** Its window ends between the plan and the commit: it goes by itself, and no last resort is. */
  @Test
  void preemptionOfWhatGoesAnyway_countsNoLastResort() {
    SmallWorld world = full(c -> c.drainWindowTicks(4)).workers(1, "a", "b");
    world.ingest("d/x", 0, 9);
    world.schedule();
    world.fetchAll();
    world.publish();
    world.workers(1, "c");
    ban(world, "d/x", "c");
    world.ingest("d/y", 10, 19);
    world.schedule();
    world.fetchAll();
    world.publish();
    ban(world, "d/y", "a");
    ban(world, "d/x", "b");
    world.schedule();
    world.publish();
    assertThat(world.replicas("d/x")).containsEntry("b", ReplicaState.DRAINING);
    world.status("c", WorkerStatus.DEPARTED);
    world.now += 3;
    Pending pending = Pending.of(world);
    assertThat(pending.worker(ActionKind.PREEMPT)).isEqualTo("b");
    world.now++;
    Result.Scheduled cycle = pending.commit();
    assertThat(cycle.struck()).isZero();
    assertThat(cycle.movement().lastResort()).isZero();
    assertThat(cycle.movement().preempted()).isEqualTo(1);
    assertThat(cycle.movement().settled()).isZero();
    assertThat(world.holders("d/x")).containsExactly("a");
    assertThat(world.holders("d/y")).containsExactly("b");
  }

  // --- additions and re-adoptions

  /** The last of a plan give way first. */
  @Test
  void roomForOneOfTwo_isGivenToTheFirst() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    Worker smaller = Worker.of(WorkerId.of("a"), SmallWorld.MIB);
    Result.Scheduled cycle = committed(world, it -> it.run(Command.Describe.of(smaller)));
    assertThat(cycle.struck()).isEqualTo(1);
    assertThat(world.holders("d/c")).containsExactly("a");
    assertThat(world.holders("d/e")).isEmpty();
    assertThat(cycle.movement().added()).isEqualTo(1);
    assertThat(cycle.movement().bytesAdded()).isEqualTo(SmallWorld.MIB);
  }

  @Test
  void roomThatIsJustEnough_isEnough() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    Worker smaller = Worker.of(WorkerId.of("a"), 2 * SmallWorld.MIB);
    Result.Scheduled cycle = committed(world, it -> it.run(Command.Describe.of(smaller)));
    assertThat(cycle.struck()).isZero();
    assertThat(world.holders("d/e")).containsExactly("a");
    assertThat(cycle.movement().bytesAdded()).isEqualTo(2 * SmallWorld.MIB);
  }

  @Test
  void roomInReplicasForOneOfTwo_isGivenToTheFirst() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.ingest("d/e", 10, 19);
    Worker limited = Worker.of(WorkerId.of("a"), 10 * SmallWorld.MIB).withMaxReplicas(1);
    Result.Scheduled cycle = committed(world, it -> it.run(Command.Describe.of(limited)));
    assertThat(cycle.struck()).isEqualTo(1);
    assertThat(world.holders("d/c")).containsExactly("a");
    assertThat(world.holders("d/e")).isEmpty();
  }

  @Test
  void datasetsThatAreKeptApartMeanwhile_getNoNewNeighbours() {
    SmallWorld world = full(c -> c.minReplication(1).maxReplication(1)).workers(10, "a");
    world.ingest("lake/c", 0, 9);
    world.settle();
    world.ingest("logs/c", 0, 9);
    world.ingest("lake/e", 10, 19);
    LifecycleConfig now = world.state.config();
    PlacementConfig apart =
        now.placement().toBuilder()
            .set(KeepApart.PAIRS, List.of(KeepApart.Pair.of("lake<>logs")))
            .build();
    Result.Scheduled cycle =
        committed(
            world,
            it ->
                it.run(
                    new Command.Configure(
                        it.state.configVersion(), now.toBuilder().placement(apart).build())));
    assertThat(cycle.struck()).isEqualTo(1);
    assertThat(world.holders("logs/c")).isEmpty();
    assertThat(world.holders("lake/e")).containsExactly("a");
  }

  private static SmallWorld inDomains() {
    PlacementConfig limited =
        PlacementConfig.builder().saturation(1).maxPerDomain(Map.of(1, 1)).build();
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(1).maxReplication(1).placement(limited));
    return world.workers(10, "a", "b");
  }

  private static Command.Describe in(String worker, String zone) {
    Worker plain = Worker.of(WorkerId.of(worker), 10 * SmallWorld.MIB);
    return Command.Describe.of(plain.withZone(zone));
  }

  @Test
  void zonesThatBecomeOne_takeOneOfTwoNewCopies_soTheNewChunkIsStruckWhole() {
    SmallWorld world = inDomains();
    world.run(
        new Command.Configure(
            world.state.configVersion(),
            world.state.config().toBuilder().minReplication(2).build()));
    world.ingest("d/c", 0, 9);
    Result.Scheduled cycle =
        committed(
            world,
            it -> {
              it.run(in("a", "z"));
              it.run(in("b", "z"));
            });
    assertThat(cycle.struck()).isEqualTo(2);
    assertThat(world.holders("d/c")).isEmpty();
  }

  @Test
  void moveIntoADomainThatIsFullMeanwhile_isStruckWithItsSupersede() {
    SmallWorld world = inDomains();
    world.run(
        new Command.Configure(
            world.state.configVersion(),
            world.state.config().toBuilder().minReplication(2).maxReplication(2).build()));
    world.ingest("d/c", 0, 9);
    world.settle();
    world.workers(10, "e");
    world.run(new Command.SetStatus(WorkerId.of("a"), WorkerStatus.LEAVING));
    Result.Scheduled cycle =
        committed(
            world,
            it -> {
              it.run(in("b", "z"));
              it.run(in("e", "z"));
            });
    assertThat(cycle.struck()).isEqualTo(2);
    assertThat(world.holders("d/c")).containsExactly("a", "b");
  }

  @Test
  void moveIntoADomainThatHasNone_stands() {
    SmallWorld world = inDomains();
    world.ingest("d/c", 0, 9);
    world.settle();
    String holder = world.holders("d/c").iterator().next();
    world.workers(10, "e");
    world.run(new Command.SetStatus(WorkerId.of(holder), WorkerStatus.LEAVING));
    Result.Scheduled cycle =
        committed(
            world,
            it -> {
              for (String each : List.of("a", "b", "e")) {
                it.run(in(each, "z"));
              }
            });
    assertThat(cycle.struck()).isZero();
    assertThat(cycle.movement().superseded()).isEqualTo(1);
  }

  @Test
  void roomThatIsTaken_isNoRoom() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.ingest("d/e", 10, 19);
    Worker smaller = Worker.of(WorkerId.of("a"), SmallWorld.MIB);
    assertThat(committed(world, it -> it.run(Command.Describe.of(smaller))).struck()).isEqualTo(1);
    assertThat(world.holders("d/e")).isEmpty();
  }

  @Test
  void additionToAWorkerThatWasPurged_isStruck() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(RetentionHorizons.ofTicks(0))).workers(10, "a");
    world.ingest("d/c", 0, 9);
    Pending pending = Pending.of(world);
    world.status("a", WorkerStatus.DEPARTED);
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.workerPosition(WorkerId.of("a"))).isEqualTo(LifecycleView.NONE);
    assertThat(pending.commit().struck()).isEqualTo(1);
    assertThat(world.holders("d/c")).isEmpty();
  }

  /** Its position, and its key, are another chunk's now. */
  @Test
  void additionOfAChunkThatWasPurged_isNotAnAdditionOfTheNextOne() {
    SmallWorld world =
        new SmallWorld(c -> c.retention(RetentionHorizons.ofTicks(0))).workers(10, "a");
    world.ingest("d/c", 0, 9);
    Pending pending = Pending.of(world);
    world.remove("d/c");
    Lifecycle other = new Lifecycle(PlacementPlanner.sticky());
    other.execute(world.state, new LeaderCommand.Schedule(), Tick.of(world.now));
    world.run(new LeaderCommand.Purge());
    assertThat(world.state.chunkPosition(SmallWorld.key("d/c"))).isNegative();
    world.ingest("d/c", 0, 9);
    assertThat(pending.commit().struck()).isEqualTo(1);
    assertThat(world.holders("d/c")).isEmpty();
    assertThat(world.schedule().movement().added()).isEqualTo(1);
  }

  @Test
  void additionOfWhatAnInventoryShowsMeanwhile_isAReadoption_evenOnACordonedWorker() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/c", 0, 9);
    Result.Scheduled cycle =
        committed(
            world,
            it -> {
              it.disk("a").bytes.add(it.number("d/c"));
              it.inventory("a");
              it.status("a", WorkerStatus.CORDONED);
            });
    assertThat(cycle.struck()).isZero();
    assertThat(cycle.movement().added()).isZero();
    assertThat(cycle.movement().readopted()).isEqualTo(1);
    assertThat(world.replicas("d/c")).containsExactly(Map.entry("a", ReplicaState.ASSIGNED));
  }

  /** x drains on a, which takes it back. */
  private static SmallWorld withReadoption() {
    SmallWorld world = new SmallWorld(c -> c.drainWindowTicks(50)).workers(2, "a", "b");
    world.run(Command.Describe.of(Worker.of(WorkerId.of("b"), 4 * SmallWorld.MIB)));
    world.ingest("d/x", 0, 9);
    world.schedule();
    world.fetchAll();
    world.publish();
    return world;
  }

  @Test
  void readoption_clearsTheStampsAndKeepsSince() {
    SmallWorld world = withReadoption();
    long since = world.state.since(world.replica("d/x", "a"));
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    world.publish();
    assertThat(world.replicas("d/x")).containsEntry("a", ReplicaState.DRAINING);
    assertThat(world.state.supersededAt(world.replica("d/x", "a"))).isPositive();
    world.status("a", WorkerStatus.ACTIVE);
    Result.Scheduled cycle = committed(world, it -> {});
    assertThat(cycle.struck()).isZero();
    assertThat(cycle.movement().readopted()).isEqualTo(1);
    assertThat(cycle.minted()).isEmpty();
    assertThat(world.replicas("d/x")).containsEntry("a", ReplicaState.ASSIGNED);
    assertThat(world.state.since(world.replica("d/x", "a"))).isEqualTo(since);
  }

  private static void ban(SmallWorld world, String chunk, String worker) {
    PlacementWish wish =
        PlacementWish.of(PlacementWish.Kind.BAN, SmallWorld.key(chunk), WorkerId.of(worker));
    assertThat(world.run(new Command.Wish(wish, Command.ANY_VERSION)).isAccepted()).isTrue();
  }
}
