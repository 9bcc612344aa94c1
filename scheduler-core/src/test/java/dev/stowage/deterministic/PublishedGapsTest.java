package dev.stowage.deterministic;

import static dev.stowage.deterministic.DeterministicSchedulerTest.executedIds;
import static dev.stowage.deterministic.DeterministicSchedulerTest.outcomes;
import static dev.stowage.deterministic.DeterministicSchedulerTest.schedulerOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.SchedulerEvent.Enqueued;
import dev.stowage.deterministic.SchedulerEvent.Failure;
import dev.stowage.deterministic.Task.TaskOutcome;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Retention;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Claims that the published system makes and does not keep, and that no other test names. */
class PublishedGapsTest {
  @Test
  void twoRunsInOneProcess_logTheSameBytes() {
    List<List<EvidenceRecord>> runs = List.of(twentyStepped(), twentyStepped());
    assertThat(runs.get(0)).hasSize(60).isEqualTo(runs.get(1));
  }

  private static List<EvidenceRecord> twentyStepped() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(4))) {
      for (int id = 1; id <= 20; id++) {
        scheduler.enqueue(Task.pure(id, id));
      }
      for (int id = 1; id <= 20; id++) {
        scheduler.stepCore(id % 4);
      }
      return ReplayLog.of(scheduler.log()).records();
    }
  }

  @Test
  void ticks_areWhatTheWorkDeclaresAndCounts_withoutOverhead() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.enqueue(Task.pure(1, 1));
      scheduler.enqueue(Task.observation(2, Payload.EMPTY));
      scheduler.enqueue(Task.observation(2, Payload.EMPTY).withGuards(0, 3));
      scheduler.enqueue(Task.call(3, Programs.COUNT, Payload.ofLong(7)));
      scheduler.enqueue(Task.pure(4, 1).withGuards(0, 0, 0, 0, 0, 0));
      scheduler.runRound();
      assertThat(outcomes(scheduler))
          .extracting(TaskOutcome::ticks)
          .containsExactly(2L, 5L, 7L, 8L, 8L);
      assertThat(outcomes(scheduler)).hasOnlyElementsOfType(SchedulerEvent.TaskExecuted.class);
    }
  }

  @Test
  void orderedTask_isRunByTheNextRoundAndMovesTheClock() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(4))) {
      scheduler.enqueueOrdered(Task.pure(1, 1), Timestamp.of(1000));
      assertThat(scheduler.now()).isEqualTo(Timestamp.ZERO);
      assertThat(scheduler.runRound().executed()).isEqualTo(1);
      assertThat(scheduler.now()).isEqualTo(Timestamp.of(1001));
      assertThat(scheduler.queuedOrdered()).isZero();
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
  void pureTask_ofCostTwoAndBudgetOne_fails() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.enqueue(Task.pure(1, 1).withBudgetTicks(1));
      assertThat(scheduler.runRound().failed()).isEqualTo(1);
    }
  }

  @Test
  void guards_areEvaluatedBeforeTheWorkAndNamedForWhatTheyAre() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      Task observation = Task.observation(2, Payload.EMPTY);
      scheduler.enqueue(observation.withGuards(Programs.ALWAYS, Programs.EVEN_TASK));
      scheduler.enqueue(Task.call(1, Programs.ADD, Payload.ofLong(1)).withGuards(Programs.NEVER));
      RoundResult result = scheduler.runRound();
      assertThat(result.executed()).as("an observation can succeed").isEqualTo(1);
      assertThat(result.rejected()).isEqualTo(1);
      assertThat(scheduler.state()).as("the rejected task did nothing").isEmpty();
      assertThat(outcomes(scheduler).get(1))
          .isInstanceOfSatisfying(
              SchedulerEvent.TaskRejected.class,
              rejected -> assertThat(rejected.guardId()).isEqualTo(Programs.NEVER));
    }
  }

  @Test
  void everyTaskTaken_leavesExactlyOneOutcome() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(3))) {
      for (int id = 0; id < 30; id++) {
        scheduler.enqueue(
            switch (id % 5) {
              case 0 -> Task.pure(id, id);
              case 1 -> Task.call(id, Programs.THROW, Payload.EMPTY);
              case 2 -> Task.pure(id, id).withBudgetTicks(0);
              case 3 -> Task.pure(id, id).withGuards(Programs.NEVER);
              default -> Task.call(id, Programs.ENDLESS, Payload.EMPTY);
            });
      }
      RoundResult result = scheduler.runRound();
      assertThat(result.ran()).isEqualTo(30);
      assertThat(executedIds(scheduler)).hasSize(30).doesNotHaveDuplicates();
      assertThat(result.executed()).isEqualTo(6);
      assertThat(result.failed()).isEqualTo(18);
      assertThat(result.rejected()).isEqualTo(6);
    }
  }

  @Test
  void highTask_enqueuedLast_runsFirst() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(1))) {
      scheduler.enqueue(Task.pure(1, 1).withPriority(Priority.LOW));
      scheduler.enqueue(Task.pure(2, 1).withPriority(Priority.NORMAL));
      scheduler.enqueue(Task.pure(3, 1).withPriority(Priority.NORMAL));
      scheduler.enqueue(Task.pure(4, 1).withPriority(Priority.HIGH));
      scheduler.runRound();
      assertThat(executedIds(scheduler)).containsExactly(4L, 2L, 3L, 1L);
    }
  }

  @Test
  void twoHundredAndFiftySixCores_andCore255_areOrdinary() {
    try (DeterministicScheduler scheduler = schedulerOf(SchedulerConfig.ofCores(256))) {
      scheduler.enqueue(Task.pure(255, 1));
      scheduler.enqueueOrdered(Task.pure(3, 1), Timestamp.of(1), 255);
      scheduler.runRound();
      assertThat(outcomes(scheduler)).extracting(TaskOutcome::core).containsOnly(255);
      assertThat(scheduler.config().header().cores()).isEqualTo(256);
    }
  }

  @Test
  void refusalsFailuresInputsAndStateChanges_areInTheLog() {
    SchedulerConfig config = SchedulerConfig.builder(1).queueCapacity(2).build();
    try (DeterministicScheduler scheduler = schedulerOf(config)) {
      scheduler.enqueue(Task.call(1, Programs.THROW, Payload.EMPTY));
      scheduler.enqueue(Task.call(2, Programs.ADD, Payload.ofLong(1)));
      long clock = scheduler.now().bits();
      assertThat(scheduler.enqueue(Task.pure(3, 3))).isInstanceOf(Enqueued.Refused.class);
      assertThat(scheduler.now().bits()).as("a refusal does not tick").isEqualTo(clock);
      scheduler.externalInput("open", Payload.EMPTY);
      scheduler.runRound();
      List<SchedulerEvent> events = ReplayLog.of(scheduler.log()).events();
      assertThat(events.get(2)).isInstanceOf(SchedulerEvent.TaskRefused.class);
      assertThat(events.get(3)).isInstanceOf(SchedulerEvent.ExternalInput.class);
      assertThat(events.get(4))
          .isInstanceOfSatisfying(
              SchedulerEvent.TaskFailed.class,
              failed -> assertThat(failed.failure()).isEqualTo(Failure.THROWN));
      assertThat(events.get(6)).isInstanceOf(SchedulerEvent.StateChange.class);
    }
  }

  @Test
  void memory_ofALongRunStaysWithinItsBounds() {
    SchedulerConfig config = SchedulerConfig.ofCores(2);
    EvidenceLog log =
        EvidenceLog.builder(config.header()).retention(Retention.records(1000)).build();
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(config).log(log).build()) {
      for (int id = 0; id < 5000; id++) {
        scheduler.enqueue(Task.pure(id, id));
        if (id % 100 == 99) {
          scheduler.runRound();
        }
      }
      assertThat(log.nextIndex()).isGreaterThan(10_000);
      assertThat(log.stats().keptRecords()).isLessThanOrEqualTo(1000);
    }
  }
}
