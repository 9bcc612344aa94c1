package dev.stowage.house.planted;

/** Planted for the test of the arrows: a value of the face. */
public final class Setting {
  public static final int LEVEL = 0;
}
