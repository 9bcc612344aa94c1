package dev.stowage.content;

/** A total order of slots. */
@FunctionalInterface
interface SlotOrder {
  /** Whether slot {@code a} comes before slot {@code b}; two slots are never equal. */
  boolean before(int a, int b);
}
