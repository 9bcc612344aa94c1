package dev.stowage.storage.memory;

import dev.stowage.contract.QuestionsContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link QuestionsContract} on the memory backend. */
class MemoryQuestionsTest extends QuestionsContract {
  @Override
  protected StoreFixture open() {
    return new MemoryFixture();
  }
}
