package dev.stowage.sim.kit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

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

  /** Returns 100 chains of 60 actions and 5 walks of 200 steps of each model, from seed 1. */
  public static Budget standard() {
    return new Budget(100, 60, 5, 200, 1);
  }

  /** Returns this budget with another number of chains. */
  public Budget withChains(long count) {
    return new Budget(count, actions, walks, steps, seed);
  }

  /** Returns this budget with chains of another length. */
  public Budget withActions(int length) {
    return new Budget(chains, length, walks, steps, seed);
  }

  /** Returns this budget with another number of walks of each model. */
  public Budget withWalks(long count) {
    return new Budget(chains, actions, count, steps, seed);
  }

  /** Returns this budget with walks of another length. */
  public Budget withSteps(int length) {
    return new Budget(chains, actions, walks, length, seed);
  }

  /** Returns this budget with another seed. */
  public Budget withSeed(long first) {
    return new Budget(chains, actions, walks, steps, first);
  }

  /**
   * Returns this budget with the parts that {@code given} overrides.
   *
   * @param given the text of a named part, empty if it is not overridden
   * @throws IllegalArgumentException if a text is no number, or a part is below its least value
   */
  Budget with(Function<String, Optional<String>> given) {
    Objects.requireNonNull(given, "given");
    return new Budget(
        part("chains", chains, Long.MAX_VALUE, given),
        (int) part("actions", actions, Integer.MAX_VALUE, given),
        part("walks", walks, Long.MAX_VALUE, given),
        (int) part("steps", steps, Integer.MAX_VALUE, given),
        part("seed", seed, Long.MAX_VALUE, given));
  }

  private static long part(
      String name, long here, long most, Function<String, Optional<String>> given) {
    Optional<String> text = given.apply(PREFIX + name);
    if (text.isEmpty()) {
      return here;
    }
    long number;
    try {
      number = Long.parseLong(text.get().strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          PREFIX + name + " is \"" + text.get() + "\", which is not a whole number", e);
    }
    if (number > most) {
      throw new IllegalArgumentException(
          PREFIX + name + " is " + number + ", at most " + most + " is possible");
    }
    return number;
  }
}
