package dev.stowage.placement;

/** How a weight's share of the budget becomes a number of replicas. */
public enum FactorMode {
  /** {@code trunc(weight x K)} for every chunk of the weight: the published formula. */
  WHOLE,
  /**
   * {@code floor(weight x K)}, plus one for the chunks whose fixed hash lies below the fraction: no
   * bytes left unused, no cliff where a whole class changes at once.
   */
  SMOOTH
}
