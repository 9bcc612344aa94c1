package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.queues.Timestamp;
import dev.stowage.evidence.Verification;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The scheduler against the naive truth, event by event. */
class SchedulerModelTest {
  @Property(seed = "1")
  void scheduler_underAnyCalls_logsWhatTheNaiveModelExpects(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int cores) {
    Random random = new Random(seed);
    SchedulerConfig config =
        SchedulerConfig.builder(cores)
            .quantum(1 + random.nextInt(5))
            .queueCapacity(1 + random.nextInt(12))
            .orderedCapacity(1 + random.nextInt(6))
            .starvationBound(1 + random.nextInt(4))
            .initialClock(Timestamp.of(random.nextBoolean() ? 0 : Long.MAX_VALUE - 20))
            .build();
    NaiveScheduler naive = new NaiveScheduler(config);
    try (DeterministicScheduler scheduler =
        DeterministicScheduler.builder(config).programs(Programs.table()).build()) {
      for (int call = 0; call < 60; call++) {
        callBoth(scheduler, naive, random);
      }
      ReplayLog log = ReplayLog.of(scheduler.log());
      assertThat(log.everything()).isEqualTo(naive.events());
      assertThat(log.verify()).isInstanceOf(Verification.Intact.class);
    }
  }

  private static void callBoth(
      DeterministicScheduler scheduler, NaiveScheduler naive, Random random) {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        Task task = drawTask(random);
        scheduler.enqueue(task);
        naive.enqueue(task, SchedulerEvent.Origin.HOST);
      }
      case 3 -> {
        Task task = drawTask(random);
        long timestamp = scheduler.now().bits() + random.nextInt(40) - 10;
        long legal =
            timestamp < 0 && scheduler.now().bits() >= 0 && timestamp > -11 ? 0 : timestamp;
        scheduler.enqueueOrdered(task, Timestamp.of(legal));
        naive.enqueueOrdered(task, legal);
      }
      case 4 -> {
        int core = random.nextInt(scheduler.config().cores());
        scheduler.stepCore(core);
        naive.step(core);
      }
      case 5 -> {
        if (random.nextInt(4) == 0) {
          scheduler.runOrdered();
          naive.runOrdered();
        }
      }
      default -> {
        scheduler.runRound();
        naive.runRound();
      }
    }
  }

  private static Task drawTask(Random random) {
    long id = random.nextInt(5) == 0 ? random.nextLong() : random.nextInt(30);
    Task task =
        random.nextBoolean()
            ? Task.pure(id, random.nextLong())
            : Task.call(id, Programs.SPAWN, Payload.ofLong(random.nextInt(3)));
    return task.withPriority(Priority.ofLevel(random.nextInt(3)))
        .withBudgetTicks(random.nextInt(8) == 0 ? random.nextInt(3) : 8);
  }
}
