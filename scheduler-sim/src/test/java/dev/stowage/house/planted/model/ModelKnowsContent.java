package dev.stowage.house.planted.model;

import dev.stowage.house.planted.content.Item;

/** Planted for the test of the arrows: looks down the table. */
public final class ModelKnowsContent {
  Item item = new Item();
}
