package dev.stowage.rebalance.passes;

import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import java.util.Comparator;

/**
 * A chunk for which the scorer was asked, and what came out.
 *
 * @param chunk its position
 * @param from the position of the worker it would leave
 * @param to the position of the worker it would go to, -1 if there is none
 * @param sizeBytes its size
 * @param judged the verdict so far, with all numbers
 */
record Candidate(int chunk, int from, int to, long sizeBytes, MoveExplanation judged) {
  /**
   * The most useful first, among equals what degrades, then by key (rebalance design, section 4).
   */
  static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingLong((Candidate one) -> -one.judged.netMicros())
          .thenComparing(one -> one.judged.trend())
          .thenComparing(one -> one.judged.chunk());

  Candidate with(Verdict verdict, String why) {
    return new Candidate(chunk, from, to, sizeBytes, judged.with(verdict, why));
  }
}
