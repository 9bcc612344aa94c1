package dev.stowage.house.planted.content;

import dev.stowage.house.planted.model.Ground;

/** Planted for the test of the arrows: in order. */
public final class Item {
  Ground ground = new Ground();
}
