package dev.stowage.transfer;

import dev.stowage.shape.Shape;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The figures of a peer; the peer's own {@code statedReliability} counts until a transfer ends. */
public record PeerScore(
    String id,
    double bytesPerSecond,
    long successes,
    long failures,
    double statedReliability,
    double latencyMillis,
    double reputation,
    int inFlight) {
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

  /** Throws {@link IllegalArgumentException} for negative counts. */
  public PeerScore {
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

  /** Returns the share of free transfers, 0 to 1. */
  public double headroom() {
    return Math.max(0, MAX_IN_FLIGHT - inFlight) / (double) MAX_IN_FLIGHT;
  }

  /** Returns the rank in millionths, relative to the fastest rate in bytes/s, at least 10 MB/s. */
  public int rankMicros(double fastest) {
    return (int) Math.round(1e6 * rank(Math.max(FULL_SPEED, fastest)));
  }

  private double rank(double fullSpeed) {
    return 0.85 * score(fullSpeed) + 0.15 * headroom();
  }

  /** Returns the best peer with headroom; of equal ones the first by name. */
  public static Optional<PeerScore> choose(List<PeerScore> peers) {
    Comparator<PeerScore> best =
        Comparator.comparingDouble((PeerScore p) -> p.rank(FULL_SPEED))
            .reversed()
            .thenComparing(PeerScore::id);
    return peers.stream().filter(p -> p.inFlight() < MAX_IN_FLIGHT).min(best);
  }
}
