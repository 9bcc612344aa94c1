package dev.stowage.transfers;

/** The figures of a peer; the peer's own {@code statedReliability} counts until a transfer ends. */
record PeerScore(
    String id,
    double bytesPerSecond,
    long successes,
    long failures,
    double statedReliability,
    double latencyMillis,
    double reputation,
    int inFlight) {
  static final int MAX_IN_FLIGHT = 4;

  private static final double FULL_SPEED = 10_000_000;

  /** Throws {@link IllegalArgumentException} for negative counts. */
  PeerScore {
    if (successes < 0 || failures < 0 || inFlight < 0) {
      throw new IllegalArgumentException(
          "successes is "
              + successes
              + ", failures "
              + failures
              + ", inFlight "
              + inFlight
              + "; at least 0 is accepted");
    }
  }

  /** Returns the quality as a source, 0 to 1: speed, reliability, nearness and reputation. */
  double score() {
    return score(FULL_SPEED);
  }

  private double score(double fullSpeed) {
    double tried = (double) successes + failures;
    double reliability = tried > 0 ? successes / tried : Shares.clamped(statedReliability);
    double near = latencyMillis >= 0 ? Math.min(1, 1_000 / (latencyMillis + 100)) : 0;
    return 0.3 * Shares.clamped(bytesPerSecond / fullSpeed)
        + 0.3 * reliability
        + 0.2 * near
        + 0.2 * Shares.clamped(reputation);
  }

  /** Returns the share of free transfers, 0 to 1. */
  double headroom() {
    return Math.max(0, MAX_IN_FLIGHT - inFlight) / (double) MAX_IN_FLIGHT;
  }

  /** Returns the rank in millionths, relative to the fastest rate in bytes/s, at least 10 MB/s. */
  int rankMicros(double fastest) {
    return (int) Math.round(1e6 * rank(Math.max(FULL_SPEED, fastest)));
  }

  private double rank(double fullSpeed) {
    return 0.85 * score(fullSpeed) + 0.15 * headroom();
  }
}
