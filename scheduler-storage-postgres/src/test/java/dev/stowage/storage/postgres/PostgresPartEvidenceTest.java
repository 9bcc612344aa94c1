package dev.stowage.storage.postgres;

import dev.stowage.contract.PartEvidenceContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link PartEvidenceContract} on the PostgreSQL backend. */
class PostgresPartEvidenceTest extends PartEvidenceContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
