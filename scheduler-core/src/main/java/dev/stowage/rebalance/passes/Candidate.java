package dev.stowage.rebalance.passes;

import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import java.util.Comparator;

/** An examined chunk with its verdict so far; {@code to} is -1 without a target. */
record Candidate(
    int chunk, int from, int to, long sizeBytes, MoveExplanation judged, String reason) {
  /** Orders by net gain, then key (rebalance design, section 4). */
  static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingLong((Candidate one) -> -one.judged.netMicros())
          .thenComparing(one -> one.judged.chunk());

  Candidate with(Verdict verdict, String why) {
    return new Candidate(chunk, from, to, sizeBytes, judged.with(verdict, why), reason);
  }
}
