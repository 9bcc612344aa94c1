package dev.stowage.audit;

/** The promises that are audited. Source: lifecycle design, section 10. */
public enum Invariant {
  /** A cycle never leaves a worker above its capacity, nor adds to one that is. */
  NO_OVERCOMMIT("no overcommit"),
  /** A cycle gives no domain more wanted replicas of a chunk than {@code max_per_domain} says. */
  DOMAIN_LIMIT("domain limit"),
  /** The deletion rule: what a cycle may delete, replica by replica. */
  RETENTION("retention"),
  /** No cycle deletes the last possessed replica of a live chunk. */
  LAST_REPLICA("the last replica"),
  /** A new chunk is given none or at least its floor of replicas. */
  ATOMIC_FIRST_PUBLICATION("atomic first publication"),
  /** A portal routes only to workers that confirmed. */
  TWO_PHASE_IN("two-phase, in"),
  /** A replica is deleted only when it is not readable. */
  TWO_PHASE_OUT("two-phase, out"),
  /** A visible chunk leaves only by a fired swap or a removal mark. */
  VISIBILITY_IS_MONOTONE("visibility is monotone"),
  /** Never both sides of a swap, never neither. */
  SWAP_ATOMICITY("swap atomicity"),
  /** A swap fires only after the swaps that produce its old chunks. */
  SWAP_ORDER("swap order"),
  /** Live chunks of a dataset do not overlap, but for the sides of pending swaps. */
  NO_OVERLAP("no overlap"),
  /** Stamps agree with each other, with the states, and with the rows that they name. */
  STAMPS_ARE_SANE("stamps are sane"),
  /**
   * What one step shows of sections 1, 2, 5, 6, 7 and 8: ids, the watermark and incarnations never
   * go back, ids are minted on change only, horizons and limits are kept, and nobody is believed
   * who is not to be believed. Not a row of section 10.
   */
  BOUNDS_ARE_KEPT("bounds are kept"),
  /** A fleet left alone reaches its goal and then rests. */
  LIVENESS("liveness"),
  /** A chunk is deferred only if its floor cannot be placed. */
  JUSTIFIED_DEFERRAL("justified deferral"),
  /** The same commands give the same answers and digests everywhere. */
  BACKENDS_AGREE("backends agree");

  private final String title;

  Invariant(String title) {
    this.title = title;
  }

  /** The name as the lifecycle design lists it. */
  public String title() {
    return title;
  }
}
