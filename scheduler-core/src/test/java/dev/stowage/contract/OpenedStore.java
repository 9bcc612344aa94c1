package dev.stowage.contract;

import dev.stowage.store.spi.FleetStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store that is opened anew for each test of a contract; a backend says how. */
abstract class OpenedStore {
  StoreFixture fixture;
  FleetStore store;
  LogSender sender;

  /** A fresh store, whose fleet has not begun. */
  protected abstract StoreFixture open();

  @BeforeEach
  void openStore() {
    fixture = open();
    store = fixture.connect();
    sender = new LogSender(fixture.connect(), 1);
  }

  @AfterEach
  void closeStore() {
    fixture.close();
  }
}
