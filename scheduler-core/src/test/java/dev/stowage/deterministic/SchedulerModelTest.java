package dev.stowage.deterministic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.deterministic.SchedulerConfig.Mapping;
import dev.stowage.deterministic.SchedulerConfig.ReplaySeed;
import dev.stowage.deterministic.queues.LogicalClock.Timestamp;
import dev.stowage.evidence.Verifier;
import dev.stowage.evidence.Verifier.Verification;
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
    long start = random.nextBoolean() ? 0 : Long.MAX_VALUE - 20;
    SchedulerConfig config =
        new SchedulerConfig(
            new ReplaySeed(0, new Timestamp(start), cores),
            Mapping.MODULO,
            1 + random.nextInt(5),
            1 + random.nextInt(40),
            1 + random.nextInt(6));
    NaiveScheduler naive = new NaiveScheduler(config);
    Trial trial = new Trial(config);
    for (int call = 0; call < 60; call++) {
      callBoth(trial, naive, random);
    }
    assertThat(trial.events()).isEqualTo(naive.events());
    assertThat(Verifier.verify(trial.log.anchor(), trial.records()))
        .isInstanceOf(Verification.Intact.class);
  }

  private static void callBoth(Trial trial, NaiveScheduler naive, Random random) {
    DeterministicScheduler scheduler = trial.scheduler;
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        for (int tasks = random.nextInt(8); tasks >= 0; tasks--) {
          Task task = drawTask(random);
          scheduler.enqueue(task);
          naive.enqueue(task);
        }
      }
      case 3 -> {
        Task task = drawTask(random);
        long timestamp = scheduler.now().bits() + random.nextInt(40) - 10;
        long legal =
            timestamp < 0 && scheduler.now().bits() >= 0 && timestamp > -11 ? 0 : timestamp;
        trial.enqueueAt(legal, task);
        naive.enqueueOrdered(task, legal);
      }
      case 4 -> {
        int core = random.nextInt(naive.cores());
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
    return task.withPriority(Programs.priority(random.nextInt(3)))
        .withBudgetTicks(random.nextInt(8) == 0 ? random.nextInt(3) : 8);
  }
}
