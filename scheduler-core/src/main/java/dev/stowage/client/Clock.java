package dev.stowage.client;

/** Makes of a host's clock one that never runs back. Not thread-safe. */
final class Clock {
  private boolean isStarted;
  private long last;
  private long nanos;

  /** Takes the host's time; a step back counts as none, and is reported. */
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
