package dev.stowage.sim.filestore;

import dev.stowage.engine.InventoryPartsContract;
import dev.stowage.store.StoreFixture;

/** The contract of inventories in parts on files, unchanged. */
class FileInventoryPartsTest extends InventoryPartsContract {
  private long token;

  @Override
  protected StoreFixture open() {
    return FolderFixture.fresh(() -> ++token);
  }
}
