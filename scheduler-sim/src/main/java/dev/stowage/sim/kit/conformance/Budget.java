package dev.stowage.sim.kit.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * The cost of the drawn part of the kit. A system property named {@value #PREFIX} and the name of a
 * part overrides that part: {@code -Dstowage.kit.walks=100}.
 *
 * @param chains the number of chains of actions that the state machine tells, at least 0
 * @param actions the length of each chain, at least 1
 * @param walks the number of walks told of each model, at least 0; a small number is required to
 *     meet few hard cases
 * @param steps the length of each walk, at least 1
 * @param seed the seed of the first chain and of the first walk of each model; each further one
 *     takes the next number
 */
public record Budget(long chains, int actions, long walks, int steps, long seed) {
  /** The prefix of the system properties that override the parts. */
  public static final String PREFIX = "stowage.kit.";

  /** Throws {@code IllegalArgumentException} that names every part below its least. */
  public Budget {
    List<String> wrong = new ArrayList<>();
    atLeast(0, "chains", chains, wrong);
    atLeast(1, "actions", actions, wrong);
    atLeast(0, "walks", walks, wrong);
    atLeast(1, "steps", steps, wrong);
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException("a budget of the kit: " + String.join(", ", wrong));
    }
  }

  private static void atLeast(long least, String part, long given, List<String> wrong) {
    if (given < least) {
      wrong.add(part + " is " + given + ", at least " + least + " is needed");
    }
  }

  /** Returns 100 chains of 60 actions and 5 walks of 200 steps of each model, from seed 2. */
  public static Budget standard() {
    return new Budget(100, 60, 5, 200, 2);
  }
}
