package dev.stowage.lifecycle.rows;

import dev.stowage.lifecycle.Coverage;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.model.ChunkKey;
import java.util.List;
import java.util.Objects;

/**
 * Everything that is stored about one swap.
 *
 * @param id counts up from 1
 * @param oldChunks the side that portals see until it fires, in canonical order
 * @param newChunks the side that they see afterwards, in canonical order
 * @param coverage whether both sides cover the same blocks
 * @param state its state
 * @param registeredTick the tick of its registration
 * @param endTick when it fired or was cancelled, 0 while it is pending
 */
public record SwapRow(
    long id,
    List<ChunkKey> oldChunks,
    List<ChunkKey> newChunks,
    Coverage coverage,
    SwapState state,
    long registeredTick,
    long endTick) {
  /** Copies the lists. */
  public SwapRow {
    oldChunks = List.copyOf(oldChunks);
    newChunks = List.copyOf(newChunks);
    Objects.requireNonNull(coverage, "coverage");
    Objects.requireNonNull(state, "state");
  }

  /** This swap, ended. */
  public SwapRow ended(SwapState how, long tick) {
    return new SwapRow(id, oldChunks, newChunks, coverage, how, registeredTick, tick);
  }

  /** This swap, with no tick behind another one. */
  public SwapRow notAfter(long tick) {
    return new SwapRow(
        id,
        oldChunks,
        newChunks,
        coverage,
        state,
        Math.min(registeredTick, tick),
        Math.min(endTick, tick));
  }

  /** Whether it can still fire. */
  public boolean isPending() {
    return state == SwapState.PENDING;
  }
}
