package dev.stowage.storage.postgres;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.SubmitContract;
import org.junit.jupiter.api.Tag;

/** Runs {@link SubmitContract} on the PostgreSQL backend. */
@Tag("deep")
class PostgresSubmitTest extends SubmitContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
