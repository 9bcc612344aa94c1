package dev.stowage.house.planted.lifecycle;

import dev.stowage.house.planted.content.Item;

/** Planted for the test of the arrows: only higher in the table, and still not. */
public final class LifecycleKnowsContent {
  Item item = new Item();
}
