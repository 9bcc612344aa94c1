package dev.stowage.house.planted.pressure;

/** Planted for the test of the arrows: one of a large circle. */
public final class RingSecond {
  Class<?> ringThird = RingThird.class;
}
