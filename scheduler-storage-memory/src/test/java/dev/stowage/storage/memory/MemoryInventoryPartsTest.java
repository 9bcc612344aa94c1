package dev.stowage.storage.memory;

import dev.stowage.engine.InventoryPartsContract;
import dev.stowage.store.StoreFixture;

/** Inventories in parts on the memory backend. */
class MemoryInventoryPartsTest extends InventoryPartsContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
