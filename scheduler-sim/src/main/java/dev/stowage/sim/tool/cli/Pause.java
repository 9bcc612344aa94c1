package dev.stowage.sim.tool.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The pause of a command that looks at a live fleet again and again. */
final class Pause {
  private Pause() {}

  /** Waits for {@code length}; returns false at once if the thread is interrupted. */
  static boolean isOver(Duration length) {
    try {
      // Nobody counts down, so the wait ends with its time.
      return !new CountDownLatch(1).await(length.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
