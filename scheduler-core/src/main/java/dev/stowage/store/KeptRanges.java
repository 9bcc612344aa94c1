package dev.stowage.store;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Ranges of chunks whose removal no leader has taken in. For stores; not thread-safe. */
public final class KeptRanges {
  private final Map<ChunkKey, BlockRange> kept = new TreeMap<>();

  /** Creates an empty set. */
  public KeptRanges() {}

  /** The decided part of a writer's command, which becomes news, its changes and the answer. */
  public record Decided(Command<?> command, ChangeSet changes, Result result) {}

  /** Reserves the ranges that a writer's command gives up. */
  public void note(Command<?> command, ChangeSet changes) {
    if (command instanceof Command.Remove || command instanceof Command.CancelSwap) {
      for (ChunkRow row : changes.chunks()) {
        keep(row.key(), row.range());
      }
    }
  }

  /** Reserves the range of a chunk. */
  public void keep(ChunkKey chunk, BlockRange range) {
    kept.put(chunk, range);
  }

  /** Releases all ranges, once leaders have taken the removals in. */
  public void clear() {
    kept.clear();
  }

  /** Executes a writer's command, giving it none of these ranges. */
  public Decided execute(Lifecycle lifecycle, LifecycleState state, Command<?> command, Tick tick) {
    if (!kept.isEmpty() && command instanceof Command.Ingest ingest) {
      return ingest(lifecycle, state, ingest, tick);
    }
    Lifecycle.Outcome<?> outcome = lifecycle.execute(state, command, tick);
    boolean isSwap = command instanceof Command.RegisterSwap && outcome.result().isAccepted();
    if (isSwap && !kept.isEmpty()) {
      state.rollback(outcome.changes());
      for (ProposedChunk chunk : ((Command.RegisterSwap) command).newChunks()) {
        Optional<ChunkKey> holder = holder(state, chunk);
        if (holder.isPresent()) {
          String why = holder.get() + " holds blocks of " + chunk.key();
          return nothing(
              state,
              command,
              new Result.SwapRegistered(ResultCode.OVERLAP, 0, holder.get(), List.of(why)));
        }
      }
      outcome = lifecycle.execute(state, command, tick);
    }
    return new Decided(command, outcome.changes(), outcome.result());
  }

  private Decided ingest(
      Lifecycle lifecycle, LifecycleState state, Command.Ingest ingest, Tick tick) {
    List<ProposedChunk> free = new ArrayList<>();
    Map<Integer, Result.Item> refused = new TreeMap<>();
    for (int at = 0; at < ingest.chunks().size(); at++) {
      ProposedChunk chunk = ingest.chunks().get(at);
      Optional<ChunkKey> holder = holder(state, chunk);
      if (holder.isPresent()) {
        refused.put(at, refused(lifecycle, state, chunk, holder.get(), tick));
      } else {
        free.add(chunk);
      }
    }
    Command.Ingest asked = refused.isEmpty() ? ingest : new Command.Ingest(List.copyOf(free));
    if (free.isEmpty()) {
      return nothing(state, asked, new Result.Batch(List.copyOf(refused.values())));
    }
    Lifecycle.Outcome<Result.Batch> outcome = lifecycle.execute(state, asked, tick);
    List<Result.Item> items = new ArrayList<>(outcome.result().items());
    refused.forEach(items::add);
    return new Decided(asked, outcome.changes(), new Result.Batch(items));
  }

  private static Result.Item refused(
      Lifecycle lifecycle, LifecycleState state, ProposedChunk chunk, ChunkKey holder, Tick tick) {
    Lifecycle.Outcome<Result.Batch> ruled =
        lifecycle.execute(state, new Command.Ingest(List.of(chunk)), tick);
    state.rollback(ruled.changes());
    Result.Item item = ruled.result().items().get(0);
    return item.code().isAccepted()
        ? new Result.Item(chunk.key(), ResultCode.OVERLAP, null, holder, List.of())
        : item;
  }

  private static Decided nothing(LifecycleState state, Command<?> command, Result answer) {
    return new Decided(command, Lifecycle.nothing(state, answer).changes(), answer);
  }

  private Optional<ChunkKey> holder(LifecycleState state, ProposedChunk chunk) {
    if (!chunk.violations().isEmpty() || state.chunkPosition(chunk.key()) >= 0) {
      return Optional.empty();
    }
    return kept.entrySet().stream()
        .filter(each -> each.getKey().dataset().equals(chunk.key().dataset()))
        .filter(each -> each.getValue().overlaps(chunk.range()))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
