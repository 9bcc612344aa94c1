package dev.stowage.house.planted.columns;

/** Planted for the test of the arrows: in order. */
public final class Column {
  public static final int LEVEL = 0;
}
