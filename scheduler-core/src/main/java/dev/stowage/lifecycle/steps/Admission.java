package dev.stowage.lifecycle.steps;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.state.CanonicalOrder;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Admits ingested and offered chunks (section 6). */
public final class Admission {
  private final Tables tables;
  private final Journal journal;

  public Admission(Journal journal) {
    this.journal = journal;
    tables = journal.tables;
  }

  public Result.Batch ingest(List<ProposedChunk> chunks) {
    List<Result.Item> items = new ArrayList<>(chunks.size());
    for (ProposedChunk chunk : chunks) {
      items.add(ingest(chunk));
    }
    return new Result.Batch(items);
  }

  public Result.Batch offer(List<ProposedChunk> chunks, long tick) {
    List<Result.Item> items = new ArrayList<>(chunks.size());
    for (ProposedChunk chunk : chunks) {
      List<String> wrong = chunk.violations();
      List<String> tooLarge = Shape.of(ProposedChunk.class).oversized(chunk);
      if (!tooLarge.isEmpty()) {
        items.add(new Result.Item(chunk.key(), ResultCode.TOO_LARGE, null, null, tooLarge));
      } else if (!wrong.isEmpty()) {
        items.add(new Result.Item(chunk.key(), ResultCode.INVALID, null, null, wrong));
      } else if (tables.chunks.find(chunk.key()) >= 0) {
        items.add(known(chunk));
      } else {
        insert(chunk, ChunkState.OFFERED, null, tick);
        items.add(refusal(chunk, ResultCode.OFFERED));
      }
    }
    return new Result.Batch(items);
  }

  public Result.Admitted admit(long now) {
    List<ChunkKey> admitted = new ArrayList<>();
    List<ChunkKey> rejected = new ArrayList<>();
    admitOffered(tables.time.advanceUncounted(now), admitted, rejected);
    return new Result.Admitted(admitted, rejected);
  }

  void admitOffered(long tick, List<ChunkKey> admitted, List<ChunkKey> rejected) {
    int[] offered =
        CanonicalOrder.of(
            tables, tables.work.offered, at -> tables.chunks.stateOf(at) == ChunkState.OFFERED);
    journal.drain(tables.work.offered);
    for (int chunk : offered) {
      int winner = liveOverlap(chunk);
      if (winner < 0) {
        journal.admit(chunk, tick);
        admitted.add(tables.chunks.facts.key(chunk));
      } else {
        journal.reject(chunk, winner, tick);
        rejected.add(tables.chunks.facts.key(chunk));
      }
    }
  }

  boolean isBackpressure(long chunks, long bytes) {
    LifecycleConfig config = tables.fleet.config();
    return SaturatedSum.of(tables.waitingChunks(), chunks) > config.maxWaitingChunks()
        || SaturatedSum.of(tables.waitingBytes(), bytes) > config.maxWaitingBytes();
  }

  int insertAdmitted(ProposedChunk chunk) {
    ChunkNumber number = new ChunkNumber(tables.fleet.lineage(), tables.nextNumber());
    return insert(chunk, ChunkState.ADMITTED, number, tables.fleet.largestTick());
  }

  private Result.Item ingest(ProposedChunk chunk) {
    List<String> tooLarge = Shape.of(ProposedChunk.class).oversized(chunk);
    if (!tooLarge.isEmpty()) {
      return new Result.Item(chunk.key(), ResultCode.TOO_LARGE, null, null, tooLarge);
    }
    List<String> wrong = chunk.violations();
    if (!wrong.isEmpty()) {
      return new Result.Item(chunk.key(), ResultCode.INVALID, null, null, wrong);
    }
    if (tables.chunks.find(chunk.key()) >= 0) {
      return known(chunk);
    }
    int winner = liveOverlap(chunk);
    if (winner >= 0) {
      ChunkKey key = tables.chunks.facts.key(winner);
      return new Result.Item(chunk.key(), ResultCode.OVERLAP, null, key, List.of());
    }
    if (isBackpressure(1, chunk.sizeBytes())) {
      return refusal(chunk, ResultCode.BACKPRESSURE);
    }
    int position = insertAdmitted(chunk);
    ChunkNumber number = tables.chunks.facts.number(position);
    return new Result.Item(chunk.key(), ResultCode.ACCEPTED, number, null, List.of());
  }

  private int liveOverlap(ProposedChunk chunk) {
    int dataset = tables.chunks.dataset(chunk.key().dataset());
    return dataset < 0
        ? ReplicaTable.NONE
        : tables
            .chunks
            .liveOrder(dataset)
            .firstOverlap(
                chunk.firstBlock(), chunk.lastBlock(), tables.chunks.facts, tables.chunks::isLive);
  }

  private int liveOverlap(int chunk) {
    BlockRange range = tables.chunks.facts.range(chunk);
    return tables
        .chunks
        .liveOrderOf(chunk)
        .firstOverlap(range.first(), range.last(), tables.chunks.facts, tables.chunks::isLive);
  }

  private int insert(
      ProposedChunk chunk, ChunkState state, @Nullable ChunkNumber number, long tick) {
    return journal.insertChunk(
        new ChunkRow(
            tables.chunks.nextPosition(),
            chunk.key(),
            chunk.range(),
            chunk.sizeBytes(),
            chunk.weight().orElse(0),
            chunk.eligibility(),
            state,
            false,
            number,
            false,
            false,
            0,
            tick,
            0,
            null,
            List.of(),
            List.of()));
  }

  private Result.Item known(ProposedChunk chunk) {
    int at = tables.chunks.find(chunk.key());
    return TakenKey.isOver(tables, at)
        ? new Result.Item(
            chunk.key(),
            ResultCode.ENDED,
            null,
            null,
            List.of(TakenKey.why(tables, at)),
            TakenKey.freeFrom(tables, at))
        : refusal(chunk, ResultCode.DUPLICATE);
  }

  private static Result.Item refusal(ProposedChunk chunk, ResultCode code) {
    return new Result.Item(chunk.key(), code, null, null, List.of());
  }
}
