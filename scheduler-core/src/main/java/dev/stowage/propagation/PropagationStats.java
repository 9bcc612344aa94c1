package dev.stowage.propagation;

import dev.stowage.propagation.PropagationDecision.PropagationReason;
import dev.stowage.propagation.authority.AuthorityProof.ProofVerdict;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a scheduler has done so far; sums saturate at the greatest long.
 *
 * @param updates updates that were accepted
 * @param sends deliveries that went out, and what hosts reported as sent
 * @param bytes of these
 * @param averageLatencyMillis their mean latency, waiting included
 * @param peakLatencyNanos their largest
 * @param latencies all of them
 * @param notSent how often which reason kept something from being sent
 * @param sequenceGaps sequence numbers that were passed over and have not come since
 * @param withdrawn waiting deliveries to nodes that took their interest back
 * @param keyframesForced deliveries of everything to nodes that had nothing to go on from
 * @param unknownNodes reports about nodes that nobody knows
 * @param clockBack times that lay before one given earlier
 * @param clockAhead times that were refused because they lay implausibly far ahead
 * @param proofs how often which verdict was given on a claim of authority
 */
public record PropagationStats(
    long updates,
    long sends,
    long bytes,
    double averageLatencyMillis,
    long peakLatencyNanos,
    LatencyHistogram latencies,
    Map<PropagationReason, Long> notSent,
    long sequenceGaps,
    long withdrawn,
    long keyframesForced,
    long unknownNodes,
    long clockBack,
    long clockAhead,
    Map<ProofVerdict, Long> proofs) {
  /** Copies the maps. */
  public PropagationStats {
    Objects.requireNonNull(latencies, "latencies");
    notSent = Collections.unmodifiableMap(new EnumMap<>(notSent));
    proofs = Collections.unmodifiableMap(new EnumMap<>(proofs));
  }

  /** How often this reason kept something from being sent. */
  public long notSent(PropagationReason reason) {
    return notSent.getOrDefault(reason, 0L);
  }

  /** How often this verdict was given. */
  public long proofs(ProofVerdict verdict) {
    return proofs.getOrDefault(verdict, 0L);
  }

  /** Deliveries that were planned and not made: superseded, without budget, or cut off. */
  public long dropped() {
    return notSent(PropagationReason.SUPERSEDED)
        + notSent(PropagationReason.BUDGET)
        + notSent(PropagationReason.UNREACHABLE);
  }

  /**
   * How often which latency was seen: bucket 0 counts those below a microsecond, bucket {@code i}
   * those of at least {@code 2^(i-1)} and below {@code 2^i} microseconds. Immutable and
   * thread-safe.
   */
  public static final class LatencyHistogram {
    /** How many buckets there are. */
    public static final int BUCKETS = 55;

    private static final long MICRO = 1_000;

    private final long[] counts;

    /** A histogram of these counts, one a bucket. */
    public LatencyHistogram(long[] counts) {
      this.counts = counts.clone();
    }

    /** The bucket of a latency in nanoseconds. */
    public static int bucketOf(long latencyNanos) {
      return Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, latencyNanos) / MICRO);
    }

    /** How often a bucket was hit, 0 to {@link #BUCKETS} - 1. */
    public long count(int bucket) {
      return counts[bucket];
    }

    /** How many latencies there are in all. */
    public long total() {
      return Arrays.stream(counts).sum();
    }

    /**
     * A latency that this share of all do not exceed, in nanoseconds: the upper end of a bucket, so
     * at most twice the true one; 0 without any.
     *
     * @param percent 0 to 100
     */
    public long atMostNanos(int percent) {
      if (percent < 0 || percent > 100) {
        throw new IllegalArgumentException("percent is " + percent + "; 0 to 100 is accepted");
      }
      long total = total();
      long wanted = total / 100 * percent + (total % 100 * percent + 99) / 100;
      long seen = 0;
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        seen += counts[bucket];
        if (seen >= wanted && seen > 0) {
          return bucket == BUCKETS - 1 ? Long.MAX_VALUE : (1L << bucket) * MICRO;
        }
      }
      return 0;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof LatencyHistogram that && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
      return Arrays.toString(counts);
    }
  }
}
