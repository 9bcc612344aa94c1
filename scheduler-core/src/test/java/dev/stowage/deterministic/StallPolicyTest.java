package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.SchedulerEvent.Failure;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.Replayer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StallPolicyTest {
  private static final int BLOCK = 1;
  private static final int DONE = 2;

  private final CountDownLatch never = new CountDownLatch(1);

  private ProgramTable programs() {
    return ProgramTable.builder()
        .add(
            BLOCK,
            (context, argument) -> {
              context.local().replace(Payload.ofLong(666));
              context.emit(Task.pure(1, 1));
              never.await();
              return Hash256.ZERO;
            })
        .add(
            DONE,
            (context, argument) ->
                new Hash256(context.task().id(), context.local().value().asLong(), 0, 0))
        .build();
  }

  private static void enqueueAround(DeterministicScheduler scheduler) {
    for (int id = 0; id < 12; id++) {
      scheduler.enqueue(Task.call(id, id == 4 ? BLOCK : DONE, Payload.EMPTY));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void blockingTask_thatTheHostGivesUp_failsAndLosesNothingElse(int threads) {
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(3))
            .programs(programs())
            .threads(threads)
            .stallPolicy(running -> running.taskId() == 4 && running.timesAsked() >= 3)
            .build()) {
      enqueueAround(scheduler);
      RoundResult first = scheduler.runRound();
      assertThat(first.failed()).isEqualTo(1);
      assertThat(first.emitted()).isZero();
      assertThat(first.executed()).as("core 1 stopped behind its blocked task").isEqualTo(9);
      assertThat(scheduler.runRound().executed()).isEqualTo(2);
      assertThat(DeterministicSchedulerTest.outcomes(scheduler))
          .filteredOn(outcome -> outcome.taskId() == 4)
          .containsExactly(
              new SchedulerEvent.TaskFailed(4, 1, Timestamp.of(18), 0, Failure.BLOCKED, ""));
      assertThat(ReplayLog.of(scheduler.log()).frames().get(0))
          .isEqualTo(
              new SchedulerEvent.RoundStarted(
                  0, Timestamp.of(12), List.of(new SchedulerEvent.Abandoned(1, 1))));
    }
  }

  @Test
  void recordingWithABlockedTask_isReplayedWithoutRunningIt() {
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(3))
            .programs(programs())
            .threads(2)
            .stallPolicy(running -> running.taskId() == 4 && running.timesAsked() >= 3)
            .build()) {
      enqueueAround(scheduler);
      scheduler.runRound();
      scheduler.runRound();
      assertThat(
              Replayer.run(
                      scheduler.log().header(),
                      scheduler.log().records(),
                      SchedulerReplay.factory(programs(), GuardTable.empty()))
                  .requireSame()
                  .head())
          .isEqualTo(scheduler.log().point());
    }
  }

  @Test
  void patientPolicy_givesTheSameLogAsNone() {
    SchedulerConfig config = RoundDeterminismTest.configOf(7, 3);
    try (DeterministicScheduler watched =
            RoundDeterminismTest.builderOf(config)
                .threads(3)
                .stallPolicy(running -> false)
                .build();
        DeterministicScheduler alone = RoundDeterminismTest.builderOf(config).build()) {
      assertThat(RoundDeterminismTest.drive(watched, 3).point())
          .isEqualTo(RoundDeterminismTest.drive(alone, 3).point());
    }
  }

  @Test
  void abandonedTask_thatComesBackLate_changesNothing() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch returned = new CountDownLatch(1);
    ProgramTable stubborn =
        ProgramTable.builder()
            .add(
                BLOCK,
                (context, argument) -> {
                  boolean waiting = true;
                  while (waiting) {
                    try {
                      release.await();
                      waiting = false;
                    } catch (InterruptedException ignoredOnPurpose) {
                      waiting = true;
                    }
                  }
                  context.emit(Task.pure(1, 1));
                  returned.countDown();
                  return Hash256.ZERO;
                })
            .build();
    ExecutorService hosted = Executors.newCachedThreadPool();
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(2))
            .programs(stubborn)
            .threads(2, hosted)
            .stallPolicy(running -> running.taskId() == 4)
            .build()) {
      scheduler.enqueue(Task.call(4, BLOCK, Payload.EMPTY));
      assertThat(scheduler.runRound().failed()).isEqualTo(1);
      scheduler.enqueue(Task.pure(6, 6));
      release.countDown();
      returned.await();
      assertThat(scheduler.runRound().executed()).isEqualTo(1);
      assertThat(scheduler.queued()).isZero();
    } finally {
      hosted.shutdownNow();
    }
  }
}
