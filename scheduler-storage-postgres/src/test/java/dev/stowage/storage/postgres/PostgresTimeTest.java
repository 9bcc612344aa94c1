package dev.stowage.storage.postgres;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.TimeContract;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;

/** Time that can be trusted, on PostgreSQL. */
@Tag("deep")
class PostgresTimeTest extends TimeContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }

  @Override
  protected StoreFixture open(LongSupplier clockNanos) {
    return new PostgresFixture(
        TestServer.get(), it -> PostgresChunkStore.builder(it.source()).trustedClock(clockNanos));
  }
}
