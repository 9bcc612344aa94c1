package dev.stowage.house.planted;

/** Marks the packages in which classes are planted that turn an arrow round, one in each. */
public final class Planted {
  private Planted() {}
}
