package dev.stowage.propagation;

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
}
