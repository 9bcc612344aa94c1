package dev.stowage.house.planted.placement;

import java.sql.Connection;

/** Planted for the test of the arrows: core asks a database. */
public final class PlacementAsksDatabase {
  Class<?> connection = Connection.class;
}
