package dev.stowage.house.planted.lifecycle.attic;

/** Planted for the test of the arrows: an inner room that the table does not list. */
public final class Box {
  public static final int LEVEL = 0;
}
