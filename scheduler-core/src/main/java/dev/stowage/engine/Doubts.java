package dev.stowage.engine;

import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.lifecycle.Command;
import dev.stowage.model.WorkerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Lets each worker's refused reports through to the store once a minute. Thread-safe. */
final class Doubts {
  private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int MOST_WORKERS = 10_000;

  private final Map<WorkerId, Long> toldNanos =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<WorkerId, Long> eldest) {
          return size() > MOST_WORKERS;
        }
      };

  synchronized boolean isDue(Command<?> command) {
    if (!(command instanceof Command.Report report)) {
      return false;
    }
    long now = Stopwatch.nanos();
    Long told = toldNanos.get(report.header().worker());
    if (told != null && now - told < AGAIN_NANOS) {
      return false;
    }
    toldNanos.put(report.header().worker(), now);
    return true;
  }
}
