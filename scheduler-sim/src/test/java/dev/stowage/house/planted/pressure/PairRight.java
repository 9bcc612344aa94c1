package dev.stowage.house.planted.pressure;

/** Planted for the test of the arrows: one of a small circle. */
public final class PairRight {
  Class<?> pairLeft = PairLeft.class;
}
