package dev.stowage.storage.postgres;

import dev.stowage.contract.InventoryPartsContract;
import dev.stowage.contract.StoreFixture;
import org.junit.jupiter.api.Tag;

/** Inventories in parts on the PostgreSQL backend. */
@Tag("deep")
class PostgresInventoryPartsTest extends InventoryPartsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
