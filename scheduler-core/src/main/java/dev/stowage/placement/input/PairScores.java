package dev.stowage.placement.input;

import java.util.Arrays;

/** The scores of sorted (chunk, worker) pairs, in millionths of a point. Immutable. */
public record PairScores(long[] pairs, int[] micros) {
  /** The best score, in millionths of a point. */
  static final int PER_POINT = 1_000_000;

  /** The result of {@link #of} for a pair without a score; sorts after all scores. */
  static final int UNKNOWN = PER_POINT + 1;

  public boolean knows(int chunk) {
    if (pairs.length == 0) {
      return false;
    }
    int at = Arrays.binarySearch(pairs, PairSet.pair(chunk, 0));
    int next = at < 0 ? -at - 1 : at;
    return next < pairs.length && PairSet.chunkOf(pairs[next]) == chunk;
  }

  public int of(int chunk, int worker) {
    int at = Arrays.binarySearch(pairs, PairSet.pair(chunk, worker));
    return at < 0 ? UNKNOWN : micros[at];
  }

  public static int checked(int score) {
    if (score < 0 || score > PER_POINT) {
      throw new IllegalArgumentException(
          "score is " + score + " micro-points; 0 to " + PER_POINT + " are accepted");
    }
    return score;
  }

  /** Returns the scores by triples of a chunk, a worker and a score; the lower of two counts. */
  static PairScores of(int[] triples) {
    PairSet set = new PairSet();
    for (int i = 0; i < triples.length; i += 3) {
      set.add(triples[i], triples[i + 1]);
    }
    long[] pairs = set.sorted();
    int[] micros = new int[pairs.length];
    Arrays.fill(micros, UNKNOWN);
    for (int i = 0; i < triples.length; i += 3) {
      int at = Arrays.binarySearch(pairs, PairSet.pair(triples[i], triples[i + 1]));
      micros[at] = Math.min(micros[at], triples[i + 2]);
    }
    return new PairScores(pairs, micros);
  }
}
