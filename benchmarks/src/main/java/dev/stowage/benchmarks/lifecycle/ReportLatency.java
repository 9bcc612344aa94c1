package dev.stowage.benchmarks.lifecycle;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.benchmarks.LiveHeap;
import dev.stowage.benchmarks.postgres.ScaleServer;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures a fleet in memory, through the facade with its default settings and three copies: bytes
 * a chunk, cycles that place new chunks, and how long reports take that come beside cycles.
 *
 * <p>One thread reports at a fixed rate, each worker in turn; the time of a report counts from when
 * it was due, so that a report that waits for a late one counts as late. Another thread runs a
 * cycle each second with 100 new chunks. In a second pass a worker is told to leave in every fourth
 * second, and comes back two seconds later. Arguments: chunks, workers, reports a second and
 * seconds of a pass (1,000,000 2,000 2,000 20 by default), and {@code postgres} for a fleet on
 * PostgreSQL with {@code fsync} on, where reports are submitted: one thread that waits for each
 * commit could not send that many.
 */
public final class ReportLatency {
  private static final long SECOND = 1_000_000_000L;
  private static final int NEW_CHUNKS = 100;
  private static final int ROUNDS = 11;
  private static final int OPEN = 2_048;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Stowage stowage;
  private final FacadeFleet fleet;
  private final int rate;
  private final int seconds;
  private final boolean isSubmitted;

  private ReportLatency(Stowage stowage, int workers, int rate, int seconds, boolean isSubmitted) {
    this.isSubmitted = isSubmitted;
    this.stowage = stowage;
    this.rate = rate;
    this.seconds = seconds;
    fleet = new FacadeFleet(stowage, workers, i -> Worker.of(FacadeFleet.worker(i), 1L << 44));
  }

  /** Prints a line for each figure. */
  public static void main(String[] args) throws InterruptedException {
    int chunks = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int workers = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    int rate = args.length > 2 ? Integer.parseInt(args[2]) : 2_000;
    int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 20;
    LifecycleConfig floor = LifecycleConfig.builder().minReplication(3).build();
    StowageConfig config = StowageConfig.defaults().withFleet(floor);
    if (args.length > 4 && args[4].equals("postgres")) {
      onPostgres(config, chunks, workers, rate, seconds);
      return;
    }
    try (Stowage stowage = Stowage.builder(MemoryChunkStore.create()).config(config).build()) {
      new ReportLatency(stowage, workers, rate, seconds, false).run(chunks);
    }
  }

  private static void onPostgres(
      StowageConfig config, int chunks, int workers, int rate, int seconds)
      throws InterruptedException {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (ScaleServer server = ScaleServer.start();
        Stowage stowage =
            Stowage.builder(PostgresChunkStore.builder(server.source()).schema("fleet").open())
                .config(config)
                .executor(executor)
                .build()) {
      new ReportLatency(stowage, workers, rate, seconds, true).run(chunks);
    } finally {
      executor.shutdownNow();
    }
  }

  private void run(int chunks) throws InterruptedException {
    long empty = LiveHeap.bytes();
    print("ingest, s", millisOf(() -> fleet.ingest(chunks)) / 1e3);
    bytes("after ingest", empty, chunks);
    print("first schedule, s", millisOf(fleet::schedule) / 1e3);
    bytes("after the first schedule", empty, chunks);
    fleet.reportAll();
    print("first publication, s", millisOf(fleet::publish) / 1e3);
    bytes("after publication", empty, chunks);
    fleet.schedule();
    print("1,000 new chunks ingested and scheduled, ms", cycles(1_000));
    print("one new chunk, ms", cycles(1));
    print("a cycle without change and a publication, ms", cycles(0));
    pass("steady", false);
    pass("a worker leaves in every fourth second", true);
    bytes("at the end", empty, chunks);
  }

  /** Returns the median of the processor times of ingest and cycle. */
  private double cycles(int added) {
    double[] millis = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      millis[round] =
          millisOf(() -> {
            fleet.ingest(added);
            fleet.schedule();
            if (added == 0) {
              fleet.publish();
            }
          });
      fleet.reportAll();
      fleet.publish();
      fleet.tick();
    }
    Arrays.sort(millis);
    return millis[ROUNDS / 2];
  }

  private void pass(String name, boolean isLeaving) throws InterruptedException {
    Reports reports = new Reports(System.nanoTime() + SECOND);
    Thread reporter = new Thread(reports, "reports");
    reporter.start();
    double[] schedules = new double[seconds];
    for (int second = 0; second < seconds; second++) {
      awaitNanos(reports.begin + second * SECOND);
      if (isLeaving) {
        status(second, 0, WorkerStatus.LEAVING);
        status(second, 2, WorkerStatus.ACTIVE);
      }
      fleet.tick();
      fleet.ingest(NEW_CHUNKS);
      schedules[second] = millisOf(fleet::schedule);
      fleet.publish();
    }
    reporter.join();
    Arrays.sort(schedules);
    Arrays.sort(reports.nanos);
    System.out.printf(
        Locale.ROOT,
        "%s: %,d reports, p50 %.3f ms, p90 %.2f, p99 %.1f, p99.9 %.1f, most %.1f; schedule %.0f ms"
            + " (median), %.0f (most)%n",
        name,
        reports.nanos.length,
        reports.percentile(50),
        reports.percentile(90),
        reports.percentile(99),
        reports.percentile(99.9),
        reports.percentile(100),
        schedules[seconds / 2],
        schedules[seconds - 1]);
  }

  private void status(int second, int behind, WorkerStatus status) {
    int since = second - behind;
    if (since >= 0 && since % 4 == 0) {
      stowage.setStatus(FacadeFleet.worker(since % fleet.workers()), status, fleet.now());
    }
  }

  private static void awaitNanos(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private final class Reports implements Runnable {
    private final long begin;
    private final long[] nanos = new long[rate * seconds];
    private final Semaphore open = new Semaphore(OPEN);

    private Reports(long begin) {
      this.begin = begin;
    }

    @Override
    public void run() {
      for (int report = 0; report < nanos.length; report++) {
        long due = begin + report * SECOND / rate;
        awaitNanos(due);
        WorkerAssignmentId newest = fleet.newest();
        if (isSubmitted) {
          submit(report, newest, due);
        } else {
          fleet.applied(report % fleet.workers(), newest);
          nanos[report] = System.nanoTime() - due;
        }
      }
      open.acquireUninterruptibly(OPEN);
    }

    private void submit(int report, WorkerAssignmentId newest, long due) {
      open.acquireUninterruptibly();
      var unused =
          fleet
              .submitApplied(report % fleet.workers(), newest)
              .whenComplete((answer, failure) -> {
                nanos[report] = failure == null ? System.nanoTime() - due : Long.MAX_VALUE;
                open.release();
              });
    }

    /** Returns a percentile of the sorted times, in milliseconds. */
    private double percentile(double percent) {
      int at = (int) Math.ceil(nanos.length * percent / 100) - 1;
      return nanos[at] / 1e6;
    }
  }

  private double millisOf(Runnable work) {
    long start = threads.getCurrentThreadCpuTime();
    work.run();
    return (threads.getCurrentThreadCpuTime() - start) / 1e6;
  }

  private static void print(String what, double value) {
    System.out.printf(Locale.ROOT, "%-48s %,10.2f%n", what, value);
  }

  private static void bytes(String when, long empty, int chunks) {
    print("bytes a chunk " + when, (double) (LiveHeap.bytes() - empty) / chunks);
  }
}
