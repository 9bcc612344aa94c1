package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.SchedulerConfig.Mapping;
import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal inputs give a byte-identical log, whatever the number of threads. */
class RoundDeterminismTest {
  private static final int SEEDS = 15;
  private static final int FULLY_COMPARED = 3;

  private static ExecutorService threads;

  @BeforeAll
  static void startThreads() {
    threads = Executors.newFixedThreadPool(8);
  }

  @AfterAll
  static void stopThreads() {
    threads.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 64, 255, 256})
  void logs_of1And2And4And8Threads_areIdentical(int cores) {
    for (long seed = 0; seed < SEEDS; seed++) {
      SchedulerConfig config = configOf(cores, seed);
      Run alone = run(config, 1);
      assertThat(alone.point.index()).isGreaterThan(200);
      for (int count : new int[] {2, 4, 8}) {
        Run together = run(config, count);
        assertThat(together.point)
            .as("cores %d seed %d threads %d", cores, seed, count)
            .isEqualTo(alone.point);
        if (seed < FULLY_COMPARED) {
          assertThat(together.records).isEqualTo(alone.records);
        }
      }
    }
  }

  @Test
  void tasks_ofOneRound_reallyRunOnSeveralThreads() throws Exception {
    AtomicInteger waiting = new AtomicInteger(2);
    ProgramTable programs =
        ProgramTable.builder()
            .add(
                1,
                (context, argument) -> {
                  // each task waits for the other: one thread alone would never return
                  waiting.decrementAndGet();
                  while (waiting.get() > 0) {
                    Thread.onSpinWait();
                  }
                  return Hash256.ZERO;
                })
            .build();
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(SchedulerConfig.ofCores(2))
            .programs(programs)
            .threads(2)
            .build()) {
      scheduler.enqueue(Task.call(0, 1, Payload.EMPTY));
      scheduler.enqueue(Task.call(1, 1, Payload.EMPTY));
      assertThat(scheduler.runRound().executed()).isEqualTo(2);
    }
  }

  @Test
  void executorThatRunsNothing_costsSpeedOnly() {
    SchedulerConfig config = configOf(7, 1);
    Run lonely;
    try (DeterministicScheduler scheduler = builderOf(config).threads(8, neverRun -> {}).build()) {
      lonely = drive(scheduler, 1);
    }
    assertThat(lonely.point).isEqualTo(run(config, 1).point);
  }

  @Test
  void ownThreads_giveTheSameLogAsTheHosts() {
    SchedulerConfig config = configOf(64, 5);
    Run own;
    try (DeterministicScheduler scheduler = builderOf(config).threads(4).build()) {
      own = drive(scheduler, 5);
    }
    assertThat(own.point).isEqualTo(run(config, 4).point);
  }

  @Test
  void otherSeed_givesAnotherLogOfTheSameInputs() {
    Run one;
    Run two;
    try (DeterministicScheduler a = builderOf(configOf(7, 1)).build();
        DeterministicScheduler b = builderOf(configOf(7, 3)).build()) {
      one = drive(a, 1);
      two = drive(b, 1);
    }
    assertThat(one.point.hash()).isNotEqualTo(two.point.hash());
  }

  /** Where a run's chain ended, and its records. */
  record Run(ChainPoint point, List<EvidenceRecord> records) {}

  static SchedulerConfig configOf(int cores, long seed) {
    return SchedulerConfig.builder(cores)
        .seed(seed)
        .quantum((int) (1 + seed % 7))
        .queueCapacity(64)
        .mapping(seed % 2 == 0 ? Mapping.MODULO : Mapping.MIXING)
        .build();
  }

  static DeterministicScheduler.Builder builderOf(SchedulerConfig config) {
    return DeterministicScheduler.builder(config)
        .programs(Programs.table())
        .guards(Programs.guards());
  }

  private static Run run(SchedulerConfig config, int count) {
    try (DeterministicScheduler scheduler = builderOf(config).threads(count, threads).build()) {
      return drive(scheduler, config.seed());
    }
  }

  /** Runs a scheduler with drawn inputs: tasks of all kinds, inputs, rounds, steps. */
  static Run drive(DeterministicScheduler scheduler, long inputSeed) {
    SplittableRandom random = new SplittableRandom(inputSeed);
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 12; i++) {
        scheduler.enqueue(draw(random));
      }
      scheduler.enqueueOrdered(draw(random), Timestamp.of(random.nextInt(400)));
      if (random.nextInt(3) == 0) {
        scheduler.externalInput("open", Payload.ofLong(random.nextLong()));
      }
      scheduler.runRound();
      scheduler.stepCore(random.nextInt(scheduler.config().cores()));
    }
    while (!scheduler.runRound().isIdle()) {
      assertThat(scheduler.round()).isLessThan(10_000);
    }
    return new Run(scheduler.log().point(), ReplayLog.of(scheduler.log()).records());
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
    Task ranked = task.withPriority(Priority.ofLevel(random.nextInt(3)));
    return random.nextInt(3) == 0
        ? ranked.withGuards(Programs.ALWAYS, Programs.IF_OPEN, Programs.EVEN_TASK)
        : ranked;
  }
}
