package dev.stowage.house.planted.storage.memory;

import dev.stowage.house.planted.lifecycle.documents.Document;
import dev.stowage.house.planted.lifecycle.rows.Row;

/** Planted for the test of the arrows: a guest in an inner room. */
public final class Reader {
  Class<?> document = Document.class;
  Class<?> row = Row.class;
}
