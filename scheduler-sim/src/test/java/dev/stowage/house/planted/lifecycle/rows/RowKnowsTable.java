package dev.stowage.house.planted.lifecycle.rows;

import dev.stowage.house.planted.lifecycle.state.Table;

/** Planted for the test of the arrows: an inner room knows one below it. */
public final class RowKnowsTable {
  Class<?> table = Table.class;
}
