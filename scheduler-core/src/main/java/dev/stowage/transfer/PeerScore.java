package dev.stowage.transfer;

import dev.stowage.shape.Shape;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is known about a peer, and how good a source it is.
 *
 * @param id its name
 * @param bytesPerSecond how fast it sent
 * @param successes transfers that worked
 * @param failures transfers that did not
 * @param statedReliability what it says of itself, 0 to 1; counts while nothing was tried
 * @param latencyMillis the round trip, at least 0
 * @param reputation 0 to 1
 * @param inFlight what it sends now
 */
public record PeerScore(
    String id,
    double bytesPerSecond,
    long successes,
    long failures,
    double statedReliability,
    double latencyMillis,
    double reputation,
    int inFlight) {
  /** What a peer may send at a time. */
  public static final int MAX_IN_FLIGHT = 4;

  private static final double FULL_SPEED = 10_000_000;

  static final Shape<PeerScore> SHAPE =
      Shape.of(
          "peer_score",
          row -> {
            var id = row.text("id", PeerScore::id);
            var speed = row.real("bytes_per_second", PeerScore::bytesPerSecond);
            var successes = row.number("successes", PeerScore::successes);
            var failures = row.number("failures", PeerScore::failures);
            var stated = row.real("stated_reliability", PeerScore::statedReliability);
            var latency = row.real("latency_millis", PeerScore::latencyMillis);
            var reputation = row.real("reputation", PeerScore::reputation);
            var inFlight = row.number("in_flight", PeerScore::inFlight).narrow();
            return v ->
                new PeerScore(
                    id.of(v),
                    speed.realOf(v),
                    successes.of(v),
                    failures.of(v),
                    stated.realOf(v),
                    latency.realOf(v),
                    reputation.realOf(v),
                    inFlight.intOf(v));
          });

  /** Refuses negative counts with {@link IllegalArgumentException}; odd shares read as 0. */
  public PeerScore {
    if (successes < 0 || failures < 0 || inFlight < 0) {
      throw new IllegalArgumentException(
          "successes "
              + successes
              + ", failures "
              + failures
              + ", in flight "
              + inFlight
              + "; each at least 0");
    }
  }

  /** How good a source it is, 0 to 1: speed, reliability, nearness and reputation. */
  public double score() {
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

  /** How much it may still take, 0 to 1. */
  public double headroom() {
    return Math.max(0, MAX_IN_FLIGHT - inFlight) / (double) MAX_IN_FLIGHT;
  }

  /**
   * Returns how it ranks among sources, in millionths: 0.85 of its score and 0.15 of its headroom.
   *
   * @param fastest the greatest rate among them, in bytes per second, to which speeds are compared;
   *     less than 10 MB/s reads as 10 MB/s
   */
  public int rankMicros(double fastest) {
    return (int) Math.round(1e6 * rank(Math.max(FULL_SPEED, fastest)));
  }

  private double rank(double fullSpeed) {
    return 0.85 * score(fullSpeed) + 0.15 * headroom();
  }

  /** The best of those that may still take something; of equals the first by name. */
  public static Optional<PeerScore> choose(List<PeerScore> peers) {
    Comparator<PeerScore> best =
        Comparator.comparingDouble((PeerScore p) -> p.rank(FULL_SPEED))
            .reversed()
            .thenComparing(PeerScore::id);
    return peers.stream().filter(p -> p.inFlight() < MAX_IN_FLIGHT).min(best);
  }
}
