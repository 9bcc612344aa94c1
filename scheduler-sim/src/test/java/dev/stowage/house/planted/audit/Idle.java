package dev.stowage.house.planted.audit;

/** Planted for the test of the arrows: one of a room that may be larger. */
public final class Idle {
  public static final int LEVEL = 0;
}
