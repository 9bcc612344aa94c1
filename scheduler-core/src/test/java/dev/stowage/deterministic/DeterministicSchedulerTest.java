package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.deterministic.CoreLocal.ForeignAccess;
import dev.stowage.deterministic.DeterministicScheduler.InputResult;
import dev.stowage.deterministic.DeterministicScheduler.SchedulerStopped;
import dev.stowage.deterministic.DeterministicScheduler.StepResult;
import dev.stowage.deterministic.Guards.InvalidGuardId;
import dev.stowage.deterministic.Guards.Receipt;
import dev.stowage.deterministic.Guards.TooManyGuards;
import dev.stowage.deterministic.ReplayLog.ReplayStats;
import dev.stowage.deterministic.SchedulerConfig.Mapping;
import dev.stowage.deterministic.SchedulerConfig.ReplaySeed;
import dev.stowage.deterministic.SchedulerEvent.Enqueued;
import dev.stowage.deterministic.SchedulerEvent.Failure;
import dev.stowage.deterministic.Task.TaskOutcome;
import dev.stowage.deterministic.TaskContext.InvalidCore;
import dev.stowage.deterministic.queues.LogicalClock.ClockExhausted;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceSink.SinkPolicy;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Retention;
import dev.stowage.evidence.Subject;
import dev.stowage.evidence.Verification;
import dev.stowage.model.InvariantViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeterministicSchedulerTest {
  @Test
  void guards_publishedCases_areCheckedAtConstruction() {
    assertThat(Guards.check()).isEqualTo(new Guards.Valid(0));
    assertThat(Guards.check(42)).isEqualTo(new Guards.Valid(1));
    assertThat(Guards.check(2000)).isEqualTo(new Guards.InvalidId(2000));
    assertThat(Guards.check(0, 1, 2, 3)).isEqualTo(new Guards.Valid(4));
    assertThatThrownBy(() -> Task.pure(1, 1).withGuards(2000))
        .isInstanceOf(InvalidGuardId.class)
        .hasMessageContaining("2000; 0 to 1023");
  }

  @Test
  void guardTable_namesAnIdOutOfRange_andOneWithoutGuard() {
    GuardTable none = GuardTable.empty();
    assertThatThrownBy(() -> none.require(2000)).isInstanceOf(InvalidGuardId.class);
    assertThatThrownBy(() -> none.require(-1)).isInstanceOf(InvalidGuardId.class);
    assertThatThrownBy(() -> none.require(1023))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1023");
  }

  @Test
  void guards_atTheirBounds_areExactOnBothSides() {
    assertThat(Guards.of(0, 1023).count()).isEqualTo(2);
    assertThatThrownBy(() -> Guards.of(1024)).isInstanceOf(InvalidGuardId.class);
    assertThatThrownBy(() -> Guards.of(-1)).isInstanceOf(InvalidGuardId.class);
    assertThat(Guards.of(0, 1, 2, 3, 4, 5, 6, 7).count()).isEqualTo(8);
    assertThat(Guards.check(0, 1, 2, 3, 4, 5, 6, 7, 8)).isEqualTo(new Guards.TooMany(9));
    assertThatThrownBy(() -> Guards.of(0, 1, 2, 3, 4, 5, 6, 7, 8))
        .isInstanceOf(TooManyGuards.class)
        .hasMessageContaining("9 guards given; at most 8");
  }

  @Test
  void task_fresh_hasPriorityAndGuardsAsGiven() {
    Task task = Task.pure(1, 0).withPriority(Priority.HIGH);
    assertThat(task.budgetTicks()).isEqualTo(8);
    assertThat(task.priority().level()).isZero();
    assertThat(task.guards().count()).isZero();
    assertThat(Task.pure(1, 0).priority()).isEqualTo(Priority.NORMAL);
    assertThatThrownBy(() -> Task.pure(1, 0).withBudgetTicks(-1)).hasMessageContaining("-1");
  }

  @Test
  void stepCore_ofTheTasksCore_runsItAndAdvancesTheClock() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(4))) {
      assertThat(scheduler.enqueue(Task.pure(1, 5)))
          .isEqualTo(new Enqueued.Accepted(1, Timestamp.of(1)));
      assertThat(scheduler.now()).isEqualTo(Timestamp.of(1));
      StepResult.Ran ran = (StepResult.Ran) scheduler.stepCore(1);
      assertThat(ran.outcome())
          .isEqualTo(
              new SchedulerEvent.TaskExecuted(1, 1, Timestamp.of(2), 2, new Hash256(5, 5, 5, 5)));
      assertThat(scheduler.stepCore(1)).isEqualTo(new StepResult.NoWork(1));
      assertThat(scheduler.stepCore(0)).isEqualTo(new StepResult.NoWork(0));
    }
  }

  @Test
  void stepCore_ofAnUnknownCore_isRefusedOnBothSides() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(4))) {
      scheduler.stepCore(3);
      assertThatThrownBy(() -> scheduler.stepCore(4))
          .isInstanceOf(InvalidCore.class)
          .hasMessageContaining("4; 0 to 3");
      assertThatThrownBy(() -> scheduler.stepCore(-1)).isInstanceOf(InvalidCore.class);
    }
  }

  @Test
  void twentyTasks_onFourCoresStepped_makeFortyEvents() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(4))) {
      for (int id = 1; id <= 20; id++) {
        scheduler.enqueue(Task.pure(id, id));
      }
      for (int core = 0; core < 4; core++) {
        while (scheduler.stepCore(core) instanceof StepResult.Ran) {
          assertThat(scheduler.now().bits()).isPositive();
        }
      }
      ReplayStats stats = ReplayLog.of(scheduler.log()).stats();
      assertThat(stats.total()).isEqualTo(40);
      assertThat(stats.distinctTasks()).isEqualTo(20);
      assertThat(stats.ratio()).isEqualTo(1.0);
      assertThat(stats.ticks()).isEqualTo(40);
    }
  }

  @Test
  void stats_ofAnEmptyLog_haveRatioOne() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      assertThat(ReplayLog.of(scheduler.log()).stats()).isEqualTo(new ReplayStats(0, 0, 0, 0, 0));
      assertThat(ReplayLog.of(scheduler.log()).stats().ratio()).isEqualTo(1.0);
    }
  }

  @Test
  void integrity_afterAnotherEvent_changesAndStillVerifies() {
    try (DeterministicScheduler one = schedulerOf(SchedulerConfig.ofCores(4));
        DeterministicScheduler two = schedulerOf(SchedulerConfig.ofCores(4))) {
      one.enqueue(Task.pure(1, 1));
      two.enqueue(Task.pure(1, 1));
      ReplayLog before = ReplayLog.of(one.log());
      assertThat(before.integrity()).isEqualTo(ReplayLog.of(two.log()).integrity());
      one.enqueue(Task.pure(2, 2));
      ReplayLog after = ReplayLog.of(one.log());
      assertThat(after.integrity()).isNotEqualTo(before.integrity());
      assertThat(before.verify()).isInstanceOf(Verification.Intact.class);
      assertThat(after.verify()).isInstanceOf(Verification.Intact.class);
      two.enqueue(Task.pure(2, 2));
      assertThat(ReplayLog.of(two.log()).integrity()).isEqualTo(after.integrity());
    }
  }

  @Test
  void executedTask_isDeterministicAndExternalInputIsNot() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.enqueue(Task.pure(1, 1));
      scheduler.runRound();
      scheduler.externalInput("open", Payload.ofText("yes"));
      List<SchedulerEvent> events = ReplayLog.of(scheduler.log()).events();
      assertThat(events).hasSize(3);
      assertThat(events.get(1)).isInstanceOf(SchedulerEvent.TaskExecuted.class);
      assertThat(events.get(1).isDeterministic()).isTrue();
      assertThat(events.get(2)).isInstanceOf(SchedulerEvent.ExternalInput.class);
      assertThat(events.get(2).isDeterministic()).isFalse();
      ReplayStats stats = ReplayLog.of(scheduler.log()).stats();
      assertThat(stats.nonDeterministic()).isEqualTo(1);
      assertThat(stats.ratio()).isEqualTo(2.0 / 3.0);
    }
  }

  @Test
  void replaySeed_keepsItsFields() {
    ReplaySeed seed = new ReplaySeed(42, Timestamp.ZERO, 4);
    assertThat(seed.seed()).isEqualTo(42);
    assertThat(seed.initialTimestamp()).isEqualTo(Timestamp.ZERO);
    assertThat(seed.cores()).isEqualTo(4);
    assertThat(SchedulerConfig.builder(4).seed(42).build().replaySeed()).isEqualTo(seed);
    assertThatThrownBy(() -> new ReplaySeed(0, Timestamp.ZERO, 257))
        .hasMessageContaining("257; 1 to 256");
  }

  @Test
  void mixingMap_spreadsIdsOfOneResidueAndIsInTheHeader() {
    SchedulerConfig modulo = SchedulerConfig.ofCores(8);
    SchedulerConfig mixing = SchedulerConfig.builder(8).mapping(Mapping.MIXING).build();
    int[] load = new int[8];
    for (long id = 0; id < 8000; id += 8) {
      assertThat(modulo.coreOf(id)).isZero();
      load[mixing.coreOf(id)]++;
    }
    for (int tasks : load) {
      assertThat(tasks).isBetween(80, 170);
    }
    assertThat(mixing.header().mapping()).isEqualTo("mixing");
    assertThat(mixing.header().hash()).isNotEqualTo(modulo.header().hash());
  }

  @Test
  void guard_thatDoesNotHold_rejectsTheTaskByIdAndCostsATick() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.enqueue(
          Task.pure(1, 1).withGuards(Programs.ALWAYS, Programs.IF_OPEN, Programs.NEVER));
      scheduler.runRound();
      scheduler.externalInput("open", Payload.EMPTY);
      scheduler.enqueue(Task.pure(1, 1).withGuards(Programs.ALWAYS, Programs.IF_OPEN));
      scheduler.runRound();
      assertThat(outcomes(scheduler))
          .containsExactly(
              new SchedulerEvent.TaskRejected(1, 0, Timestamp.of(2), 2, Programs.IF_OPEN),
              new SchedulerEvent.TaskExecuted(1, 0, Timestamp.of(5), 4, new Hash256(1, 1, 1, 1)));
    }
  }

  @Test
  void guardOrProgram_unknownToTheScheduler_isRefusedBeforeAnythingHappens() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      assertThatThrownBy(() -> scheduler.enqueue(Task.pure(1, 1).withGuards(17)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("guard 17");
      assertThatThrownBy(() -> scheduler.submit(Task.call(1, 999, Payload.EMPTY)))
          .hasMessageContaining("program 999");
      assertThatThrownBy(() -> new Work.Call(65536, Payload.EMPTY))
          .hasMessageContaining("65536; 0 to 65535");
      assertThat(scheduler.log().nextIndex()).isZero();
      assertThat(scheduler.now()).isEqualTo(Timestamp.ZERO);
    }
  }

  @Test
  void observation_handsBackAReceiptOfTheGuardsThatFired() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      Task task = Task.observation(6, Payload.ofText("seen"));
      scheduler.enqueue(task.withGuards(Programs.ALWAYS, Programs.EVEN_TASK));
      scheduler.enqueue(task.withGuards(Programs.NEVER, Programs.EVEN_TASK));
      StepResult.Ran held = (StepResult.Ran) scheduler.stepCore(0);
      Receipt receipt = held.receipt().orElseThrow();
      assertThat(receipt.taskId()).isEqualTo(6);
      assertThat(receipt.fired()).isEqualTo(Guards.of(Programs.ALWAYS, Programs.EVEN_TASK));
      assertThat(receipt.steps()).isEqualTo(7);
      assertThat(held.outcome())
          .isEqualTo(new SchedulerEvent.TaskExecuted(6, 0, Timestamp.of(3), 7, receipt.output()));
      StepResult.Ran refused = (StepResult.Ran) scheduler.stepCore(0);
      assertThat(refused.outcome())
          .isEqualTo(new SchedulerEvent.TaskRejected(6, 0, Timestamp.of(4), 7, Programs.NEVER));
      assertThat(refused.receipt().orElseThrow().fired()).isEqualTo(Guards.of(Programs.EVEN_TASK));
    }
  }

  @Test
  void receipts_ofARound_comeInCoreAndSequenceOrder() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(2))) {
      for (long id : new long[] {5, 4, 3, 2}) {
        scheduler.enqueue(Task.observation(id, Payload.EMPTY));
      }
      assertThat(scheduler.runRound().receipts())
          .extracting(Receipt::taskId)
          .containsExactly(4L, 2L, 5L, 3L);
    }
  }

  @Test
  void throwingTask_failsByClassNameAndNothingOfItRemains() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.enqueue(Task.call(1, Programs.THROW, Payload.EMPTY));
      scheduler.enqueue(Task.call(2, Programs.ADD, Payload.ofLong(5)));
      scheduler.enqueue(Task.pure(3, 3).withGuards(Programs.THROWING));
      RoundResult result = scheduler.runRound();
      assertThat(result.failed()).isEqualTo(2);
      assertThat(result.emitted()).isZero();
      assertThat(scheduler.state()).containsOnlyKeys("sum");
      assertThat(outcomes(scheduler))
          .contains(
              new SchedulerEvent.TaskFailed(
                  1, 0, Timestamp.of(4), 1, Failure.THROWN, "java.lang.IllegalStateException"),
              new SchedulerEvent.TaskExecuted(2, 0, Timestamp.of(5), 1, new Hash256(0, 0, 0, 3)),
              new SchedulerEvent.TaskFailed(
                  3, 0, Timestamp.of(7), 1, Failure.THROWN, "java.lang.ArithmeticException"));
    }
  }

  @Test
  void endlessEmission_failsAtTheLimitEvenIfTheTaskSwallowsIt() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.enqueue(Task.call(1, Programs.ENDLESS, Payload.EMPTY));
      RoundResult result = scheduler.runRound();
      assertThat(result.failed()).isEqualTo(1);
      assertThat(result.emitted()).isZero();
      assertThat(((SchedulerEvent.TaskFailed) outcomes(scheduler).get(0)).failure())
          .isEqualTo(Failure.EFFECTS);
    }
  }

  @Test
  void orderedTask_thatATaskEmits_waitsForItsTimestamp() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.enqueue(Task.call(1, Programs.LATER, Payload.ofLong(50)));
      assertThat(scheduler.runRound().emitted()).isEqualTo(1);
      assertThat(scheduler.now()).isEqualTo(Timestamp.of(2));
      scheduler.runRound();
      assertThat(scheduler.now()).isEqualTo(Timestamp.of(51));
      assertThat(executedIds(scheduler)).containsExactly(1L, 7L);
    }
  }

  @Test
  void effects_exactlyAtTheLimit_happen() {
    SchedulerConfig exact = SchedulerConfig.builder(1).effectLimit(2).build();
    SchedulerConfig tight = SchedulerConfig.builder(1).effectLimit(1).build();
    Task spawn = Task.call(1, Programs.SPAWN, Payload.ofLong(1));
    try (DeterministicScheduler enough = schedulerOf(exact);
        DeterministicScheduler less = schedulerOf(tight)) {
      enough.enqueue(spawn);
      less.enqueue(spawn);
      assertThat(enough.runRound().emitted()).isEqualTo(2);
      assertThat(less.runRound().failed()).isEqualTo(1);
    }
  }

  @Test
  void stateWrites_ofOneRound_areSeenInTheNextAndTheLastStays() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(2))) {
      for (int id = 0; id < 4; id++) {
        scheduler.enqueue(Task.call(id, Programs.ADD, Payload.ofLong(1 << id)));
      }
      scheduler.runRound();
      assertThat(scheduler.state().get("sum").asLong()).isEqualTo(8);
      scheduler.enqueue(Task.call(0, Programs.ADD, Payload.ofLong(16)));
      scheduler.runRound();
      assertThat(scheduler.state().get("sum").asLong()).isEqualTo(24);
      SchedulerEvent.TaskExecuted last = (SchedulerEvent.TaskExecuted) outcomes(scheduler).get(4);
      assertThat(last.output().a()).as("the core's own value").isEqualTo(1 + 4);
    }
  }

  @Test
  void stateCapacity_isExactForInputsAndWrites() {
    SchedulerConfig config = SchedulerConfig.builder(1).stateCapacity(1).build();
    try (DeterministicScheduler scheduler = schedulerOf(config)) {
      assertThat(scheduler.externalInput("a", Payload.EMPTY))
          .isEqualTo(new InputResult.Applied(Timestamp.of(1)));
      assertThat(scheduler.externalInput("b", Payload.EMPTY))
          .isEqualTo(new InputResult.StateFull(1));
      assertThat(scheduler.externalInput("a", Payload.ofLong(1)))
          .isEqualTo(new InputResult.Applied(Timestamp.of(2)));
      scheduler.enqueue(Task.call(1, Programs.ADD, Payload.ofLong(1)));
      scheduler.runRound();
      assertThat(scheduler.state()).containsOnlyKeys("a");
      assertThat(ReplayLog.of(scheduler.log()).events())
          .filteredOn(SchedulerEvent.StateChange.class::isInstance)
          .containsExactly(
              new SchedulerEvent.StateChange(
                  Timestamp.of(4), "sum", Payload.ofLong(1).hash(), false));
    }
  }

  @Test
  void submittedTasks_ofAnyThread_enterAtTheNextCall() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(2))) {
      List<CompletableFuture<Void>> producers = new ArrayList<>();
      for (int p = 0; p < 3; p++) {
        int base = p * 100;
        producers.add(
            CompletableFuture.runAsync(() -> {
              for (int i = 0; i < 100; i++) {
                scheduler.submit(Task.pure(base + i, i));
              }
            }));
      }
      producers.forEach(CompletableFuture::join);
      assertThat(scheduler.log().nextIndex()).isZero();
      long ran = 0;
      while (!scheduler.runRound().isIdle()) {
        ran = executedIds(scheduler).size();
      }
      assertThat(ran).isEqualTo(300);
      assertThat(executedIds(scheduler)).doesNotHaveDuplicates();
    }
  }

  @Test
  void clockNearItsEnd_refusesBeforeAnythingRuns() {
    SchedulerConfig config =
        SchedulerConfig.builder(1).effectLimit(0).initialClock(Timestamp.of(-3)).build();
    try (DeterministicScheduler scheduler = schedulerOf(config)) {
      scheduler.enqueue(Task.pure(1, 1));
      scheduler.runRound();
      assertThat(scheduler.now()).isEqualTo(Timestamp.MAX);
      long records = scheduler.log().nextIndex();
      assertThatThrownBy(() -> scheduler.enqueue(Task.pure(2, 2)))
          .isInstanceOf(ClockExhausted.class);
      assertThatThrownBy(() -> scheduler.externalInput("x", Payload.EMPTY))
          .isInstanceOf(ClockExhausted.class);
      assertThat(scheduler.log().nextIndex()).isEqualTo(records);
    }
  }

  @Test
  void roundWithoutHeadroom_isRefusedAndKeepsItsTasks() {
    SchedulerConfig config =
        SchedulerConfig.builder(1).effectLimit(0).initialClock(Timestamp.of(-3)).build();
    try (DeterministicScheduler scheduler = schedulerOf(config)) {
      scheduler.enqueue(Task.pure(1, 1));
      scheduler.enqueue(Task.pure(2, 2));
      assertThatThrownBy(scheduler::runRound).isInstanceOf(ClockExhausted.class);
      assertThatThrownBy(() -> scheduler.stepCore(0)).isInstanceOf(ClockExhausted.class);
      assertThat(scheduler.queued()).isEqualTo(2);
    }
  }

  @Test
  void orderedTimestamp_tooCloseToTheEnd_isRefusedByName() {
    SchedulerConfig config = SchedulerConfig.builder(1).effectLimit(4).build();
    try (DeterministicScheduler scheduler = schedulerOf(config)) {
      assertThatThrownBy(() -> scheduler.enqueueOrdered(Task.pure(1, 1), Timestamp.of(-5)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("18446744073709551611; at most 18446744073709551610");
      assertThat(scheduler.enqueueOrdered(Task.pure(1, 1), Timestamp.of(-6)))
          .isInstanceOf(Enqueued.Accepted.class);
      assertThat(scheduler.runRound().executed()).isEqualTo(1);
    }
  }

  @Test
  void configuration_withSeveralErrors_isRefusedNamingAll() {
    assertThatThrownBy(() ->
            SchedulerConfig.builder(257)
                .quantum(0)
                .queueCapacity(0)
                .orderedCapacity(1_000_001)
                .effectLimit(-1)
                .starvationBound(0)
                .stateCapacity(-1)
                .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cores is 257; 1 to 256")
        .hasMessageContaining("quantum is 0")
        .hasMessageContaining("queueCapacity is 0")
        .hasMessageContaining("orderedCapacity is 1000001")
        .hasMessageContaining("effectLimit is -1")
        .hasMessageContaining("starvationBound is 0")
        .hasMessageContaining("stateCapacity is -1");
  }

  @Test
  void logOfAnotherConfiguration_isRefusedNamingWhatDiffers() {
    EvidenceLog foreign = EvidenceLog.of(SchedulerConfig.builder(4).seed(9).build().header());
    assertThatThrownBy(
            () -> DeterministicScheduler.builder(SchedulerConfig.ofCores(8)).log(foreign).build())
        .isInstanceOf(EvidenceException.Mismatch.class)
        .hasMessageContaining("seed")
        .hasMessageContaining("cores");
  }

  @Test
  void logOfAnEngine_thatDescribesThisRuntime_isAccepted() {
    SchedulerConfig config = SchedulerConfig.ofCores(2);
    EvidenceLog engines = EvidenceLog.of(config.header().withAttribute("engine.floor", "2"));
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(config).log(engines).build()) {
      scheduler.enqueue(Task.pure(1, 1));
      assertThat(engines.nextIndex()).isEqualTo(1);
    }
  }

  @Test
  void closedScheduler_refusesEverything() {
    DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1));
    scheduler.close();
    scheduler.close();
    assertThatThrownBy(() -> scheduler.enqueue(Task.pure(1, 1)))
        .isInstanceOf(SchedulerStopped.class);
    assertThatThrownBy(scheduler::runRound).isInstanceOf(SchedulerStopped.class);
  }

  @Test
  void guardThatThrows_costsTheTicksOfTheGuardsEvaluatedUpToIt() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      int[] ids = {Programs.ALWAYS, Programs.THROWING, Programs.ALWAYS};
      scheduler.enqueue(Task.pure(1, 1).withGuards(ids));
      scheduler.enqueue(Task.observation(2, Payload.EMPTY).withGuards(ids));
      for (int i = 0; i < 2; i++) {
        TaskOutcome outcome = ((StepResult.Ran) scheduler.stepCore(0)).outcome();
        assertThat(outcome)
            .isInstanceOfSatisfying(
                SchedulerEvent.TaskFailed.class,
                failed -> assertThat(failed.failure()).isEqualTo(Failure.THROWN));
        assertThat(outcome.ticks()).isEqualTo(2);
      }
    }
  }

  @Test
  void declaredTicksNearTheGreatestLong_exhaustTheBudgetAndDoNotWrap() {
    TaskProgram costly =
        new TaskProgram() {
          @Override
          public long declaredTicks() {
            return Long.MAX_VALUE;
          }

          @Override
          public Hash256 run(TaskContext context, Payload argument) {
            return Hash256.ZERO;
          }
        };
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(1))
            .programs(ProgramTable.builder().add(1, costly).build())
            .guards(Programs.guards())
            .build()) {
      scheduler.enqueue(Task.call(1, 1, Payload.EMPTY).withGuards(Programs.ALWAYS));
      TaskOutcome outcome = ((StepResult.Ran) scheduler.stepCore(0)).outcome();
      assertThat(((SchedulerEvent.TaskFailed) outcome).failure()).isEqualTo(Failure.BUDGET);
      assertThat(outcome.ticks()).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void tasksSubmittedAndNotYetTaken_areLoggedWhenTheSchedulerIsClosed() {
    EvidenceLog log = EvidenceLog.of(SchedulerConfig.builder(1).queueCapacity(1).build().header());
    DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.builder(1).queueCapacity(1).build())
            .log(log)
            .build();
    assertThat(scheduler.submit(Task.pure(1, 1))).isTrue();
    assertThat(scheduler.submit(Task.pure(2, 2))).isTrue();
    scheduler.close();
    scheduler.close();
    assertThat(ReplayLog.of(log).events())
        .hasSize(2)
        .hasOnlyElementsOfTypes(
            SchedulerEvent.TaskEnqueued.class, SchedulerEvent.TaskRefused.class);
    assertThatThrownBy(() -> scheduler.submit(Task.pure(3, 3)))
        .isInstanceOf(SchedulerStopped.class);
  }

  @Test
  void sinkThatFails_leavesTheSchedulerAsItWasUntilItWorksAgain() {
    boolean[] failing = {true};
    SchedulerConfig config = SchedulerConfig.ofCores(1);
    EvidenceLog log =
        EvidenceLog.builder(config.header())
            .batchRecords(1)
            .retention(Retention.records(2))
            .sink(
                batch -> {
                  if (failing[0]) {
                    throw new IllegalStateException("the disk is full");
                  }
                },
                new SinkPolicy.Block(100))
            .build();
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(config).log(log).build()) {
      int accepted = 0;
      EvidenceException.SinkFailed failure = null;
      while (failure == null && accepted < 100_000) {
        try {
          scheduler.enqueue(Task.pure(accepted, accepted));
          accepted++;
        } catch (EvidenceException.SinkFailed refused) {
          failure = refused;
        }
      }
      assertThat(failure).isNotNull();
      assertThat(scheduler.queued()).isEqualTo(accepted);
      assertThat(scheduler.now().bits()).isEqualTo(accepted);
      assertThat(log.nextIndex()).isEqualTo(accepted);
      failing[0] = false;
      assertThat(scheduler.enqueue(Task.pure(7, 7))).isInstanceOf(Enqueued.Accepted.class);
    }
  }

  @Test
  void sinkThatFailsInARound_stopsTheSchedulerByName() {
    boolean[] failing = {false};
    SchedulerConfig config = SchedulerConfig.ofCores(1);
    EvidenceLog log =
        EvidenceLog.builder(config.header())
            .batchRecords(1)
            .retention(Retention.records(2))
            .sink(
                batch -> {
                  if (failing[0]) {
                    throw new IllegalStateException("the disk is full");
                  }
                },
                new SinkPolicy.Block(20))
            .build();
    DeterministicScheduler scheduler = DeterministicScheduler.builder(config).log(log).build();
    for (int id = 0; id < 64; id++) {
      scheduler.enqueue(Task.pure(id, id));
    }
    failing[0] = true;
    assertThatThrownBy(scheduler::runRound)
        .isInstanceOf(SchedulerStopped.class)
        .hasRootCauseMessage("the disk is full");
    assertThatThrownBy(() -> scheduler.submit(Task.pure(1, 1)))
        .isInstanceOf(SchedulerStopped.class)
        .hasMessageContaining("SinkFailed");
    failing[0] = false;
    scheduler.close();
  }

  @Test
  void brokenInvariantOfATask_stopsTheScheduler() {
    ProgramTable programs =
        ProgramTable.builder()
            .add(
                1,
                (context, argument) -> {
                  throw new InvariantViolation("books-balance", "they do not");
                })
            .build();
    DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(2))
            .programs(programs)
            .threads(2)
            .build();
    scheduler.enqueue(Task.call(0, 1, Payload.EMPTY));
    scheduler.enqueue(Task.call(1, 1, Payload.EMPTY));
    assertThatThrownBy(scheduler::runRound)
        .isInstanceOf(SchedulerStopped.class)
        .hasMessageContaining("books-balance");
    assertThatThrownBy(scheduler::runOrdered).isInstanceOf(SchedulerStopped.class);
    scheduler.close();
  }

  @Test
  void executorThatRefuses_costsSpeedOnly() {
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(4))
            .threads(
                4,
                work -> {
                  throw new OutOfMemoryError("no more threads");
                })
            .build()) {
      for (int id = 0; id < 8; id++) {
        scheduler.enqueue(Task.pure(id, id));
      }
      assertThat(scheduler.runRound().executed()).isEqualTo(8);
    }
  }

  @Test
  void payloadsAndStateNames_atTheirBounds_areExactOnBothSides() {
    assertThat(Payload.of(new byte[Payload.MAX_BYTES]).length()).isEqualTo(1 << 20);
    assertThatThrownBy(() -> Payload.of(new byte[Payload.MAX_BYTES + 1]))
        .hasMessageContaining("1048577; 0 to 1048576");
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.externalInput("n".repeat(512), Payload.EMPTY);
      assertThatThrownBy(() -> scheduler.externalInput("n".repeat(513), Payload.EMPTY))
          .hasMessageContaining("513 characters; 1 to 512");
      assertThatThrownBy(() -> scheduler.externalInput("", Payload.EMPTY))
          .hasMessageContaining("0 characters");
      assertThatThrownBy(() -> scheduler.externalInput("\ud800", Payload.EMPTY))
          .hasMessageContaining("surrogate");
      assertThat(scheduler.state()).hasSize(1);
    }
  }

  @Test
  void contextThatEscapes_isUselessOutsideItsTask() {
    TaskContext[] escaped = new TaskContext[1];
    ProgramTable programs =
        ProgramTable.builder()
            .add(
                1,
                (context, argument) -> {
                  escaped[0] = context;
                  return Hash256.ZERO;
                })
            .build();
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(1)).programs(programs).build()) {
      scheduler.enqueue(Task.call(3, 1, Payload.EMPTY));
      scheduler.runRound();
      assertThatThrownBy(() -> escaped[0].emit(Task.pure(1, 1)))
          .isInstanceOf(ForeignAccess.class)
          .hasMessageContaining("task 3");
      assertThatThrownBy(() -> escaped[0].local()).isInstanceOf(ForeignAccess.class);
    }
  }

  @Test
  void taskThatCallsItsOwnScheduler_fails() {
    DeterministicScheduler[] self = new DeterministicScheduler[1];
    ProgramTable programs =
        ProgramTable.builder()
            .add(
                1,
                (context, argument) -> {
                  self[0].runRound();
                  return Hash256.ZERO;
                })
            .build();
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(1)).programs(programs).build()) {
      self[0] = scheduler;
      scheduler.enqueue(Task.call(1, 1, Payload.EMPTY));
      assertThat(scheduler.runRound().failed()).isEqualTo(1);
    }
  }

  @Test
  void explain_ofATask_tellsItsStoryInOrder() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(2))) {
      scheduler.enqueue(Task.pure(7, 1));
      scheduler.enqueue(Task.pure(8, 1));
      scheduler.runRound();
      RecordCatalog catalog = SchedulerRecords.catalog();
      assertThat(scheduler.log().explain(Subject.task(7), catalog))
          .extracting(each -> each.type().name())
          .containsExactly("TASK_ENQUEUED", "TASK_EXECUTED");
    }
  }

  static List<TaskOutcome> outcomes(DeterministicScheduler scheduler) {
    return ReplayLog.of(scheduler.log()).events().stream()
        .filter(TaskOutcome.class::isInstance)
        .map(TaskOutcome.class::cast)
        .toList();
  }

  static List<Long> executedIds(DeterministicScheduler scheduler) {
    return outcomes(scheduler).stream().map(TaskOutcome::taskId).toList();
  }

  static DeterministicScheduler schedulerOf(SchedulerConfig config) {
    return DeterministicScheduler.builder(config)
        .programs(Programs.table())
        .guards(Programs.guards())
        .build();
  }

  @Test
  void budget_ofExactlyTheCostRunsAndOfOneLessFails() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.enqueue(Task.pure(1, 1).withBudgetTicks(2));
      scheduler.enqueue(Task.pure(2, 2).withBudgetTicks(1));
      scheduler.enqueue(countTask(3, 7));
      scheduler.enqueue(countTask(4, 8));
      scheduler.enqueue(Task.pure(5, 5));
      RoundResult result = scheduler.runRound();
      assertThat(result.executed()).isEqualTo(3);
      assertThat(result.failed()).isEqualTo(2);
      assertThat(outcomes(scheduler))
          .filteredOn(SchedulerEvent.TaskFailed.class::isInstance)
          .containsExactly(
              new SchedulerEvent.TaskFailed(2, 0, Timestamp.of(7), 2, Failure.BUDGET, ""),
              new SchedulerEvent.TaskFailed(4, 0, Timestamp.of(9), 9, Failure.BUDGET, ""));
    }
  }

  private static Task countTask(long id, long ticks) {
    return Task.call(id, Programs.COUNT, Payload.ofLong(ticks));
  }
}
