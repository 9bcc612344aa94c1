package dev.stowage.storage.postgres;

import dev.stowage.contract.BoundsProperties;
import dev.stowage.contract.StoreFixture;
import net.jqwik.api.Tag;

/** Commands of any size on the PostgreSQL backend. */
@Tag("deep")
class PostgresBoundsPropertiesTest extends BoundsProperties {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
