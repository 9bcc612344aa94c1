package dev.stowage.storage.postgres;

import dev.stowage.engine.BoundsContract;
import dev.stowage.store.StoreFixture;
import org.junit.jupiter.api.Tag;

/** The bounds of commands on the PostgreSQL backend. */
@Tag("deep")
class PostgresBoundsTest extends BoundsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
