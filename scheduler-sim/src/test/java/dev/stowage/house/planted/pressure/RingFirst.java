package dev.stowage.house.planted.pressure;

/** Planted for the test of the arrows: one of a large circle. */
public final class RingFirst {
  Class<?> ringSecond = RingSecond.class;
}
