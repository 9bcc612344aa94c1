package dev.stowage.evidence;

import java.util.Objects;

/** The result of a {@link Verifier}. */
public sealed interface Verification {
  /** A chain without a break, and with the right end. */
  record Intact(Anchor anchor) implements Verification {
    /** Throws {@code NullPointerException} if the anchor is null. */
    public Intact {
      Objects.requireNonNull(anchor, "anchor");
    }
  }

  /** A chain that breaks at {@code index}, its first record that is changed, missing or extra. */
  record Broken(long index, String problem, String expected, String found) implements Verification {
    /** Throws {@code NullPointerException} if a reference is null. */
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

  /** A log of {@code count} records without a chain, which proves nothing. */
  record Unchained(long count) implements Verification {}

  /** Reports whether this is {@link Intact}. */
  default boolean isIntact() {
    return this instanceof Intact;
  }

  /** Returns the stretch; throws {@link EvidenceException.Broken}, at 0 for an unchained log. */
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
