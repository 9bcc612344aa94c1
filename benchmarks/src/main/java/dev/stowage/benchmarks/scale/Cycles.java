package dev.stowage.benchmarks.scale;

import dev.stowage.benchmarks.scale.Scale.Figures;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** Phases of scheduling and visibility cycles. Stateless. */
final class Cycles {
  private static final int PAIRS_A_SECOND = 20;
  private static final int ROUNDS = 11;
  private static final int REPLACED = 4;

  private Cycles() {}

  /** Ingests all chunks and places them; on PostgreSQL, beside a bare COPY of the replicas. */
  static Figures fill(Run run) throws InterruptedException {
    int chunks = run.options().chunks();
    long empty = Meter.liveBytes();
    double ingest = Meter.seconds(() -> run.crew().ingest(chunks));
    Optional<ScaleServer> server = run.server();
    long before = server.map(ScaleServer::walBytes).orElse(0L);
    double commits = run.store().commitSeconds();
    Figures figures = new Figures().add("ingest %,.0f chunks/s", chunks / ingest);
    beside(run, figures, "placed", run.crew()::schedule);
    commits = run.store().commitSeconds() - commits;
    figures.add("%,.0f bytes a chunk", (double) (Meter.liveBytes() - empty) / chunks);
    if (server.isPresent()) {
      long placed = server.get().walBytes();
      double bare =
          Meter.seconds(
              () -> server.get().bareCopy(chunks, run.crew().workers(), run.options().copies()));
      figures.add(
          "placement over a bare COPY: WAL %.2f (%.1f MB), seconds %.2f (%.2f s)",
          (double) (placed - before) / (server.get().walBytes() - placed),
          (placed - before) / 1e6,
          commits / bare,
          commits);
    }
    return figures;
  }

  /** Has all workers report, and shows all chunks. */
  static Figures publish(Run run) throws InterruptedException {
    Figures figures = new Figures();
    figures.add("all workers report %.2f s", Meter.seconds(run.crew()::reportAll));
    beside(run, figures, "shown", run.crew()::publish);
    int shown = run.stowage().fleet().portalAssignment().routes().size();
    if (shown != run.options().chunks()) {
      throw new IllegalStateException(shown + " of " + run.options().chunks() + " are shown");
    }
    run.crew().tick();
    run.crew().schedule();
    run.server().ifPresent(server -> server.execute("VACUUM ANALYZE; CHECKPOINT"));
    return figures;
  }

  /**
   * Runs cycles while another thread sends a heartbeat every two milliseconds: a report waits for
   * as long as a cycle holds the facade.
   */
  static void beside(Run run, Figures figures, String what, IntSupplier cycles)
      throws InterruptedException {
    Beats beats = new Beats(run);
    Thread thread = new Thread(beats, "heartbeats");
    thread.start();
    int[] count = {0};
    double seconds = Meter.seconds(() -> count[0] = cycles.getAsInt());
    beats.isOver = true;
    thread.join();
    figures.add(
        "%s in %.2f s, %d cycles; a report beside it waits %.0f ms at most, %.0f ms without pauses"
            + " of the collector",
        what, seconds, count[0], beats.longest / 1e6, beats.longestHold / 1e6);
  }

  private static final class Beats implements Runnable {
    private final Run run;
    private volatile boolean isOver;
    private volatile long longest;
    private volatile long longestHold;

    Beats(Run run) {
      this.run = run;
    }

    @Override
    public void run() {
      for (int beat = 0; !isOver; beat++) {
        long paused = pausedMillis();
        long begin = System.nanoTime();
        run.stowage()
            .execute(run.crew().heartbeatOf(beat % run.crew().workers()), run.crew().now());
        long nanos = System.nanoTime() - begin;
        longest = Math.max(longest, nanos);
        longestHold = Math.max(longestHold, nanos - (pausedMillis() - paused) * 1_000_000);
        LockSupport.parkNanos(2_000_000);
      }
    }

    private static long pausedMillis() {
      return ManagementFactory.getGarbageCollectorMXBeans().stream()
          .filter(collector -> !collector.getName().contains("Concurrent"))
          .mapToLong(GarbageCollectorMXBean::getCollectionTime)
          .sum();
    }
  }

  /** Runs pairs of cycles, a second apart, with nothing to do. */
  static Figures idle(Run run) {
    double[] busy = new double[PAIRS_A_SECOND * run.options().seconds()];
    double[] wall = new double[busy.length];
    long written = run.server().map(ScaleServer::rowsWritten).orElse(0L);
    for (int pair = 0; pair < wall.length; pair++) {
      run.crew().tick();
      int at = pair;
      wall[pair] =
          1e3
              * Meter.seconds(() ->
                  busy[at] =
                      Meter.millis(() -> {
                        run.crew().schedule();
                        run.crew().publish();
                      }));
    }
    Figures figures =
        new Figures()
            .add("a pair %.2f ms, processor %.2f ms", Meter.median(wall), Meter.median(busy));
    run.server()
        .ifPresent(server -> figures.add("%d rows written", server.rowsWritten() - written));
    return figures;
  }

  /** Ingests and places new chunks, and lets them be shown. */
  static Figures newChunks(Run run) {
    Figures figures = new Figures();
    for (int count : new int[] {run.options().thousand(), 100, 1}) {
      double[] busy = new double[ROUNDS];
      double[] commit = new double[ROUNDS];
      double[] shown = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        run.crew().ingest(count);
        double before = run.store().commitSeconds();
        busy[round] = Meter.millis(run.crew()::schedule);
        commit[round] = 1e3 * (run.store().commitSeconds() - before);
        run.crew().reportAll();
        before = run.store().commitSeconds();
        run.crew().publish();
        shown[round] = 1e3 * (run.store().commitSeconds() - before);
        run.crew().tick();
      }
      figures.add("%,d: processor %.1f ms", count, Meter.median(busy));
      if (run.server().isPresent()) {
        figures.add(
            "its commits %.1f ms, to show it %.1f ms", Meter.median(commit), Meter.median(shown));
      }
    }
    return figures;
  }

  /** Replaces a few chunks in each cycle; a store should cost at the end what it did before. */
  static Figures churn(Run run) {
    int cycles = 100 * run.options().seconds();
    double[] took = new double[cycles];
    long bytes = run.server().map(ScaleServer::bytes).orElse(0L);
    for (int cycle = 0; cycle < cycles; cycle++) {
      run.crew().ingest(REPLACED);
      run.crew().removeOldest(Math.min(REPLACED, run.crew().chunks() - 1));
      run.crew().tick();
      took[cycle] =
          1e3
              * Meter.seconds(() -> {
                run.crew().schedule();
                run.crew().publish();
              });
      if (cycle % 100 == 99) {
        run.crew().reportAll();
        run.stowage().purge(run.crew().now());
      }
    }
    double first = Meter.median(Arrays.copyOfRange(took, 0, 100));
    double last = Meter.median(Arrays.copyOfRange(took, cycles - 100, cycles));
    Figures figures =
        new Figures()
            .add(
                "%,d pairs, the first %.2f ms, the last %.2f times that",
                cycles, first, last / first);
    run.server()
        .ifPresent(server ->
            figures.add(
                "tables and indexes %.0f MB, grown by %.1f %%",
                bytes / 1e6, 100.0 * (server.bytes() - bytes) / bytes));
    return figures;
  }
}
