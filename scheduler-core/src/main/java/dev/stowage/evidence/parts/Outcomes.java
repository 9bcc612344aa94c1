package dev.stowage.evidence.parts;

/** Takes the outcomes of a part. */
@FunctionalInterface
public interface Outcomes<O> {
  void add(O outcome);
}
