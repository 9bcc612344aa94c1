package dev.stowage.sim.tool.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or another request of the system to end: the work learns of it, and has a minute in which
 * to write what it has. The process then ends with the exit code of the signal, 130 for Ctrl-C.
 * Thread-safe.
 */
final class Interruption implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch isDone = new CountDownLatch(1);
  private final Thread hook = new Thread(this::asked, "interruption");
  private volatile boolean isAsked;

  /** Begins to listen. */
  static Interruption awaited() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void asked() {
    isAsked = true;
    try {
      var unused = isDone.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException noPatience) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reports whether the work is to end. */
  boolean isAsked() {
    return isAsked;
  }

  /** Says that everything is written. */
  @Override
  public void close() {
    isDone.countDown();
    if (!isAsked) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
