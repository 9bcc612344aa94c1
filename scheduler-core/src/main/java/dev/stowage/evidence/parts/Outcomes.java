package dev.stowage.evidence.parts;

/**
 * Takes what a part decides.
 *
 * @param <O> the outcomes
 */
@FunctionalInterface
public interface Outcomes<O> {
  /** Takes the next outcome of the input that is being applied. */
  void add(O outcome);
}
