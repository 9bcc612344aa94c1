package dev.stowage.sim.tool.cli;

import dev.stowage.shape.Unit;
import java.io.PrintWriter;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lines for a file or a pipe: one at least every five seconds of the work, however long it says
 * nothing. Thread-safe.
 */
final class ProgressLines implements ProgressListener {
  /** The beats come once a second, so that no two lines are more than five seconds apart. */
  private static final long BETWEEN_NANOS = 4_000_000_000L;

  private final PrintWriter out;
  private final LongSupplier nanos;
  private final ScheduledExecutorService beats =
      new ScheduledThreadPoolExecutor(1, ProgressLines::beside);
  private final long begun;
  private long nextAt;
  private long percent;
  private String doing = "";

  /** Creates lines without beats; {@code nanos} counts nanoseconds since an arbitrary time. */
  ProgressLines(PrintWriter out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
    begun = nanos.getAsLong();
    nextAt = begun + BETWEEN_NANOS;
  }

  /** Begins to beat once a second. */
  ProgressLines beating() {
    var unused = beats.scheduleAtFixedRate(this::beat, 1, 1, TimeUnit.SECONDS);
    return this;
  }

  private static Thread beside(Runnable work) {
    Thread thread = new Thread(work, "progress");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public synchronized void at(double share, String present) {
    percent = Math.round(100 * Math.min(1, Math.max(0, share)));
    doing = present;
  }

  /** Prints a line if the last one is old enough. */
  synchronized void beat() {
    long now = nanos.getAsLong();
    if (now - nextAt >= 0) {
      nextAt = now + BETWEEN_NANOS;
      long seconds = TimeUnit.NANOSECONDS.toSeconds(now - begun);
      out.println(Unit.SECONDS.print(seconds) + ", " + percent + " %, " + doing);
      out.flush();
    }
  }

  @Override
  public void close() {
    beats.shutdownNow();
  }
}
