package dev.stowage.house.planted.storage.memory;

import dev.stowage.house.planted.storage.postgres.Rows;

/** Planted for the test of the arrows: a storage knows another. */
public final class MemoryKnowsRows {
  Rows rows = new Rows();
}
