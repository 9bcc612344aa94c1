package dev.stowage.lifecycle.steps;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Sets removal marks and cancels swaps (sections 5 and 9). */
public final class Removal {
  private final Tables tables;
  private final Journal journal;

  public Removal(Journal journal) {
    this.journal = journal;
    tables = journal.tables;
  }

  public Result.Answer remove(ChunkKey key) {
    int chunk = tables.chunks.find(key);
    if (chunk < 0) {
      return Result.Answer.of(ResultCode.UNKNOWN_CHUNK);
    }
    if (tables.chunks.stateOf(chunk).compareTo(ChunkState.ADMITTED) < 0) {
      return Result.Answer.of(ResultCode.NOT_ADMITTED);
    }
    if (!tables.chunks.isLive(chunk)) {
      return Result.Answer.of(ResultCode.BEING_REMOVED);
    }
    if (tables.swaps.replacing(chunk) != 0 || tables.swaps.pendingProducing(chunk) != 0) {
      return Result.Answer.of(ResultCode.HAS_SWAP);
    }
    journal.mark(chunk);
    return Result.Answer.of(ResultCode.MARKED);
  }

  public Result.SwapCancelled cancel(long id) {
    SwapRow swap = tables.swaps.row(id);
    if (swap == null) {
      return new Result.SwapCancelled(ResultCode.UNKNOWN_SWAP, List.of(), List.of());
    }
    if (swap.state() == SwapState.FIRED) {
      return new Result.SwapCancelled(ResultCode.ALREADY_FIRED, List.of(), List.of());
    }
    TreeSet<Long> cancelled = new TreeSet<>();
    List<Long> open = new ArrayList<>(swap.isPending() ? List.of(id) : List.of());
    while (!open.isEmpty()) {
      SwapRow next = tables.swaps.row(open.remove(open.size() - 1));
      if (next == null || !cancelled.add(next.id())) {
        continue;
      }
      for (ChunkKey key : next.newChunks()) {
        int chunk = tables.chunks.find(key);
        long resting = tables.swaps.replacing(chunk);
        if (resting != 0) {
          open.add(resting);
        }
        journal.mark(chunk);
      }
      journal.putSwap(next.ended(SwapState.CANCELLED, tables.fleet.largestTick()));
    }
    return new Result.SwapCancelled(ResultCode.CANCELLED, List.copyOf(cancelled), List.of());
  }
}
