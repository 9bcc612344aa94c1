package dev.stowage.house.planted.lifecycle.state;

import dev.stowage.house.planted.store.Port;

/** Planted for the test of the arrows: an inner room knows what its room may not. */
public final class TableKnowsPort {
  Class<?> port = Port.class;
}
