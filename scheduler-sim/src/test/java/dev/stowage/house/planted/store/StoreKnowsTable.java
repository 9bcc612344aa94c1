package dev.stowage.house.planted.store;

import dev.stowage.house.planted.lifecycle.state.Table;

/** Planted for the test of the arrows: a room passes the wall of another. */
public final class StoreKnowsTable {
  Class<?> table = Table.class;
}
