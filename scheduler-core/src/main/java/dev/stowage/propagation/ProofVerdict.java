package dev.stowage.propagation;

/** What a claim of authority was found to be; all but {@link #GOOD} changed nothing. */
public enum ProofVerdict {
  /** The claimer may, and has shown who it is where that is asked for. */
  GOOD,
  /** The claimer has no authority over the state. */
  NO_AUTHORITY,
  /** A proof is asked for, and there is none. */
  MISSING,
  /** The proof is of another node or for another state than the update. */
  FOREIGN,
  /** It was made longer ago than proofs are good for. */
  EXPIRED,
  /** It is dated further ahead than clocks may differ. */
  FROM_THE_FUTURE,
  /** One with this time or a later one was accepted before. */
  REPLAYED,
  /** The signature is not the claimer's. */
  FORGED
}
