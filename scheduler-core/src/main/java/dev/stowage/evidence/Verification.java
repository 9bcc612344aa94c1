package dev.stowage.evidence;

import java.util.Objects;

/** What a {@link Verifier} found. */
public sealed interface Verification {
  /**
   * Every record follows from the one before, and the end is where it should be.
   *
   * @param anchor the stretch that was verified
   */
  record Intact(Anchor anchor) implements Verification {
    /** Refuses null. */
    public Intact {
      Objects.requireNonNull(anchor, "anchor");
    }
  }

  /**
   * The chain does not hold.
   *
   * @param index the first record that is not what it was, or that is missing or too many
   * @param problem what is wrong with it
   * @param expected what should be there, as text
   * @param found what is there, as text
   */
  record Broken(long index, String problem, String expected, String found) implements Verification {
    /** Refuses null. */
    public Broken {
      Objects.requireNonNull(problem, "problem");
      Objects.requireNonNull(expected, "expected");
      Objects.requireNonNull(found, "found");
    }

    @Override
    public String toString() {
      return "record " + index + ": " + problem + ": expected " + expected + ", found " + found;
    }
  }

  /**
   * The records were written without a chain; nothing can be said about them.
   *
   * @param count how many there are
   */
  record Unchained(long count) implements Verification {}

  /** Whether this is {@link Intact}. */
  default boolean isIntact() {
    return this instanceof Intact;
  }

  /**
   * Requires an intact chain.
   *
   * @throws EvidenceException.Broken naming the first bad record, or record 0 of an unchained log
   */
  default Anchor requireIntact() {
    if (this instanceof Intact intact) {
      return intact.anchor();
    }
    if (this instanceof Broken broken) {
      throw new EvidenceException.Broken(
          broken.index(),
          broken.problem() + ": expected " + broken.expected() + ", found " + broken.found());
    }
    throw new EvidenceException.Broken(0, "the records were written without a chain");
  }
}
