package dev.stowage.house.planted;

/** Planted for the test of the arrows: in the root package, and in no list. */
public final class Lodger {
  public static final int LEVEL = 0;
}
