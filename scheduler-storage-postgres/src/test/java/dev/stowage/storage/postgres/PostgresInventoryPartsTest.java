package dev.stowage.storage.postgres;

import dev.stowage.engine.InventoryPartsContract;
import dev.stowage.store.StoreFixture;

/** Inventories in parts on the PostgreSQL backend. */
class PostgresInventoryPartsTest extends InventoryPartsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
