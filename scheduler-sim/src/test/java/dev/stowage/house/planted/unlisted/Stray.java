package dev.stowage.house.planted.unlisted;

/** Planted for the test of the arrows: a package that the table does not list. */
public final class Stray {
  public static final int LEVEL = 0;
}
