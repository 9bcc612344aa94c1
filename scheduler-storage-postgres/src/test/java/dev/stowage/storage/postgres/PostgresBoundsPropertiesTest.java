package dev.stowage.storage.postgres;

import dev.stowage.engine.BoundsProperties;
import dev.stowage.store.StoreFixture;
import net.jqwik.api.Tag;

/** Commands of any size on the PostgreSQL backend. */
@Tag("deep")
class PostgresBoundsPropertiesTest extends BoundsProperties {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
