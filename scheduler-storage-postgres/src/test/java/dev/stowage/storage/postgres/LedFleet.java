package dev.stowage.storage.postgres;

import dev.stowage.Stowage;
import dev.stowage.contract.SmallFleet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fleet that a test leads, in a schema of its own. */
abstract class LedFleet {
  final PostgresFixture fixture = new PostgresFixture();
  final PostgresChunkStore store = fixture.connect();
  final Stowage stowage = SmallFleet.facade(store, "leader");
  final SmallFleet fleet = new SmallFleet(stowage);

  @BeforeEach
  void lead() {
    stowage.claim(fleet.now());
  }

  @AfterEach
  void close() {
    stowage.close();
    fixture.close();
  }
}
