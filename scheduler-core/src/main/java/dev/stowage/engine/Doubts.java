package dev.stowage.engine;

import dev.stowage.engine.flight.Stopwatch;
import dev.stowage.lifecycle.Command;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.store.ChunkStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the reports of each worker that name a lineage through to the store once a minute. */
final class Doubts {
  private static final Logger LOG = LoggerFactory.getLogger(Doubts.class);

  private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int MOST_NAMED = 10_000;

  private final ChunkStore store;

  private record Named(WorkerId worker, Lineage lineage) {}

  private final Map<Named, Long> toldNanos =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Named, Long> eldest) {
          return size() > MOST_NAMED;
        }
      };

  Doubts(ChunkStore store) {
    this.store = store;
  }

  // The answer stands, whatever becomes of the doubt: the worker reports again.
  void tell(Command<?> command, Tick tick) {
    if (isDue(command)) {
      try {
        store.inbox().doubt(command, tick);
      } catch (RuntimeException e) {
        LOG.debug("the store could not be asked about a report that it may have lost", e);
      }
    }
  }

  private boolean isDue(Command<?> command) {
    if (!(command instanceof Command.Report report)) {
      return false;
    }
    long now = Stopwatch.nanos();
    Named named = new Named(report.header().worker(), report.header().lineage());
    Long told = toldNanos.get(named);
    if (told != null && now - told < AGAIN_NANOS) {
      return false;
    }
    toldNanos.put(named, now);
    return true;
  }
}
