package dev.stowage.evidence.parts;

/**
 * Decides. What it decides follows from its settings and its inputs alone.
 *
 * @param <I> the inputs, a sealed interface of records
 * @param <O> the outcomes, a sealed interface of records
 */
@FunctionalInterface
public interface Part<I, O> {
  /** Applies one input and adds its outcomes, of which there may be any number, in their order. */
  void apply(I input, Outcomes<O> to);
}
