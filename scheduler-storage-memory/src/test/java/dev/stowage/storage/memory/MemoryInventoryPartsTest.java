package dev.stowage.storage.memory;

import dev.stowage.contract.InventoryPartsContract;
import dev.stowage.contract.StoreFixture;

/** Inventories in parts on the memory backend. */
class MemoryInventoryPartsTest extends InventoryPartsContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
