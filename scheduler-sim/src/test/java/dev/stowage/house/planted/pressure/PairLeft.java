package dev.stowage.house.planted.pressure;

import dev.stowage.house.planted.columns.Column;

/** Planted for the test of the arrows: one of a small circle. */
public final class PairLeft {
  Class<?> pairRight = PairRight.class;
  Class<?> column = Column.class;
}
