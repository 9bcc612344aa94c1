package dev.stowage.house.planted.lifecycle.documents;

import dev.stowage.house.planted.lifecycle.Word;

/** Planted for the test of the arrows: in order. */
public final class Document {
  Class<?> word = Word.class;
}
