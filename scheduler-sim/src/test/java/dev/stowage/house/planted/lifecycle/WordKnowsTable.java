package dev.stowage.house.planted.lifecycle;

import dev.stowage.house.planted.lifecycle.state.Table;

/** Planted for the test of the arrows: enters an inner room by no door. */
public final class WordKnowsTable {
  Class<?> table = Table.class;
}
