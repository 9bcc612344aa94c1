package dev.stowage.transfers;

/** The figures of a source, of which {@code reputation} is 0 to 1. */
record PeerScore(
    double bytesPerSecond,
    long successes,
    long failures,
    double latencyMillis,
    double reputation,
    int inFlight) {
  static final int MAX_IN_FLIGHT = 4;

  private static final double FULL_SPEED = 10_000_000;

  /** Returns the rank in millionths, relative to the fastest rate in bytes/s, at least 10 MB/s. */
  int rankMicros(double fastest) {
    double tried = (double) successes + failures;
    double reliability = tried > 0 ? successes / tried : 1;
    double quality =
        0.3 * Math.min(1, bytesPerSecond / Math.max(FULL_SPEED, fastest))
            + 0.3 * reliability
            + 0.2 * Math.min(1, 1_000 / (latencyMillis + 100))
            + 0.2 * reputation;
    double headroom = Math.max(0, MAX_IN_FLIGHT - inFlight) / (double) MAX_IN_FLIGHT;
    return (int) Math.round(1e6 * (0.85 * quality + 0.15 * headroom));
  }
}
