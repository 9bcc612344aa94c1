package dev.stowage.storage.postgres;

import dev.stowage.contract.BoundsContract;
import dev.stowage.contract.StoreFixture;
import org.junit.jupiter.api.Tag;

/** The bounds of commands on the PostgreSQL backend. */
@Tag("deep")
class PostgresBoundsTest extends BoundsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
