package dev.stowage.house.planted.store;

import dev.stowage.house.planted.lifecycle.rows.Row;

/** Planted for the test of the arrows: knows an inner room that is exported. */
public final class Port {
  Class<?> row = Row.class;
}
