package dev.stowage.house.planted.lifecycle;

import dev.stowage.house.planted.lifecycle.state.Table;

/** Planted for the test of the arrows: a door of the room. */
public final class LifecycleDoor {
  Class<?> table = Table.class;
}
