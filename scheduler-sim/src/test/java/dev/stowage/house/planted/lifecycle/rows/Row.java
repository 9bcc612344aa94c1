package dev.stowage.house.planted.lifecycle.rows;

import dev.stowage.house.planted.lifecycle.Word;
import dev.stowage.house.planted.model.Ground;

/** Planted for the test of the arrows: in order. */
public final class Row {
  Class<?> word = Word.class;
  Class<?> ground = Ground.class;
}
