package dev.stowage.answer;

/**
 * One broken promise, found in one place.
 *
 * @param invariant the promise
 * @param subject the culprit, such as {@code d/c@w} for a replica
 * @param found the values that show it
 */
public record Violation(Invariant invariant, String subject, String found) {
  /** Returns the violation as {@code invariant: subject: found}. */
  @Override
  public String toString() {
    return invariant.title() + ": " + subject + ": " + found;
  }

  /** The audited promises. Source: lifecycle design, section 10. */
  public enum Invariant {
    /** A cycle leaves no worker above its capacity, nor adds to one that is. */
    NO_OVERCOMMIT("no overcommit"),
    /** A cycle gives no domain more wanted replicas of a chunk than {@code max_per_domain} says. */
    DOMAIN_LIMIT("domain limit"),
    /** A cycle gives no worker a dataset that a hard rule forbids beside what it has. */
    HARD_RULES("hard rules"),
    /** The deletion rule: what a cycle may delete, replica by replica. */
    RETENTION("retention"),
    /** No cycle deletes the last possessed replica of a live chunk. */
    LAST_REPLICA("the last replica"),
    /** A new chunk gets none or at least its floor of replicas. */
    ATOMIC_FIRST_PUBLICATION("atomic first publication"),
    /** A portal routes only to workers that confirmed. */
    TWO_PHASE_IN("two-phase, in"),
    /** A replica is deleted only when it is not readable. */
    TWO_PHASE_OUT("two-phase, out"),
    /** A visible chunk leaves only by a fired swap or a removal mark. */
    VISIBILITY_IS_MONOTONE("visibility is monotone"),
    /** Portals see exactly one side of a swap. */
    SWAP_ATOMICITY("swap atomicity"),
    /** A swap fires only after the swaps that produce its old chunks. */
    SWAP_ORDER("swap order"),
    /** Live chunks of a dataset do not overlap, except the sides of pending swaps. */
    NO_OVERLAP("no overlap"),
    /** Stamps agree with each other, with the states, and with the rows that they name. */
    STAMPS_ARE_SANE("stamps are sane"),
    /** Of sections 1, 2, 5, 6, 7, 8: ids only rise, horizons and limits hold. */
    BOUNDS_ARE_KEPT("bounds are kept"),
    /** A chunk is deferred only if its floor cannot be placed. */
    JUSTIFIED_DEFERRAL("justified deferral"),
    /** Equal commands give equal answers and digests everywhere. */
    BACKENDS_AGREE("backends agree");

    private final String title;

    Invariant(String title) {
      this.title = title;
    }

    /** Returns the name in the lifecycle design. */
    public String title() {
      return title;
    }
  }
}
