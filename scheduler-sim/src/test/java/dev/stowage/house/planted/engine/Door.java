package dev.stowage.house.planted.engine;

import dev.stowage.house.planted.content.Item;
import dev.stowage.house.planted.transfer.Route;

/** Planted for the test of the arrows: the engine may. */
public final class Door {
  Route route = new Route();
  Item item = new Item();
  Thread thread = new Thread("planted");
}
