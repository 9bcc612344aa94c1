package dev.stowage.storage.postgres;

import dev.stowage.contract.QuestionsContract;
import dev.stowage.contract.StoreFixture;

/** Runs {@link QuestionsContract} on the PostgreSQL backend. */
class PostgresQuestionsTest extends QuestionsContract {
  @Override
  protected StoreFixture open() {
    return new PostgresFixture();
  }
}
