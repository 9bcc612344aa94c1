package dev.stowage.lifecycle.planning;

import dev.stowage.lifecycle.BudgetInForce;
import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.placement.PlacementPlan;

/**
 * What a plan is made from.
 *
 * @param source makes the plan, and says what its numbers mean
 * @param facts the chunks as they were then
 * @param version of all that planning depends on
 * @param tick that it is planned for
 * @param budget that the plan has for growth and moves
 */
public record Prepared(
    Source source, ChunkFacts facts, long version, long tick, BudgetInForce budget) {
  /** Makes a plan. */
  public interface Source {
    /**
     * The plan; asked again, it makes an equal one.
     *
     * @throws IllegalStateException if the state has been prepared again since
     */
    PlacementPlan plan();

    /** The position of a chunk that the plan names. */
    int chunk(int number);

    /** The position of a worker that the plan names. */
    int worker(int number);

    /** How the plan names the chunk at a position, or -1 if it does not know it. */
    int numberOfChunk(int position);

    /** How the plan names the worker at a position, or -1 if it does not know it. */
    int numberOfWorker(int position);

    /** The first tick at which time alone changes what this was made from. */
    long goodUntil();
  }
}
