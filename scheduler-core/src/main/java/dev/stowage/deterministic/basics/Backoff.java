package dev.stowage.deterministic.basics;

import java.util.concurrent.locks.LockSupport;

/** Waits by parking, from 1 microsecond doubling up to 1 millisecond. Never spins. */
public final class Backoff {
  private static final long FIRST_NANOS = 1_000;
  private static final long LONGEST_NANOS = 1_000_000;

  private long nanos = FIRST_NANOS;

  public void pause() {
    LockSupport.parkNanos(this, nanos);
    nanos = Math.min(nanos * 2, LONGEST_NANOS);
  }

  /** Parks; an interrupt, before or during the pause, is cleared and thrown. */
  public void pauseInterruptibly() throws InterruptedException {
    pause();
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting on a queue");
    }
  }
}
