package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.CoreLocal.ForeignAccess;
import dev.stowage.deterministic.DeterministicScheduler.SchedulerStopped;
import dev.stowage.deterministic.SchedulerConfig.Mapping;
import dev.stowage.deterministic.SchedulerConfig.ReplaySeed;
import dev.stowage.deterministic.SchedulerEvent.Failure;
import dev.stowage.deterministic.SchedulerEvent.StateChange;
import dev.stowage.deterministic.SchedulerEvent.TaskEnqueued;
import dev.stowage.deterministic.SchedulerEvent.TaskExecuted;
import dev.stowage.deterministic.SchedulerEvent.TaskFailed;
import dev.stowage.deterministic.SchedulerEvent.TaskOutcome;
import dev.stowage.deterministic.SchedulerEvent.TaskRejected;
import dev.stowage.deterministic.SchedulerEvent.TaskRun;
import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.Hash256;
import dev.stowage.model.InvariantViolation;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DeterministicSchedulerTest {
  private final Trial one = Trial.ofCores(1);
  private final DeterministicScheduler scheduler = one.scheduler;

  @Test
  void guards_atTheirBounds_areExactOnBothSides() {
    assertThat(Guards.NONE.count()).isZero();
    assertThat(Guards.of(42).count()).isEqualTo(1);
    assertThat(Guards.of(0, 1, 2, 3).count()).isEqualTo(4);
    assertThat(Guards.of(0, 1, 2, 3, 4, 5, 6, 1023).count()).isEqualTo(8);
    assertThatThrownBy(() -> Task.pure(1, 1).withGuards(2000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2000; 0 to 1023");
    assertThatThrownBy(() -> Guards.of(1024)).hasMessageContaining("1024; 0 to 1023");
    assertThatThrownBy(() -> Guards.of(-1)).hasMessageContaining("-1; 0 to 1023");
    assertThatThrownBy(() -> Guards.of(0, 1, 2, 3, 4, 5, 6, 7, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("9; 0 to 8");
  }

  @Test
  void task_fresh_hasPriorityAndGuardsAsGiven() {
    Task task = Task.pure(1, 0);
    assertThat(task.budgetTicks()).isEqualTo(8);
    assertThat(task.guards().count()).isZero();
    assertThat(task.priority().ordinal()).isEqualTo(1);
    assertThat(task.withPriority(Priority.HIGH).priority().ordinal()).isZero();
    assertThat(task.withPriority(Priority.LOW).priority().ordinal()).isEqualTo(2);
    assertThatThrownBy(() -> task.withBudgetTicks(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> Task.call(1, 65_536, Payload.EMPTY))
        .hasMessageContaining("65536; 0 to 65535");
    assertThatThrownBy(() -> SchedulerConfig.ofCores(257)).hasMessageContaining("257; 1 to 256");
  }

  @Test
  void stepCore_ofTheTasksCore_runsItAndAdvancesTheClock() {
    Trial four = Trial.ofCores(4);
    Task task = Task.pure(1, 5);
    assertThat(four.scheduler.enqueue(task))
        .isEqualTo(new TaskEnqueued(task, OptionalInt.of(1), new Timestamp(1)));
    assertThat(four.scheduler.now()).isEqualTo(new Timestamp(1));
    assertThat(four.scheduler.stepCore(1))
        .contains(new TaskExecuted(run(1, 1, 2, 2), new Hash256(5, 5, 5, 5)));
    assertThat(four.scheduler.stepCore(1)).isEmpty();
    assertThat(four.scheduler.stepCore(3)).isEmpty();
    assertThatThrownBy(() -> four.scheduler.stepCore(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4; 0 to 3");
    assertThatThrownBy(() -> four.scheduler.stepCore(-1)).hasMessageContaining("-1; 0 to 3");
  }

  @Test
  void twentyTasks_onFourCoresStepped_makeFortyEvents() {
    Trial four = Trial.ofCores(4);
    assertThat(ReplayStats.of(four.events())).isEqualTo(new ReplayStats(0, 0, 0, 0));
    assertThat(ReplayStats.of(four.events()).ratio()).isEqualTo(1.0);
    LongStream.rangeClosed(1, 20).forEach(id -> four.enqueue(Task.pure(id, id)));
    for (int core = 0; core < 4; core++) {
      while (four.scheduler.stepCore(core).isPresent()) {
        assertThat(four.scheduler.now().bits()).isLessThanOrEqualTo(40);
      }
    }
    ReplayStats stats = ReplayStats.of(four.events());
    assertThat(stats).isEqualTo(new ReplayStats(40, 40, 20, 40));
    assertThat(stats.ratio()).isEqualTo(1.0);
    four.scheduler.externalInput("open", Payload.ofLong(1));
    assertThat(ReplayStats.of(four.events()).nonDeterministic()).isEqualTo(1);
    assertThat(ReplayStats.of(four.events()).ratio()).isEqualTo(41.0 / 42.0);
  }

  @Test
  void mixingMap_spreadsIdsOfOneResidueAndIsInTheHeader() {
    SchedulerConfig modulo = Trial.config(8, 0, Mapping.MODULO, 64);
    SchedulerConfig mixing = Trial.config(8, 0, Mapping.MIXING, 64);
    int[] load = new int[8];
    for (long id = 0; id < 8000; id += 8) {
      assertThat(modulo.coreOf(id)).isZero();
      load[mixing.coreOf(id)]++;
    }
    for (int tasks : load) {
      assertThat(tasks).isBetween(80, 170);
    }
    assertThat(Trial.header(mixing).hash()).isNotEqualTo(Trial.header(modulo).hash());
  }

  @Test
  void lowerTask_passedOverSixteenTimes_goesNext() {
    one.enqueue(Task.pure(100, 0).withPriority(Priority.LOW), Task.pure(50, 0));
    IntStream.range(0, 40).forEach(id -> one.enqueue(Task.pure(id, 0).withPriority(Priority.HIGH)));
    scheduler.runRound();
    assertThat(one.ran().indexOf(100L)).isEqualTo(16);
    assertThat(one.ran().indexOf(50L)).isEqualTo(17);
    assertThat(one.ran()).filteredOn(id -> id < 40).isSorted();
  }

  @Test
  void guard_thatDoesNotHold_rejectsTheTaskByIdAndCostsATick() {
    one.enqueue(Task.pure(1, 1).withGuards(Programs.ALWAYS, Programs.IF_OPEN, Programs.NEVER));
    scheduler.runRound();
    scheduler.externalInput("open", Payload.EMPTY);
    one.enqueue(Task.pure(1, 1).withGuards(Programs.ALWAYS, Programs.IF_OPEN));
    scheduler.runRound();
    assertThat(one.events(TaskOutcome.class))
        .containsExactly(
            new TaskRejected(run(1, 0, 2, 2), Programs.IF_OPEN),
            new TaskExecuted(run(1, 0, 5, 4), new Hash256(1, 1, 1, 1)));
  }

  @Test
  void guardOrProgram_unknownToTheScheduler_isRefusedBeforeAnythingHappens() {
    assertThatThrownBy(() -> scheduler.enqueue(Task.pure(1, 1).withGuards(17)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("guard 17");
    assertThatThrownBy(() -> scheduler.enqueue(Task.call(1, 999, Payload.EMPTY)))
        .hasMessageContaining("program 999");
    assertThatThrownBy(() -> new TaskTable(Map.of(), Map.of(1024, context -> true)))
        .hasMessageContaining("1024; 0 to 1023");
    assertThatThrownBy(
            () -> new TaskTable(Map.of(65_536, (context, none) -> Hash256.ZERO), Map.of()))
        .hasMessageContaining("65536; 0 to 65535");
    assertThat(one.events()).isEmpty();
    assertThat(scheduler.now()).isEqualTo(Timestamp.ZERO);
  }

  @Test
  void observation_costsFiveTicksAndItsGuards() {
    Payload seen = Payload.ofLong(3);
    one.enqueue(Task.observation(6, seen).withGuards(Programs.ALWAYS, Programs.EVEN_TASK));
    assertThat(scheduler.stepCore(0)).contains(new TaskExecuted(run(6, 0, 2, 7), seen.hash()));
  }

  @Test
  void throwingTask_failsByClassNameAndNothingOfItRemains() {
    one.enqueue(
        Task.call(1, Programs.THROW, Payload.EMPTY),
        Task.call(2, Programs.ADD, Payload.ofLong(5)),
        Task.pure(3, 3).withGuards(Programs.ALWAYS, Programs.THROWING, Programs.ALWAYS));
    scheduler.runRound();
    assertThat(scheduler.state()).containsOnlyKeys("sum");
    assertThat(one.events(TaskOutcome.class))
        .containsExactly(
            new TaskFailed(run(1, 0, 4, 1), Failure.THROWN, "java.lang.IllegalStateException"),
            new TaskExecuted(run(2, 0, 5, 1), new Hash256(0, 0, 0, 3)),
            new TaskFailed(run(3, 0, 7, 2), Failure.THROWN, "java.lang.ArithmeticException"));
    assertThat(scheduler.queued()).isZero();
  }

  @Test
  void effects_atTheLimitHappenAndBeyondItFailEvenIfTheTaskSwallowsThat() {
    one.enqueue(
        Task.call(1, Programs.REPEAT, Payload.ofLong(65)),
        Task.call(2, Programs.REPEAT, Payload.ofLong(64)));
    scheduler.runRound();
    assertThat(one.events(TaskFailed.class))
        .containsExactly(new TaskFailed(run(1, 0, 3, 1), Failure.EFFECTS, ""));
    assertThat(scheduler.queued()).isEqualTo(64);
  }

  @Test
  void budget_ofExactlyTheCostRunsAndOfOneLessFails() {
    one.enqueue(
        Task.pure(1, 1).withBudgetTicks(2),
        Task.pure(2, 2).withBudgetTicks(1),
        Task.call(3, Programs.COUNT, Payload.ofLong(7)),
        Task.call(4, Programs.COUNT, Payload.ofLong(8)),
        Task.call(5, Programs.COUNT, Payload.ofLong(Long.MAX_VALUE)),
        Task.pure(6, 6));
    scheduler.runRound();
    assertThat(one.events(TaskFailed.class))
        .containsExactly(
            new TaskFailed(run(2, 0, 8, 2), Failure.BUDGET, ""),
            new TaskFailed(run(4, 0, 10, 9), Failure.BUDGET, ""),
            new TaskFailed(run(5, 0, 11, Long.MAX_VALUE), Failure.BUDGET, ""));
    assertThat(one.events(TaskExecuted.class)).hasSize(3);
  }

  @Test
  void orderedTasks_runOnceDue_onTheirCoreAndRaiseTheClock() {
    Trial two = Trial.ofCores(2);
    two.enqueue(Task.call(1, Programs.LATER, Payload.ofLong(50)));
    assertThat(two.scheduler.enqueueOrdered(Task.pure(3, 3), new Timestamp(70), OptionalInt.of(0)))
        .isInstanceOf(TaskEnqueued.class);
    two.scheduler.runRound();
    assertThat(two.scheduler.now()).isEqualTo(new Timestamp(2));
    two.scheduler.runRound();
    assertThat(two.scheduler.now()).isEqualTo(new Timestamp(51));
    two.scheduler.runRound();
    assertThat(two.events(TaskExecuted.class))
        .extracting(TaskExecuted::run)
        .containsExactly(run(1, 1, 2, 1), run(7, 1, 51, 2), run(3, 0, 71, 2));
    assertThatThrownBy(() ->
            two.scheduler.enqueueOrdered(Task.pure(1, 1), new Timestamp(9), OptionalInt.of(2)))
        .hasMessageContaining("2; 0 to 1");
  }

  @Test
  void stateWrites_ofOneRound_areSeenInTheNextAndTheLastStays() {
    Trial two = Trial.ofCores(2);
    for (int id = 0; id < 4; id++) {
      two.enqueue(Task.call(id, Programs.ADD, Payload.ofLong(1 << id)));
    }
    Map<String, Payload> before = two.scheduler.state();
    two.scheduler.runRound();
    assertThat(before).isEmpty();
    assertThat(two.scheduler.state().get("sum").asLong()).isEqualTo(8);
    two.enqueue(Task.call(0, Programs.ADD, Payload.ofLong(16)));
    two.scheduler.runRound();
    assertThat(two.scheduler.state().get("sum").asLong()).isEqualTo(24);
    assertThat(two.events(TaskExecuted.class).get(4).output().a())
        .as("the core's own value")
        .isEqualTo(1 + 4);
    assertThat(two.events(StateChange.class))
        .contains(new StateChange("sum", Payload.ofLong(24).hash(), new Timestamp(15)));
  }

  @Test
  void clockWithoutRoomForATask_refusesBeforeAnythingRuns() {
    Trial late = Trial.startingAt(-66);
    late.enqueue(Task.pure(1, 1));
    long records = late.log.nextIndex();
    assertThatThrownBy(late.scheduler::runRound).isInstanceOf(ClockExhausted.class);
    assertThatThrownBy(() -> late.scheduler.stepCore(0)).isInstanceOf(ClockExhausted.class);
    assertThat(late.scheduler.queued()).isEqualTo(1);
    assertThat(late.log.nextIndex()).isEqualTo(records);

    Trial last = Trial.startingAt(-1);
    assertThatThrownBy(() -> last.scheduler.enqueue(Task.pure(2, 2)))
        .isInstanceOf(ClockExhausted.class);
    assertThatThrownBy(() -> last.scheduler.externalInput("x", Payload.EMPTY))
        .isInstanceOf(ClockExhausted.class);
    assertThat(last.events()).isEmpty();
  }

  @Test
  void tasksForWhichTheClockHasNoRoom_stayQueued() {
    Trial late = Trial.startingAt(-140);
    late.enqueue(Task.pure(1, 1), Task.pure(2, 2), Task.pure(3, 3));
    assertThat(late.scheduler.runRound().ran()).isEqualTo(2);
    assertThat(late.scheduler.queued()).isEqualTo(1);
    assertThat(late.ran()).containsExactly(1L, 2L);
  }

  @Test
  void orderedTimestamp_tooCloseToTheEnd_isRefusedByName() {
    assertThatThrownBy(() -> one.enqueueAt(-65, Task.pure(1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("18446744073709551551; at most 18446744073709551550");
    one.enqueueAt(-66, Task.pure(1, 1));
    assertThat(scheduler.runRound().ran()).isEqualTo(1);
  }

  @Test
  void configuration_withSeveralErrors_isRefusedNamingAll() {
    ReplaySeed start = new ReplaySeed(0, Timestamp.ZERO, 1);
    assertThatThrownBy(() -> new SchedulerConfig(start, Mapping.MODULO, 0, 4097, 1_000_001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("quantum is 0")
        .hasMessageContaining("queue_capacity is 4097")
        .hasMessageContaining("ordered_capacity is 1000001");
  }

  @Test
  void logOfAnotherConfiguration_isRefused() {
    assertThatThrownBy(() ->
            DeterministicScheduler.recording(
                SchedulerConfig.ofCores(8), Programs.TABLE, Runnable::run, one.log))
        .isInstanceOf(EvidenceException.Mismatch.class)
        .hasMessageContaining("part.settings");
  }

  @Test
  void logThatTakesNoRecord_stopsTheScheduler() {
    one.log.close();
    for (int call = 0; call < 2; call++) {
      assertThatThrownBy(() -> scheduler.enqueue(Task.pure(1, 1)))
          .isInstanceOf(SchedulerStopped.class)
          .hasMessageContaining("the log was closed");
    }
  }

  @Test
  void brokenInvariantOfATask_stopsTheScheduler() {
    Trial broken =
        trialOf((context, argument) -> {
          throw new InvariantViolation("books-balance", "they do not");
        });
    broken.enqueue(Task.call(0, 1, Payload.EMPTY), Task.call(1, 1, Payload.EMPTY));
    assertThatThrownBy(broken.scheduler::runRound)
        .isInstanceOf(SchedulerStopped.class)
        .hasMessageContaining("books-balance");
    assertThatThrownBy(broken.scheduler::runOrdered).isInstanceOf(SchedulerStopped.class);
  }

  @Test
  void payloadsAndStateNames_atTheirBounds_areExactOnBothSides() {
    assertThat(Payload.of(new byte[Payload.MAX_BYTES]).bytes()).hasSize(1 << 20);
    assertThatThrownBy(() -> Payload.of(new byte[Payload.MAX_BYTES + 1]))
        .hasMessageContaining("1048577; 0 to 1048576");
    scheduler.externalInput("n".repeat(512), Payload.EMPTY);
    assertThatThrownBy(() -> scheduler.externalInput("n".repeat(513), Payload.EMPTY))
        .hasMessageContaining("513; 1 to 512");
    assertThatThrownBy(() -> scheduler.externalInput("", Payload.EMPTY))
        .hasMessageContaining("0; 1 to 512");
    assertThatThrownBy(() -> scheduler.externalInput("\ud800", Payload.EMPTY))
        .hasMessageContaining("surrogate");
    assertThat(scheduler.state()).hasSize(1);
  }

  @Test
  void contextThatEscapes_isUselessOutsideItsTask() {
    TaskContext[] escaped = new TaskContext[1];
    Trial leaking =
        trialOf((context, argument) -> {
          escaped[0] = context;
          return Hash256.ZERO;
        });
    leaking.enqueue(Task.call(3, 1, Payload.EMPTY));
    leaking.scheduler.runRound();
    assertThatThrownBy(() -> escaped[0].emit(Task.pure(1, 1)))
        .isInstanceOf(ForeignAccess.class)
        .hasMessageContaining("task 3");
    assertThatThrownBy(() -> escaped[0].local()).isInstanceOf(ForeignAccess.class);
  }

  @Test
  void taskThatCallsItsOwnScheduler_fails() {
    DeterministicScheduler[] self = new DeterministicScheduler[1];
    Trial calling =
        trialOf((context, argument) -> {
          self[0].runRound();
          return Hash256.ZERO;
        });
    self[0] = calling.scheduler;
    calling.enqueue(Task.call(1, 1, Payload.EMPTY));
    calling.scheduler.runRound();
    assertThat(calling.events(TaskFailed.class)).hasSize(1);
  }

  private static TaskRun run(long task, int core, long timestamp, long ticks) {
    return new TaskRun(task, core, new Timestamp(timestamp), ticks);
  }

  private static Trial trialOf(TaskProgram program) {
    TaskTable table = new TaskTable(Map.of(1, program), Map.of());
    return new Trial(SchedulerConfig.ofCores(2), table, Runnable::run);
  }
}
