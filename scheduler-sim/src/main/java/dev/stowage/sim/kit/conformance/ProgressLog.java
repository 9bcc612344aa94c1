package dev.stowage.sim.kit.conformance;

import java.lang.System.Logger.Level;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells a person who waits for the kit, by the JDK's logger, that it goes on. Thread-safe. */
final class ProgressLog {
  private static final System.Logger LOG = System.getLogger("stowage.kit");
  private static final int PAUSE_SECONDS = 10;

  private static @Nullable ScheduledFuture<?> begun;
  private static int seconds;
  private static long stores;
  private static long told;
  private static String check = "the contracts";

  private ProgressLog() {}

  /** Notes which check is run. */
  static synchronized void begin(String name) {
    check = name;
  }

  /** Counts a store that is opened for a test. */
  static synchronized void opened() {
    stores++;
    if (begun == null) {
      begun =
          Executors.newSingleThreadScheduledExecutor(ProgressLog::daemon)
              .scheduleAtFixedRate(
                  ProgressLog::tell, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "stowage-kit-progress");
    thread.setDaemon(true);
    return thread;
  }

  private static synchronized void tell() {
    seconds += PAUSE_SECONDS;
    if (stores > told) {
      told = stores;
      LOG.log(Level.INFO, "{0} s: {1} stores tried, now {2}", seconds, stores, check);
    }
  }

  /** Tells why a check is not run. */
  static void skipped(String name, String reason) {
    LOG.log(Level.INFO, "{0} is skipped: {1}", name, reason);
  }
}
