package dev.stowage.house.planted.pressure;

/** Planted for the test of the arrows: one file too many. */
public final class Sixth {
  public static final int LEVEL = 0;
}
