package dev.stowage.storage.memory;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.TimeContract;
import java.util.function.LongSupplier;

/** Time that can be trusted, on the memory backend. */
class MemoryTimeTest extends TimeContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }

  @Override
  protected StoreFixture open(LongSupplier clockNanos) {
    return new MemoryFixture(clockNanos);
  }
}
