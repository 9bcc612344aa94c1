package dev.stowage.benchmarks.deterministic;

import dev.stowage.deterministic.DeterministicScheduler;
import dev.stowage.deterministic.RoundResult;
import dev.stowage.deterministic.SchedulerConfig;
import dev.stowage.deterministic.Task;
import dev.stowage.evidence.EvidenceLog;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A task's whole way, amortised: enqueued, run in a round, its two records encoded and appended.
 * 1,024 tasks on 16 cores a round. Targets: at most 230 ns without SHA-256, at most 1,000 ns with
 * it on one thread, and less with two.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RoundBenchmark {
  private static final int TASKS = 1024;

  /** Which setting: hashing none, or on the only thread, or beside it on a second one. */
  @Param({"unhashed", "oneThread", "twoThreads"})
  public String setting = "oneThread";

  private final Task[] tasks = new Task[TASKS];
  private final ExecutorService hasher =
      Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "hasher");
        thread.setDaemon(true);
        return thread;
      });
  private DeterministicScheduler scheduler = schedulerOf(setting);

  private DeterministicScheduler schedulerOf(String name) {
    SchedulerConfig config = SchedulerConfig.ofCores(16);
    EvidenceLog.Builder log = EvidenceLog.builder(config.header());
    if (name.equals("unhashed")) {
      log.unchained();
    } else if (name.equals("twoThreads")) {
      log.hashing(hasher);
    }
    return DeterministicScheduler.builder(config).log(log.build()).build();
  }

  /** Builds the scheduler of the setting, and the tasks. */
  @Setup
  public void build() {
    scheduler.close();
    scheduler = schedulerOf(setting);
    for (int i = 0; i < TASKS; i++) {
      tasks[i] = Task.pure(i, i);
    }
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    scheduler.log().close();
    scheduler.close();
    hasher.shutdown();
  }

  /** Runs one round; measured per task. */
  @Benchmark
  @OperationsPerInvocation(TASKS)
  public RoundResult round() {
    for (Task task : tasks) {
      scheduler.enqueue(task);
    }
    return scheduler.runRound();
  }
}
