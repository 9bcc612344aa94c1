package dev.stowage.rebalance.passes;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import java.util.Comparator;

/** An examined chunk with its verdict so far. */
record Candidate(int chunk, long sizeBytes, MoveExplanation judged, String reason) {
  /** Orders by net gain, then key (rebalance design, section 4). */
  static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingLong((Candidate one) -> -one.judged.netMicros())
          .thenComparing(one -> one.judged.chunk());

  WorkerId from() {
    return judged.victim().orElseThrow();
  }

  WorkerId to() {
    return judged.target().orElseThrow();
  }

  Candidate with(Verdict verdict, String why) {
    return new Candidate(chunk, sizeBytes, judged.with(verdict, why), reason);
  }
}
