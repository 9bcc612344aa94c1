package dev.stowage.lifecycle.planning;

import dev.stowage.lifecycle.BudgetInForce;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.placement.PlacementPlan;

/** The input of a plan, with the version of everything that planning depends on. */
public record Prepared(
    Source source, ChunkFacts facts, long version, long tick, BudgetInForce budget) {
  public interface Source {
    /** Throws {@code IllegalStateException} if the state has been prepared again since. */
    PlacementPlan plan();

    int chunk(int number);

    int worker(int number);

    int numberOfChunk(int position);

    int numberOfWorker(int position);

    long goodUntil();
  }
}
