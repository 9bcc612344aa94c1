package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.Leaving;
import dev.stowage.answer.Leaving.Part;
import dev.stowage.answer.Leaving.StuckPart;
import dev.stowage.answer.Leaving.Verdict;
import dev.stowage.answer.Leaving.Verdict.Code;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason;
import dev.stowage.lifecycle.answering.Explainer;
import dev.stowage.lifecycle.answering.LeavingCounter;
import dev.stowage.lifecycle.answering.LeavingJudge;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A worker that leaves: what is still to go waits for one thing at a time, and is counted once. */
class LeavingTest {
  private static final Part ONE = new Part(1, SmallWorld.MIB);

  private static Leaving leaving(SmallWorld world, String worker) {
    return LeavingCounter.of(world.state, WorkerId.of(worker), world.lifecycle.forecast())
        .orElseThrow();
  }

  private static List<Code> codes(SmallWorld world, String... workers) {
    List<WorkerId> ids = Arrays.stream(workers).map(WorkerId::of).toList();
    List<Verdict> verdicts = verdicts(world, ids);
    for (int i = 0; i < workers.length; i++) {
      assertThat(leaving(world, workers[i]).verdict()).as("alone").isEqualTo(verdicts.get(i));
    }
    return verdicts.stream().map(Verdict::code).toList();
  }

  private static Code why(SmallWorld world, String worker) {
    return codes(world, worker).get(0);
  }

  private static List<Verdict> verdicts(SmallWorld world, List<WorkerId> workers) {
    return new LeavingJudge(world.state).judge(workers);
  }

  /** Returns the answer that another process gets. */
  private static Leaving shown(SmallWorld world, String worker) {
    return LeavingCounter.of(world.state, WorkerId.of(worker), Forecast.NONE).orElseThrow();
  }

  /** Floor 2 on a and b, settled, and a third worker that is empty. */
  private static SmallWorld twoOfThree() {
    SmallWorld world =
        new SmallWorld(config -> config.minReplication(2).maxReplication(2).drainWindowTicks(5));
    world.workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    return world.workers(10, "c");
  }

  @Test
  void replica_onItsWay_waitsForOneThingAfterAnother() {
    SmallWorld world = twoOfThree();
    world.status("a", WorkerStatus.LEAVING);
    assertThat(leaving(world, "a").unplanned()).as("the next cycle begins it").isEqualTo(ONE);
    world.schedule();
    assertThat(leaving(world, "a").copying()).isEqualTo(ONE);
    assertThat(leaving(world, "a").safeToStop()).isFalse();
    world.fetch("c");
    assertThat(leaving(world, "a").confirmation()).isEqualTo(ONE);
    assertThat(why(world, "a")).as("the newest routes name it").isEqualTo(Code.ROUTED);
    world.publish();
    assertThat(leaving(world, "a").drainWindow()).isEqualTo(ONE);
    assertThat(why(world, "a")).as("older routes name it").isEqualTo(Code.WINDOW);
    world.now += 5;
    world.publish();
    assertThat(why(world, "a")).as("nobody asks it").isEqualTo(Code.SAFE);
    assertThat(leaving(world, "a").all()).as("it may go before it is empty").isEqualTo(ONE);
    world.schedule();
    assertThat(leaving(world, "a").all()).isEqualTo(Part.NONE);
    assertThat(leaving(world, "a").safeToStop()).isTrue();
  }

  @Test
  void replica_beyondTheBudget_waitsForIt() {
    SmallWorld world = twoOfThree();
    PlacementConfig none = PlacementConfig.builder().budget(MovementBudget.ofBytes(0)).build();
    LifecycleConfig slow = world.state.config().toBuilder().placement(none).build();
    world.run(new Command.Configure(Command.ANY_VERSION, slow));
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(leaving(world, "a").budget()).isEqualTo(ONE);
    assertThat(world.schedule().stuck()).isEmpty();
  }

  @Test
  void replica_thatNobodyElseMayTake_isStuckInEveryAnswer() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    List<StuckPart> stuck = List.of(new StuckPart(Reason.TOO_FEW_WORKERS, ONE));
    assertThat(leaving(world, "a").stuck()).as("before the next plan").isEmpty();
    assertThat(leaving(world, "a").unplanned()).isEqualTo(ONE);
    Result.Scheduled cycle = world.schedule();
    assertThat(cycle.stuck()).hasSize(1);
    assertThat(cycle.stuck().get(0).worker()).isEqualTo(WorkerId.of("a"));
    assertThat(cycle.stuckBytes()).isEqualTo(SmallWorld.MIB);
    assertThat(world.schedule().stuck()).as("a cycle that need not plan").isEqualTo(cycle.stuck());
    assertThat(leaving(world, "a").stuck()).isEqualTo(stuck);
    assertThat(leaving(world, "a").safeToStop()).isFalse();
    assertThat(
            Explainer.whyDrainHeld(
                    world.state, SmallWorld.key("d/c"), WorkerId.of("a"), world.lifecycle.stuck())
                .lines())
        .containsExactly(
            "it is stuck, it should leave and cannot: "
                + "no active worker without a replica of it may hold it"
                + " (too_few_workers); 0 other workers may take it, the most room on one is"
                + " 0 B");
  }

  @Test
  void stuckReplica_thatMayStay_isStuckNoLonger() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    world.status("a", WorkerStatus.ACTIVE);
    assertThat(leaving(world, "a").stuck()).isEmpty();
    assertThat(leaving(world, "a").wanted()).isEqualTo(ONE);
  }

  @Test
  void answer_namesTheTickOfItsPlanAndOfItsState() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    Tick planned = Tick.of(world.now);
    assertThat(leaving(world, "a").planned()).contains(planned);
    world.now += 3;
    world.publish();
    assertThat(leaving(world, "a").planned()).as("no cycle since").contains(planned);
    assertThat(leaving(world, "a").tick()).isEqualTo(Tick.of(world.now));
    world.settle();
    world.now += 3;
    world.schedule();
    assertThat(leaving(world, "a").planned())
        .as("a cycle for which the plan still stands")
        .contains(Tick.of(world.now));
  }

  @Test
  void worker_thatOwesItsInventory_isInNoPlan() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b");
    world.ingest("d/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.DEPARTED);
    world.register("a");
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    assertThat(leaving(world, "a").budget()).isEqualTo(Part.NONE);
  }

  @Test
  void safeToStop_isJudgedByWhatWorkersReported() {
    SmallWorld world = twoOfThree();
    world.status("a", WorkerStatus.LEAVING);
    world.schedule();
    world.fetch("c");
    world.publish();
    world.now += 5;
    world.publish();
    assertThat(shown(world, "a").safeToStop()).isTrue();
    world.lose("c", "d/c");
    assertThat(shown(world, "a").safeToStop()).as("one copy is left beside it").isFalse();
    assertThat(shown(world, "a").verdict())
        .isEqualTo(new Verdict(WorkerId.of("a"), Code.FLOOR, Optional.of(SmallWorld.key("d/c"))));
  }

  @Test
  void safeToStop_ofWorkersThatLeanOnEachOther_isFalse() {
    SmallWorld world = SmallWorld.of(2).workers(10, "a", "b", "c");
    for (int i = 0; i < 6; i++) {
      world.ingest("d/c" + i, 10 * i, 10 * i + 9);
    }
    world.settle();
    for (String worker : List.of("a", "b", "c")) {
      world.status(worker, WorkerStatus.LEAVING);
    }
    assertThat(codes(world, "a", "b", "c")).containsExactly(Code.FLOOR, Code.FLOOR, Code.FLOOR);
    world.schedule();
    assertThat(codes(world, "a", "b", "c")).containsExactly(Code.FLOOR, Code.FLOOR, Code.FLOOR);
  }

  @Test
  void safeToStop_ofAWorkerThatWasNotToldToLeave_takesAnEmptyOne() {
    SmallWorld world = twoOfThree();
    world.settle();
    assertThat(codes(world, "a", "c")).containsExactly(Code.NOT_LEAVING, Code.SAFE);
    world.workers(10, "e", "f");
    world.status("a", WorkerStatus.CORDONED);
    world.settle();
    assertThat(codes(world, "a")).containsExactly(Code.NOT_LEAVING);
  }

  @Test
  void safeToStop_ofAWorkerWithANewDisk_waitsForRoutes() {
    SmallWorld world = twoOfThree();
    world.status("a", WorkerStatus.LEAVING);
    world.disks.put("a", new SmallWorld.Disk("another disk"));
    world.register("a");
    assertThat(codes(world, "a")).as("routes name it").containsExactly(Code.ROUTED);
    world.publish();
    assertThat(codes(world, "a")).containsExactly(Code.SAFE);
  }

  @Test
  void verdict_namesTheFirstChunkInCanonicalOrder() {
    SmallWorld world = SmallWorld.of(1).workers(10, "a");
    world.ingest("d/later", 50, 59);
    world.ingest("d/sooner", 10, 19);
    world.ingest("e/c", 0, 9);
    world.settle();
    world.status("a", WorkerStatus.LEAVING);
    assertThat(verdicts(world, List.of(WorkerId.of("a"))).get(0).chunk())
        .contains(SmallWorld.key("d/sooner"));
  }

  @Test
  void verdicts_ofTwiceTheWorkers_visitTwiceTheReplicas() {
    assertThat(visitsOfAll(40)).isEqualTo(2 * visitsOfAll(20));
  }

  /** Returns the replicas looked at for workers that leave in pairs, all at once. */
  private static long visitsOfAll(int workers) {
    SmallWorld world = SmallWorld.of(2);
    List<WorkerId> all = new ArrayList<>();
    for (int i = 0; i < workers; i += 2) {
      world.workers(10, "w" + i, "w" + (i + 1));
      world.ingest("d/c" + i, 10 * i, 10 * i + 9);
      all.add(WorkerId.of("w" + i));
      all.add(WorkerId.of("w" + (i + 1)));
    }
    world.settle();
    all.forEach(worker -> world.status(worker.value(), WorkerStatus.LEAVING));
    LeavingJudge judge = new LeavingJudge(world.state);
    assertThat(judge.judge(all)).extracting(Verdict::code).containsOnly(Code.FLOOR);
    return judge.visits();
  }

  @Test
  void safeToStop_ofAWorkerWhoseDiskNobodyKnows_isFalse() {
    SmallWorld world = twoOfThree();
    assertThat(leaving(world, "c").safeToStop()).as("it is empty").isTrue();
    world.status("c", WorkerStatus.DEPARTED);
    world.schedule();
    world.register("c");
    assertThat(leaving(world, "c").all()).isEqualTo(Part.NONE);
    assertThat(leaving(world, "c").safeToStop()).isFalse();
    world.inventory("c");
    world.schedule();
    assertThat(leaving(world, "c").safeToStop()).isTrue();
  }

  @Test
  void words_nameEveryPartThatIsNotEmpty() {
    Part two = new Part(2, 20);
    List<StuckPart> stuck = List.of(new StuckPart(Reason.NO_ROOM, ONE));
    WorkerId a = WorkerId.of("a");
    Verdict no = new Verdict(a, Code.FLOOR, Optional.of(SmallWorld.key("d/c")));
    Leaving leaving =
        new Leaving(
            a,
            WorkerStatus.LEAVING,
            Tick.of(9),
            Optional.of(Tick.of(8)),
            two,
            two,
            two,
            two,
            two,
            stuck,
            two,
            no);
    assertThat(leaving.lines())
        .containsExactly(
            "2 replicas, 20 B: to be copied elsewhere first",
            "2 replicas, 20 B: copied elsewhere, until a cycle confirms the copies",
            "2 replicas, 20 B: readable until the drain window ends",
            "2 replicas, 20 B: to leave, once a plan finds places for them",
            "2 replicas, 20 B: held back by the movement budget",
            "1 replica, 1 MiB: stuck: no_room",
            "2 replicas, 20 B: wanted on this worker",
            "it may not be switched off yet: too few copies elsewhere of d/c");
  }

  @Test
  void part_ofFewerThanNothing_isRefused() {
    assertThatThrownBy(() -> new Part(-1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1 replicas");
  }
}
