package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.SchedulerConfig.Mapping;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.Replayer.ReplayComparison;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal inputs give a byte-identical log, whatever the number of threads. */
class RoundDeterminismTest {
  private static final int SEEDS = 100;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 64, 255, 256})
  void logs_of1And2And4And8Threads_areIdentical(int cores) {
    List<Trial> alone =
        LongStream.range(0, SEEDS)
            .mapToObj(seed -> driven(configOf(cores, seed), Runnable::run))
            .toList();
    for (int threads : new int[] {2, 4, 8}) {
      ExecutorService helpers = Executors.newFixedThreadPool(threads - 1);
      try {
        for (int seed = 0; seed < SEEDS; seed++) {
          Trial together = driven(configOf(cores, seed), helpers);
          assertThat(alone.get(seed).log.nextIndex()).isGreaterThan(200);
          assertThat(together.log.point())
              .as("cores %d seed %d threads %d", cores, seed, threads)
              .isEqualTo(alone.get(seed).log.point());
        }
      } finally {
        helpers.shutdownNow();
      }
    }
  }

  @Test
  void tasks_ofOneRound_reallyRunOnSeveralThreads() {
    AtomicInteger waiting = new AtomicInteger(2);
    TaskProgram meet =
        (context, argument) -> {
          // each task waits for the other: one thread alone would never return
          waiting.decrementAndGet();
          while (waiting.get() > 0) {
            Thread.onSpinWait();
          }
          return context.task().argument().hash();
        };
    ExecutorService helper = Executors.newSingleThreadExecutor();
    try {
      DeterministicScheduler scheduler =
          DeterministicScheduler.of(
              SchedulerConfig.ofCores(2), new TaskTable(Map.of(1, meet), Map.of()), helper);
      scheduler.enqueue(Task.call(0, 1, Payload.EMPTY));
      scheduler.enqueue(Task.call(1, 1, Payload.EMPTY));
      assertThat(scheduler.runRound().ran()).isEqualTo(2);
    } finally {
      helper.shutdownNow();
    }
  }

  @Test
  void executorThatRunsNothing_orRefuses_costsSpeedOnly() {
    Executor refusing =
        work -> {
          throw new OutOfMemoryError("no more threads");
        };
    for (Executor helpers : List.<Executor>of(neverRun -> {}, refusing)) {
      assertThat(driven(configOf(7, 1), helpers).log.point())
          .isEqualTo(driven(configOf(7, 1), Runnable::run).log.point());
    }
  }

  @Test
  void otherSeed_givesAnotherLogOfTheSameInputs() {
    Trial one = drive(new Trial(Trial.config(7, 1, Mapping.MODULO, 2)), 1);
    Trial two = drive(new Trial(Trial.config(7, 3, Mapping.MODULO, 2)), 1);
    assertThat(ReplayComparison.of(one.records(), two.records()).isExact()).isFalse();
  }

  static SchedulerConfig configOf(int cores, long seed) {
    Mapping mapping = seed % 2 == 0 ? Mapping.MODULO : Mapping.MIXING;
    return Trial.config(cores, seed, mapping, (int) (1 + seed % 7));
  }

  static Trial driven(SchedulerConfig config, Executor helpers) {
    return drive(new Trial(config, Programs.TABLE, helpers), config.start().seed());
  }

  /** Runs a scheduler with drawn inputs: tasks of all kinds, inputs, rounds, steps. */
  private static Trial drive(Trial trial, long inputSeed) {
    SplittableRandom random = new SplittableRandom(inputSeed);
    DeterministicScheduler scheduler = trial.scheduler;
    for (int round = 0; round < 6; round++) {
      IntStream.range(0, 12).forEach(each -> scheduler.enqueue(draw(random)));
      scheduler.enqueueOrdered(
          draw(random), new Timestamp(random.nextInt(400)), OptionalInt.empty());
      if (random.nextInt(3) == 0) {
        scheduler.externalInput("open", Payload.ofLong(random.nextLong()));
      }
      scheduler.runRound();
      scheduler.stepCore(0);
    }
    for (int round = 0; !scheduler.runRound().isIdle(); round++) {
      assertThat(round).isLessThan(10_000);
    }
    return trial;
  }

  private static Task draw(SplittableRandom random) {
    long id = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(40);
    Task task =
        switch (random.nextInt(6)) {
          case 0 -> Task.pure(id, random.nextLong());
          case 1 -> Task.observation(id, Payload.ofLong(id));
          case 2 -> Task.call(id, Programs.ADD, Payload.ofLong(id));
          default -> Task.call(id, Programs.MIXED, Payload.ofLong(random.nextInt(4)));
        };
    Task ranked = task.withPriority(Programs.priority(random.nextInt(3)));
    return random.nextInt(3) == 0
        ? ranked.withGuards(Programs.ALWAYS, Programs.IF_OPEN, Programs.EVEN_TASK)
        : ranked;
  }
}
