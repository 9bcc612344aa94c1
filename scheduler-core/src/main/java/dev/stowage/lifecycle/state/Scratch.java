package dev.stowage.lifecycle.state;

import dev.stowage.columns.IntSet;

/** The rows touched by the current command; reused, because long bitmaps are costly to create. */
final class Scratch {
  final IntSet touchedChunks = new IntSet();
  final IntSet touchedSlots = new IntSet();
  final IntSet removedSlots = new IntSet();
}
