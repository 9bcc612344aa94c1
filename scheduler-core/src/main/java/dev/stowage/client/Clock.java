package dev.stowage.client;

/** Makes a host's clock monotonic. Not thread-safe. */
final class Clock {
  private boolean isStarted;
  private long last;
  private long nanos;

  boolean stepsBack(long hostNanos) {
    long step = isStarted ? hostNanos - last : 0;
    isStarted = true;
    last = hostNanos;
    nanos += Math.max(0, step);
    return step < 0;
  }

  long nanos() {
    return nanos;
  }
}
