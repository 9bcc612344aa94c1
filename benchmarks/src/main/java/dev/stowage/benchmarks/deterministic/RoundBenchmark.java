package dev.stowage.benchmarks.deterministic;

import dev.stowage.deterministic.DeterministicScheduler;
import dev.stowage.deterministic.SchedulerConfig;
import dev.stowage.deterministic.SchedulerEvent.RoundEnded;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.TaskTable;
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
 * A task's whole way, amortised: enqueued, run in a round, its three records encoded and appended.
 * 1,024 tasks on 16 cores a round. Targets: at most 1,000 ns with SHA-256 on one thread, and less
 * with two.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RoundBenchmark {
  private static final int TASKS = 1024;
  private static final SchedulerConfig CONFIG = SchedulerConfig.ofCores(16);

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
  private EvidenceLog log = logOf(setting);
  private DeterministicScheduler scheduler = schedulerOf(log);

  private EvidenceLog logOf(String name) {
    EvidenceLog.Builder built =
        EvidenceLog.builder(DeterministicScheduler.header(CONFIG, "benchmark"));
    if (name.equals("unhashed")) {
      built.unchained();
    } else if (name.equals("twoThreads")) {
      built.hashing(hasher);
    }
    return built.build();
  }

  private static DeterministicScheduler schedulerOf(EvidenceLog log) {
    return DeterministicScheduler.recording(CONFIG, TaskTable.EMPTY, Runnable::run, log);
  }

  /** Builds the scheduler of the setting, and the tasks. */
  @Setup
  public void build() {
    log.close();
    log = logOf(setting);
    scheduler = schedulerOf(log);
    for (int i = 0; i < TASKS; i++) {
      tasks[i] = Task.pure(i, i);
    }
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    log.close();
    hasher.shutdown();
  }

  /** Runs one round; measured per task. */
  @Benchmark
  @OperationsPerInvocation(TASKS)
  public RoundEnded round() {
    for (Task task : tasks) {
      scheduler.enqueue(task);
    }
    return scheduler.runRound();
  }
}
