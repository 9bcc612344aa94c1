package dev.stowage.storage.postgres;

import dev.stowage.engine.BoundsProperties;
import dev.stowage.store.StoreFixture;

/** Commands of any size on the PostgreSQL backend. */
class PostgresBoundsPropertiesTest extends BoundsProperties {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
