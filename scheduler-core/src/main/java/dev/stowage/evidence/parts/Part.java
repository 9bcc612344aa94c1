package dev.stowage.evidence.parts;

/** Decides, as a function of its settings and inputs alone. */
@FunctionalInterface
public interface Part<I, O> {
  void apply(I input, Outcomes<O> to);
}
