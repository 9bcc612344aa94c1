package dev.stowage.config;

/** The conversion of a weight's share of the budget to a number of replicas. */
public enum FactorMode {
  /** {@code trunc(weight x K)} for every chunk of the weight: the published formula. */
  WHOLE,
  /** {@code floor(weight x K)}, plus one for chunks with a fixed hash below the fraction. */
  SMOOTH
}
