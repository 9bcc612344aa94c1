package dev.stowage.house.planted.model;

/** Planted for the test of the arrows: in order. */
public final class Ground {
  public static final int LEVEL = 0;
}
