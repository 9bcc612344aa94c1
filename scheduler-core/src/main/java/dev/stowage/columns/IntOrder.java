package dev.stowage.columns;

/** A total order of small numbers, such as slots. */
@FunctionalInterface
public interface IntOrder {
  /** Reports whether {@code a} comes before {@code b}; different numbers are never equal. */
  boolean before(int a, int b);
}
