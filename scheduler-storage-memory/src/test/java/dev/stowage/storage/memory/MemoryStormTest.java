package dev.stowage.storage.memory;

import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.StormContract;

/** Runs {@link StormContract} on the memory backend. */
class MemoryStormTest extends StormContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }

  @Override
  protected int commandsOfAThread() {
    return 70;
  }
}
