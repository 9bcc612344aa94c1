package dev.stowage.sim.kit.world;

import dev.stowage.deterministic.DeterministicScheduler;
import dev.stowage.deterministic.Payload;
import dev.stowage.deterministic.SchedulerConfig;
import dev.stowage.deterministic.Task;
import dev.stowage.deterministic.TaskTable;
import dev.stowage.evidence.Hash256;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a part of a round for each portal or worker, as tasks of a {@link DeterministicScheduler}
 * with {@value #CORES} logical cores. A member belongs to the core of its place. A part may change
 * its own member and read what no part changes; what it says to others it leaves with its member,
 * and the world applies that in the order of places. So the number of threads decides nothing.
 */
final class RoundTasks implements AutoCloseable {
  private static final int CORES = 16;
  private static final int PROGRAM = 0;

  private final ExecutorService helpers;
  private final DeterministicScheduler scheduler;
  private final @Nullable RuntimeException[] failures = new @Nullable RuntimeException[CORES];
  private IntConsumer part = place -> {};
  private int members;

  /** Creates tasks that run on 1 to 256 threads, the caller's included. */
  RoundTasks(int threads) {
    helpers =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            work -> {
              Thread thread = new Thread(work, "stowage-round");
              thread.setDaemon(true);
              return thread;
            });
    scheduler =
        DeterministicScheduler.of(
            SchedulerConfig.ofCores(CORES),
            new TaskTable(Map.of(PROGRAM, (context, none) -> run(context.core())), Map.of()),
            threads == 1 ? Runnable::run : helpers);
  }

  /** Runs a part for the places 0 to {@code count - 1}; throws what the first of them threw. */
  void each(int count, IntConsumer next) {
    part = next;
    members = count;
    for (int core = 0; core < Math.min(CORES, count); core++) {
      failures[core] = null;
      scheduler.enqueue(Task.call(core, PROGRAM, Payload.EMPTY));
    }
    scheduler.runRound();
    for (int core = 0; core < Math.min(CORES, count); core++) {
      RuntimeException failure = failures[core];
      if (failure != null) {
        throw failure;
      }
    }
  }

  private Hash256 run(int core) {
    try {
      for (int place = core; place < members; place += CORES) {
        part.accept(place);
      }
    } catch (RuntimeException failed) {
      failures[core] = failed;
    }
    return Hash256.ZERO;
  }

  @Override
  public void close() {
    helpers.shutdownNow();
  }
}
