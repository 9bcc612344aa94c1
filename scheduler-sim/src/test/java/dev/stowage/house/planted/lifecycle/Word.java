package dev.stowage.house.planted.lifecycle;

/** Planted for the test of the arrows: in order. */
public final class Word {
  public static final int LEVEL = 0;
}
