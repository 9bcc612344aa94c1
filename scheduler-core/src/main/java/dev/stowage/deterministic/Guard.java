package dev.stowage.deterministic;

/**
 * A predicate that a task must satisfy before it runs. Must be a pure function of its context:
 * equal contexts, equal answers, on any thread. Each evaluation costs the task one tick.
 */
@FunctionalInterface
public interface Guard {
  /** Whether the task may run. */
  boolean test(GuardContext context);
}
