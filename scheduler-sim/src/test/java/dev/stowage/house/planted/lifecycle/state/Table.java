package dev.stowage.house.planted.lifecycle.state;

import dev.stowage.house.planted.lifecycle.Word;
import dev.stowage.house.planted.lifecycle.rows.Row;

/** Planted for the test of the arrows: in order. */
public final class Table {
  Class<?> row = Row.class;
  Class<?> word = Word.class;
}
