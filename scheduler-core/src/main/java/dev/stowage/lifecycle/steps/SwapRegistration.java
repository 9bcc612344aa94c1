package dev.stowage.lifecycle.steps;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.state.CanonicalOrder;
import dev.stowage.lifecycle.state.ChunkOrder;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Registers a swap, with the checks of section 5 in their order. */
public final class SwapRegistration {
  private static final Comparator<ProposedChunk> CANONICAL =
      Comparator.comparing((ProposedChunk chunk) -> chunk.key().dataset())
          .thenComparingLong(ProposedChunk::firstBlock)
          .thenComparing(ProposedChunk::key);

  private final Tables tables;
  private final Journal journal;
  private final Command.RegisterSwap swap;

  public SwapRegistration(Journal journal, Command.RegisterSwap swap) {
    this.journal = journal;
    this.swap = swap;
    tables = journal.tables;
  }

  public Result.SwapRegistered register() {
    Result.SwapRegistered refused = refusal();
    if (refused != null) {
      return refused;
    }
    Admission admission = new Admission(journal);
    List<ProposedChunk> fresh = new ArrayList<>(swap.newChunks());
    fresh.sort(CANONICAL);
    fresh.forEach(admission::insertAdmitted);
    List<Integer> old = oldPositions();
    old.sort((left, right) -> CanonicalOrder.compare(tables, left, right));
    long id = tables.fleet.lastSwap() + 1;
    journal.fleet(it -> it.with(FleetRow.LAST_SWAP, id));
    journal.putSwap(
        new SwapRow(
            id,
            old.stream().map(tables.chunks.facts::key).toList(),
            fresh.stream().map(ProposedChunk::key).toList(),
            swap.coverage(),
            SwapState.PENDING,
            tables.fleet.largestTick(),
            0));
    return new Result.SwapRegistered(ResultCode.ACCEPTED, id, null, List.of());
  }

  private Result.@Nullable SwapRegistered refusal() {
    List<String> wrong = malformed();
    if (!wrong.isEmpty()) {
      return new Result.SwapRegistered(ResultCode.INVALID, 0, null, wrong);
    }
    Result.SwapRegistered refused = refusedOldSide();
    if (refused != null) {
      return refused;
    }
    for (ProposedChunk chunk : swap.newChunks()) {
      int known = tables.chunks.find(chunk.key());
      if (known >= 0 && TakenKey.isOver(tables, known)) {
        String why = chunk.key() + " is over: " + TakenKey.why(tables, known);
        return new Result.SwapRegistered(
            ResultCode.ENDED, 0, chunk.key(), List.of(why), TakenKey.freeFrom(tables, known));
      }
      if (known >= 0) {
        return refused(ResultCode.DUPLICATE, chunk.key(), "is known already");
      }
    }
    refused = overlap();
    if (refused != null) {
      return refused;
    }
    if (swap.coverage() == Coverage.SAME && !coversTheSame()) {
      String why = "the new side does not cover exactly what the old side covers";
      return new Result.SwapRegistered(ResultCode.COVERAGE, 0, null, List.of(why));
    }
    long bytes = 0;
    for (ProposedChunk chunk : swap.newChunks()) {
      bytes = SaturatedSum.of(bytes, chunk.sizeBytes());
    }
    if (new Admission(journal).isBackpressure(swap.newChunks().size(), bytes)) {
      String why = "too many chunks or bytes wait for their first placement";
      return new Result.SwapRegistered(ResultCode.BACKPRESSURE, 0, null, List.of(why));
    }
    return null;
  }

  private List<String> malformed() {
    List<String> wrong = new ArrayList<>();
    if (swap.oldChunks().isEmpty()) {
      wrong.add("the old side is empty");
    }
    if (swap.newChunks().isEmpty()) {
      wrong.add("the new side is empty");
    }
    Set<ChunkKey> named = new HashSet<>();
    for (ChunkKey key : swap.oldChunks()) {
      if (!named.add(key)) {
        wrong.add(key + " is named twice");
      }
    }
    for (ProposedChunk chunk : swap.newChunks()) {
      if (!named.add(chunk.key())) {
        wrong.add(chunk.key() + " is named twice");
      }
      chunk.violations().forEach(why -> wrong.add(chunk.key() + ": " + why));
    }
    return wrong;
  }

  private Result.@Nullable SwapRegistered refusedOldSide() {
    ChunkKey unknown = firstOld(at -> at < 0);
    if (unknown != null) {
      return refused(ResultCode.UNKNOWN_CHUNK, unknown, "is unknown");
    }
    for (ChunkKey key : swap.oldChunks()) {
      if (!key.dataset().equals(swap.dataset())) {
        return refused(ResultCode.DATASET_MISMATCH, key, "is not of dataset " + swap.dataset());
      }
    }
    for (ProposedChunk chunk : swap.newChunks()) {
      if (!chunk.key().dataset().equals(swap.dataset())) {
        String why = "is not of dataset " + swap.dataset();
        return refused(ResultCode.DATASET_MISMATCH, chunk.key(), why);
      }
    }
    ChunkKey notAdmitted =
        firstOld(at -> tables.chunks.stateOf(at).compareTo(ChunkState.ADMITTED) < 0);
    if (notAdmitted != null) {
      return refused(ResultCode.NOT_ADMITTED, notAdmitted, "was rejected, or is not admitted yet");
    }
    ChunkKey leaving = firstOld(at -> !tables.chunks.isLive(at));
    if (leaving != null) {
      return refused(ResultCode.BEING_REMOVED, leaving, "is being removed");
    }
    ChunkKey swapped = firstOld(at -> tables.swaps.replacing(at) != 0);
    if (swapped != null) {
      return refused(ResultCode.HAS_SWAP, swapped, "has a pending swap already");
    }
    return null;
  }

  private Result.@Nullable SwapRegistered overlap() {
    List<ProposedChunk> fresh = new ArrayList<>(swap.newChunks());
    fresh.sort(CANONICAL);
    for (int i = 1; i < fresh.size(); i++) {
      if (fresh.get(i - 1).range().overlaps(fresh.get(i).range())) {
        String why = "overlaps " + fresh.get(i - 1).key() + " of the same side";
        return refused(ResultCode.OVERLAP, fresh.get(i).key(), why);
      }
    }
    ChunkOrder live = tables.chunks.liveOrder(tables.chunks.dataset(swap.dataset()));
    Set<Integer> chain = new HashSet<>();
    for (BlockRange beyond : BlockRange.difference(newRanges(), oldRanges())) {
      int winner =
          live.firstOverlap(
              beyond.first(),
              beyond.last(),
              tables.chunks.facts,
              at -> tables.chunks.isLive(at) && !findInChain(at, chain));
      if (winner >= 0) {
        BlockRange held = tables.chunks.facts.range(winner);
        ChunkKey loser =
            fresh.stream().filter(it -> it.range().overlaps(held)).findFirst().orElseThrow().key();
        ChunkKey key = tables.chunks.facts.key(winner);
        return refused(ResultCode.OVERLAP, key, "holds blocks of " + loser);
      }
    }
    return null;
  }

  /**
   * Finds whether pending swaps lead from a chunk to the old side. Those that share a block with
   * the old side need not be asked: live chunks share blocks within a chain only.
   */
  private boolean findInChain(int chunk, Set<Integer> chain) {
    if (chain.isEmpty()) {
      addChainOfOldSide(chain);
    }
    return chain.contains(chunk);
  }

  private void addChainOfOldSide(Set<Integer> chain) {
    Deque<Integer> open = new ArrayDeque<>(oldPositions());
    Set<Long> producers = new HashSet<>();
    while (!open.isEmpty()) {
      int chunk = open.removeLast();
      chain.add(chunk);
      SwapRow producer = tables.swaps.row(tables.swaps.pendingProducing(chunk));
      if (producer != null && producers.add(producer.id())) {
        producer.oldChunks().forEach(key -> open.add(tables.chunks.find(key)));
      }
    }
  }

  private boolean coversTheSame() {
    return BlockRange.union(oldRanges()).equals(BlockRange.union(newRanges()));
  }

  private List<BlockRange> oldRanges() {
    return oldPositions().stream().map(tables.chunks.facts::range).toList();
  }

  private List<BlockRange> newRanges() {
    return swap.newChunks().stream().map(ProposedChunk::range).toList();
  }

  private List<Integer> oldPositions() {
    List<Integer> positions = new ArrayList<>();
    swap.oldChunks().forEach(key -> positions.add(tables.chunks.find(key)));
    return positions;
  }

  private @Nullable ChunkKey firstOld(IntPredicate isWrong) {
    for (ChunkKey key : swap.oldChunks()) {
      if (isWrong.test(tables.chunks.find(key))) {
        return key;
      }
    }
    return null;
  }

  private static Result.SwapRegistered refused(ResultCode code, ChunkKey culprit, String why) {
    return new Result.SwapRegistered(code, 0, culprit, List.of(culprit + " " + why));
  }
}
