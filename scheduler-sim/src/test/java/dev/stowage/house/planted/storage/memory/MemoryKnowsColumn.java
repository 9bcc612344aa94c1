package dev.stowage.house.planted.storage.memory;

import dev.stowage.house.planted.columns.Column;

/** Planted for the test of the arrows: another module knows a room that is not exported. */
public final class MemoryKnowsColumn {
  Class<?> column = Column.class;
}
