package dev.stowage.benchmarks.peers;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The wanted replicas of a chunk by its weight.
 *
 * @param floor the least for every weight
 * @param saturationMillionths the share of the fleet's bytes that may be spent, in millionths
 * @param byWeight replicas by weight
 */
public record ProblemTargets(
    int floor, int saturationMillionths, SortedMap<Integer, Integer> byWeight) {
  private static final BigInteger ONE = BigInteger.valueOf(1_000_000);

  /** Returns one replica for every weight. */
  public static ProblemTargets single() {
    return new ProblemTargets(1, 1_000_000, new TreeMap<>());
  }

  /** Returns the replicas of a chunk of this weight. */
  public int replicas(int weight) {
    return byWeight.getOrDefault(weight, floor);
  }

  /**
   * Returns the targets by the published formula ("Targets" of the published figures), in exact
   * integers; the floors if even those do not fit.
   */
  public static ProblemTargets published(
      int floor, int saturationMillionths, ProblemChunks chunks, ProblemFleet fleet) {
    SortedMap<Integer, BigInteger> bytes = new TreeMap<>();
    for (int chunk = 0; chunk < chunks.count(); chunk++) {
      bytes.merge(
          chunks.weight()[chunk], BigInteger.valueOf(chunks.bytes()[chunk]), BigInteger::add);
    }
    BigInteger total = BigInteger.ZERO;
    for (int worker = 0; worker < fleet.count(); worker++) {
      total = total.add(BigInteger.valueOf(fleet.capacityBytes(worker)));
    }
    BigInteger budget = total.multiply(BigInteger.valueOf(saturationMillionths)).divide(ONE);
    SortedMap<Integer, Integer> byWeight = new TreeMap<>();
    Deque<Integer> open = new ArrayDeque<>(bytes.keySet());
    while (!open.isEmpty()) {
      BigInteger claims = BigInteger.ZERO;
      for (int weight : open) {
        claims = claims.add(BigInteger.valueOf(weight).multiply(bytes.get(weight)));
      }
      int lightest = open.getFirst();
      if (budget.signum() >= 0 && factor(lightest, budget, claims) >= floor) {
        for (int weight : open) {
          int factor = factor(weight, budget, claims);
          byWeight.put(weight, Math.min(fleet.count(), factor));
        }
        break;
      }
      byWeight.put(lightest, Math.min(fleet.count(), floor));
      budget = budget.subtract(BigInteger.valueOf(floor).multiply(bytes.get(lightest)));
      open.removeFirst();
    }
    return new ProblemTargets(floor, saturationMillionths, byWeight);
  }

  private static int factor(int weight, BigInteger budget, BigInteger claims) {
    return budget.multiply(BigInteger.valueOf(weight)).divide(claims).intValueExact();
  }

  /** Replicas of all chunks together. */
  public long replicasOf(ProblemChunks chunks) {
    long sum = 0;
    for (int weight : chunks.weight()) {
      sum += replicas(weight);
    }
    return sum;
  }
}
