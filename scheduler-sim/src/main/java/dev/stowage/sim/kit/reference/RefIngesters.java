package dev.stowage.sim.kit.reference;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The commands of ingesters: sections 5 and 6. */
final class RefIngesters {
  private final RefFleet fleet;

  RefIngesters(RefFleet fleet) {
    this.fleet = fleet;
  }

  String ingest(List<ProposedChunk> chunks) {
    StringBuilder words = new StringBuilder();
    for (ProposedChunk chunk : chunks) {
      RefChunk winner = isWellFormed(chunk) ? liveOverlap(chunk, Set.of()) : null;
      if (RefBounds.isTooLarge(chunk)) {
        words.append(ResultWords.item(chunk.key(), "TOO_LARGE", null, null));
      } else if (!isWellFormed(chunk)) {
        words.append(ResultWords.item(chunk.key(), "INVALID", null, null));
      } else if (fleet.chunks.containsKey(chunk.key())) {
        words.append(ResultWords.item(chunk.key(), taken(chunk.key()), null, null));
      } else if (winner != null) {
        words.append(ResultWords.item(chunk.key(), "OVERLAP", null, winner.key));
      } else if (isTooMuch(List.of(chunk))) {
        words.append(ResultWords.item(chunk.key(), "BACKPRESSURE", null, null));
      } else {
        RefChunk admitted = admit(chunk);
        words.append(ResultWords.item(chunk.key(), "ACCEPTED", admitted.number, null));
      }
    }
    return words.toString();
  }

  String offer(List<ProposedChunk> chunks, long tick) {
    StringBuilder words = new StringBuilder();
    for (ProposedChunk chunk : chunks) {
      String code = "OFFERED";
      if (RefBounds.isTooLarge(chunk)) {
        code = "TOO_LARGE";
      } else if (!isWellFormed(chunk)) {
        code = "INVALID";
      } else if (fleet.chunks.containsKey(chunk.key())) {
        code = taken(chunk.key());
      } else {
        fleet.chunks.put(chunk.key(), new RefChunk(chunk, ChunkState.OFFERED, tick));
      }
      words.append(ResultWords.item(chunk.key(), code, null, null));
    }
    return words.toString();
  }

  /** Admits offered chunks in canonical order; losers are rejected for good. */
  void admitOffered(long tick, List<ChunkKey> admitted, List<ChunkKey> rejected) {
    for (RefChunk chunk : fleet.canonicalChunks()) {
      if (chunk.state != ChunkState.OFFERED) {
        continue;
      }
      RefChunk winner = liveOverlap(chunk.proposal, Set.of());
      if (winner == null) {
        chunk.state = ChunkState.ADMITTED;
        chunk.admittedTick = tick;
        chunk.number = fleet.nextNumber();
        admitted.add(chunk.key);
      } else {
        chunk.state = ChunkState.REJECTED;
        chunk.rejectedBy = winner.key;
        chunk.endTick = tick;
        rejected.add(chunk.key);
      }
    }
  }

  String remove(ChunkKey key) {
    RefChunk chunk = fleet.chunks.get(key);
    if (chunk == null) {
      return "UNKNOWN_CHUNK";
    }
    if (chunk.state == ChunkState.OFFERED || chunk.state == ChunkState.REJECTED) {
      return "NOT_ADMITTED";
    }
    if (!chunk.isLive()) {
      return "BEING_REMOVED";
    }
    if (fleet.replacing(key) != null || fleet.producing(key) != null) {
      return "HAS_SWAP";
    }
    chunk.isMarked = true;
    return "MARKED";
  }

  String cancel(long id) {
    RefSwap swap = fleet.swaps.get(id);
    TreeSet<Long> cancelled = new TreeSet<>();
    if (swap == null) {
      return "UNKNOWN_SWAP swaps []";
    }
    if (swap.state() == SwapState.FIRED) {
      return "ALREADY_FIRED swaps []";
    }
    ArrayDeque<RefSwap> open = new ArrayDeque<>(swap.isPending() ? List.of(swap) : List.of());
    while (!open.isEmpty()) {
      RefSwap next = open.remove();
      cancelled.add(next.id());
      fleet.swaps.put(next.id(), next.ended(SwapState.CANCELLED, fleet.largestTick));
      for (ChunkKey key : next.newSide()) {
        RefSwap resting = fleet.replacing(key);
        if (resting != null) {
          open.add(resting);
        }
        known(key).isMarked = true;
      }
    }
    return "CANCELLED swaps " + cancelled;
  }

  String swap(Command.RegisterSwap swap) {
    ResultCode refused = refusal(swap);
    if (refused == ResultCode.DUPLICATE) {
      ProposedChunk first =
          swap.newChunks().stream()
              .filter(it -> fleet.chunks.containsKey(it.key()))
              .findFirst()
              .orElseThrow();
      return taken(first.key()) + " swap 0";
    }
    if (refused != null) {
      return refused + " swap 0";
    }
    List<ProposedChunk> fresh = new ArrayList<>(swap.newChunks());
    fresh.sort(
        java.util.Comparator.comparingLong(ProposedChunk::firstBlock)
            .thenComparing(ProposedChunk::key));
    fresh.forEach(this::admit);
    long id = ++fleet.lastSwap;
    List<ChunkKey> newSide = fresh.stream().map(ProposedChunk::key).toList();
    fleet.swaps.put(id, new RefSwap(id, swap.oldChunks(), newSide, SwapState.PENDING, 0));
    return "ACCEPTED swap " + id;
  }

  /** Answers an ingest under a key that a chunk has, or had and retention has not freed. */
  private String taken(ChunkKey key) {
    RefChunk chunk = known(key);
    if (chunk.state == ChunkState.OFFERED || chunk.isLive()) {
      return "DUPLICATE";
    }
    long now = fleet.largestTick;
    long gone = chunk.state == ChunkState.ADMITTED ? now : chunk.endTick;
    if (chunk.state == ChunkState.VISIBLE) {
      gone = RefFleet.plus(now, fleet.windowAt(now));
    } else if (chunk.state == ChunkState.DROPPED) {
      gone = Math.max(now, chunk.endTick);
    }
    long free = RefFleet.plus(gone, fleet.config.retention().chunkTicks());
    return ResultWords.code(ResultCode.ENDED, free == Long.MAX_VALUE ? null : Tick.of(free));
  }

  /** Returns the refusal of a swap. Each check covers all old chunks before the next begins. */
  private @Nullable ResultCode refusal(Command.RegisterSwap swap) {
    if (isMalformed(swap)) {
      return ResultCode.INVALID;
    }
    if (swap.oldChunks().stream().anyMatch(key -> !fleet.chunks.containsKey(key))) {
      return ResultCode.UNKNOWN_CHUNK;
    }
    List<RefChunk> old = swap.oldChunks().stream().map(this::known).toList();
    boolean isForeign = old.stream().anyMatch(it -> !it.key.dataset().equals(swap.dataset()));
    for (ProposedChunk chunk : swap.newChunks()) {
      isForeign |= !chunk.key().dataset().equals(swap.dataset());
    }
    if (isForeign) {
      return ResultCode.DATASET_MISMATCH;
    }
    if (old.stream()
        .anyMatch(it -> it.state == ChunkState.OFFERED || it.state == ChunkState.REJECTED)) {
      return ResultCode.NOT_ADMITTED;
    }
    if (old.stream().anyMatch(it -> !it.isLive())) {
      return ResultCode.BEING_REMOVED;
    }
    if (old.stream().anyMatch(it -> fleet.replacing(it.key) != null)) {
      return ResultCode.HAS_SWAP;
    }
    if (swap.newChunks().stream().anyMatch(it -> fleet.chunks.containsKey(it.key()))) {
      return ResultCode.DUPLICATE;
    }
    if (overlapsSomething(swap, old)) {
      return ResultCode.OVERLAP;
    }
    if (swap.coverage() == Coverage.SAME && !coversTheSame(swap, old)) {
      return ResultCode.COVERAGE;
    }
    return isTooMuch(swap.newChunks()) ? ResultCode.BACKPRESSURE : null;
  }

  private static boolean isMalformed(Command.RegisterSwap swap) {
    Set<ChunkKey> named = new HashSet<>(swap.oldChunks());
    boolean isBad = swap.oldChunks().isEmpty() || swap.newChunks().isEmpty();
    isBad |= named.size() < swap.oldChunks().size();
    for (ProposedChunk chunk : swap.newChunks()) {
      isBad |= !named.add(chunk.key()) || !isWellFormed(chunk);
    }
    return isBad;
  }

  private boolean overlapsSomething(Command.RegisterSwap swap, List<RefChunk> old) {
    Set<ChunkKey> chain = new HashSet<>();
    old.forEach(chunk -> addChain(chunk.key, chain));
    List<ProposedChunk> fresh = swap.newChunks();
    for (int i = 0; i < fresh.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (meet(fresh.get(i).range(), fresh.get(j).range())) {
          return true;
        }
      }
      RefChunk winner = liveOverlap(fresh.get(i), chain);
      if (winner != null) {
        return true;
      }
    }
    return false;
  }

  private void addChain(ChunkKey end, Set<ChunkKey> chain) {
    ArrayDeque<ChunkKey> open = new ArrayDeque<>(List.of(end));
    while (!open.isEmpty()) {
      ChunkKey key = open.remove();
      RefSwap producer = chain.add(key) ? fleet.producing(key) : null;
      if (producer != null) {
        open.addAll(producer.oldSide());
      }
    }
  }

  /** Reports whether both sides cover equal blocks, by each block where a range begins or ends. */
  private static boolean coversTheSame(Command.RegisterSwap swap, List<RefChunk> old) {
    List<BlockRange> one = old.stream().map(chunk -> chunk.range).toList();
    List<BlockRange> other = swap.newChunks().stream().map(ProposedChunk::range).toList();
    Set<Long> edges = new TreeSet<>();
    for (List<BlockRange> side : List.of(one, other)) {
      for (BlockRange range : side) {
        edges.add(range.first());
        edges.add(range.last());
        edges.add(Math.max(0, range.first() - 1));
        edges.add(range.last() == Long.MAX_VALUE ? range.last() : range.last() + 1);
      }
    }
    return edges.stream().allMatch(block -> covers(one, block) == covers(other, block));
  }

  private static boolean covers(List<BlockRange> side, long block) {
    return side.stream().anyMatch(range -> range.first() <= block && block <= range.last());
  }

  private @Nullable RefChunk liveOverlap(ProposedChunk chunk, Set<ChunkKey> except) {
    for (RefChunk other : fleet.canonicalChunks()) {
      boolean isSameDataset = other.key.dataset().equals(chunk.key().dataset());
      if (isSameDataset
          && other.isLive()
          && !except.contains(other.key)
          && other.overlaps(chunk.range())) {
        return other;
      }
    }
    return null;
  }

  private static boolean meet(BlockRange one, BlockRange other) {
    return one.first() <= other.last() && other.first() <= one.last();
  }

  private static boolean isWellFormed(ProposedChunk chunk) {
    return chunk.firstBlock() >= 0
        && chunk.lastBlock() >= chunk.firstBlock()
        && chunk.sizeBytes() >= 0
        && chunk.weight().orElse(1) >= 1;
  }

  /** Reports whether {@code more} exceeds the chunks or bytes that may wait for placement. */
  private boolean isTooMuch(List<ProposedChunk> more) {
    long chunks = more.size();
    long bytes = 0;
    for (ProposedChunk chunk : more) {
      bytes = RefFleet.plus(bytes, chunk.sizeBytes());
    }
    for (RefChunk chunk : fleet.chunks.values()) {
      chunks += chunk.waits() ? 1 : 0;
      bytes = chunk.waits() ? RefFleet.plus(bytes, chunk.sizeBytes) : bytes;
    }
    return chunks > fleet.config.maxWaitingChunks() || bytes > fleet.config.maxWaitingBytes();
  }

  private RefChunk admit(ProposedChunk chunk) {
    RefChunk admitted = new RefChunk(chunk, ChunkState.ADMITTED, fleet.largestTick);
    admitted.number = fleet.nextNumber();
    fleet.chunks.put(chunk.key(), admitted);
    return admitted;
  }

  private RefChunk known(ChunkKey key) {
    return java.util.Objects.requireNonNull(fleet.chunks.get(key), "chunk");
  }
}
