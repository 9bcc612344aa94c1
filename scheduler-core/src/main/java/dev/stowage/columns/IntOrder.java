package dev.stowage.columns;

/** A total order of small numbers, such as slots. */
@FunctionalInterface
public interface IntOrder {
  /** Whether {@code a} comes before {@code b}; two different numbers are never equal. */
  boolean before(int a, int b);
}
