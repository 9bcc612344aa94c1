package dev.stowage.storage.memory;

import dev.stowage.contract.PartEvidenceContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link PartEvidenceContract} on the memory backend. */
class MemoryPartEvidenceTest extends PartEvidenceContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
