package dev.stowage.house.planted.store;

import dev.stowage.house.planted.storage.postgres.Rows;

/** Planted for the test of the arrows: the SPI knows a storage. */
public final class StoreKnowsRows {
  Rows rows = new Rows();
}
