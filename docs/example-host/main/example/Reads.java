package example;

import dev.stowage.pressure.PressureSnapshot;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is read from a worker. */
final class Reads {
  /** The reads in a second that a worker is rated for. */
  private static final double RATED = 200;

  private final AtomicLong reads = new AtomicLong();
  private long since = System.nanoTime();

  void count() {
    reads.incrementAndGet();
  }

  /** Returns the reads since the last call over what the worker is rated for, as strain on disk. */
  synchronized PressureSnapshot pressure(long now) {
    long before = since;
    since = System.nanoTime();
    double inASecond = reads.getAndSet(0) * 1e9 / Math.max(1, since - before);
    return new PressureSnapshot(0, Math.min(1, inASecond / RATED), 0, 0, now);
  }
}
