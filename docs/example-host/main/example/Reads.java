package example;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.pressure.PressureSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is read from a worker, and tells control planes about it every few seconds. */
final class Reads {
  private static final int EVERY_SECONDS = 5;

  /** The reads in a second that a worker is rated for. */
  private static final double RATED = 1_000;

  private final Map<String, ChunkKey> keys = new ConcurrentHashMap<>();
  private final Map<String, AtomicLong> reads = new ConcurrentHashMap<>();
  private volatile double inASecond;

  /** Remembers which chunk a number means; reads of other numbers are not told. */
  void name(ChunkNumber number, ChunkKey key) {
    keys.put(number + ".chunk", key);
  }

  void count(String file) {
    reads.computeIfAbsent(file, any -> new AtomicLong()).incrementAndGet();
  }

  /** Returns the read load as a share of what the worker is rated for, as the strain of its disk. */
  PressureSnapshot pressure(long now) {
    return new PressureSnapshot(0, Math.min(1, inASecond / RATED), 0, 0, now);
  }

  void tell(List<String> planes, String worker, String capacity) {
    Executors.newSingleThreadScheduledExecutor(Reads::beside)
        .scheduleAtFixedRate(
            () -> {
              String lines = lines();
              String path = "/reads?worker=" + worker + "&capacity=" + capacity;
              planes.forEach(plane -> Calls.post(plane + path, lines));
            },
            EVERY_SECONDS,
            EVERY_SECONDS,
            TimeUnit.SECONDS);
  }

  private static Thread beside(Runnable work) {
    Thread thread = new Thread(work, "reads");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns a line for each chunk: dataset, chunk, reads in a second. */
  private String lines() {
    StringBuilder lines = new StringBuilder();
    double sum = 0;
    for (Map.Entry<String, AtomicLong> each : reads.entrySet()) {
      ChunkKey key = keys.get(each.getKey());
      double rate = (double) each.getValue().getAndSet(0) / EVERY_SECONDS;
      sum += rate;
      if (key != null) {
        lines.append(key.dataset()).append('\t').append(key.id()).append('\t').append(rate);
        lines.append('\n');
      }
    }
    inASecond = sum;
    return lines.toString();
  }
}
