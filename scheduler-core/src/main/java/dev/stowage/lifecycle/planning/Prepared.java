package dev.stowage.lifecycle.planning;

import dev.stowage.lifecycle.BudgetInForce;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlan;
import java.util.Set;

/**
 * The input of a plan, with the version of everything that planning depends on.
 *
 * @param leaving the workers that the plan is to empty
 */
public record Prepared(
    Source source,
    ChunkFacts facts,
    long version,
    long tick,
    BudgetInForce budget,
    Set<WorkerId> leaving,
    NewChunks newChunks) {
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
