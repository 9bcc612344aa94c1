package dev.stowage.lifecycle.state;

import dev.stowage.columns.IntSet;

/**
 * What the journal of the present command has touched. The sets outlive it, because bitmaps as long
 * as the tables would cost more to make than most commands do.
 */
final class Scratch {
  final IntSet touchedChunks = new IntSet();
  final IntSet createdChunks = new IntSet();
  final IntSet touchedSlots = new IntSet();
  final IntSet createdSlots = new IntSet();
  final IntSet removedSlots = new IntSet();
}
