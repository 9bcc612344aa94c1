package dev.stowage.house.planted.storage.memory;

import dev.stowage.house.planted.lifecycle.state.Table;

/** Planted for the test of the arrows: another module passes a wall. */
public final class MemoryKnowsTable {
  Class<?> table = Table.class;
}
