package dev.stowage.placement.board;

import dev.stowage.columns.IntColumn;
import dev.stowage.placement.input.ChunkColumns;

/** Wanted replicas by chunk: the target, and the goal of growth, less recent losses. */
public record Aims(IntColumn target, IntColumn goal) {
  static Aims none(ChunkColumns chunks, int most) {
    IntColumn target = IntColumn.ofAtMost(chunks.count, most);
    return new Aims(
        target, chunks.isAnyGoalLower() ? IntColumn.ofAtMost(chunks.count, most) : target);
  }
}
