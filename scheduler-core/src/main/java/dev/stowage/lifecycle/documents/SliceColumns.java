package dev.stowage.lifecycle.documents;

import dev.stowage.lifecycle.state.ChunkFacts;
import dev.stowage.lifecycle.state.PairList;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.RowHash;
import dev.stowage.lifecycle.state.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entries of a slice in blocks, by chunk position. Immutable; copies share blocks. */
final class SliceColumns {
  static final SliceColumns EMPTY = new SliceColumns(List.of(), 0);

  /** The entries of a block; a block of more than twice this is split. */
  private static final int BLOCK = 64;

  private final Block[] blocks;

  private final int[] starts;

  private final int written;

  private volatile @Nullable EntryTotals summed;

  private static final class Block {
    private final int[] chunk;

    private final long[] since;

    private volatile @Nullable Long checksum;

    private volatile @Nullable EntryTotals totals;

    Block(int[] chunk, long[] since) {
      this.chunk = chunk;
      this.since = since;
    }

    int size() {
      return chunk.length;
    }

    long checksum(ChunkFacts facts) {
      Long known = checksum;
      if (known == null) {
        long sum = 0;
        for (int i = 0; i < chunk.length; i++) {
          sum += entryHash(chunk[i], since[i], facts);
        }
        known = sum;
        checksum = known;
      }
      return known;
    }

    EntryTotals totals(ChunkFacts facts) {
      EntryTotals known = totals;
      if (known == null) {
        known = new EntryTotals();
        for (int i = 0; i < chunk.length; i++) {
          known.addEntry(facts, chunk[i], since[i]);
        }
        totals = known;
      }
      return known;
    }
  }

  private SliceColumns(List<Block> blocks, int written) {
    this.blocks = blocks.toArray(new Block[0]);
    this.written = written;
    starts = new int[this.blocks.length + 1];
    for (int i = 0; i < this.blocks.length; i++) {
      starts[i + 1] = starts[i] + this.blocks[i].size();
    }
  }

  /** Writes the slices of all workers in one walk, faster than to look up a pair of each chunk. */
  static void writeAll(Tables tables, SliceColumns[] slices) {
    Draft[] drafts = new Draft[slices.length];
    Arrays.setAll(drafts, worker -> new Draft());
    for (int chunk = 0; chunk < tables.chunks.limit(); chunk++) {
      int slot =
          tables.chunks.exists(chunk) ? tables.chunks.firstReplica(chunk) : ReplicaTable.NONE;
      for (; slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
        drafts[tables.replicas.worker(slot)].add(chunk, tables.replicas.since(slot));
      }
    }
    for (int worker = 0; worker < slices.length; worker++) {
      drafts[worker].flush();
      slices[worker] = new SliceColumns(drafts[worker].blocks, drafts[worker].written);
    }
  }

  int size() {
    return starts[blocks.length];
  }

  /** Computes without locks: facts of chunks do not change while columns name them. */
  EntryTotals totals(ChunkFacts facts) {
    EntryTotals known = summed;
    if (known == null) {
      known = new EntryTotals();
      for (Block block : blocks) {
        known.add(block.totals(facts));
      }
      summed = known;
    }
    return known;
  }

  long checksum(ChunkFacts facts) {
    long sum = 0;
    for (Block block : blocks) {
      sum += block.checksum(facts);
    }
    return sum;
  }

  long entryHash(int index, ChunkFacts facts) {
    return entryHash(chunk(index), since(index), facts);
  }

  private static long entryHash(int chunk, long since, ChunkFacts facts) {
    return RowHash.ofEntry(
        facts.hash(chunk),
        facts.lineage(chunk),
        facts.counter(chunk),
        facts.sizeBytes(chunk),
        since);
  }

  int written() {
    return written;
  }

  int chunk(int index) {
    int block = blockOf(index);
    return blocks[block].chunk[index - starts[block]];
  }

  long since(int index) {
    int block = blockOf(index);
    return blocks[block].since[index - starts[block]];
  }

  int sharedFrom(int index, SliceColumns other, int otherIndex) {
    if (index == size() || otherIndex == other.size()) {
      return 0;
    }
    int block = blockOf(index);
    int otherBlock = other.blockOf(otherIndex);
    boolean isSame = blocks[block].chunk == other.blocks[otherBlock].chunk;
    boolean isBegin = starts[block] == index && other.starts[otherBlock] == otherIndex;
    return isBegin && isSame ? blocks[block].size() : 0;
  }

  /** Looks up the ascending (worker, chunk) pairs in {@code from} to {@code to} anew. */
  SliceColumns updated(Tables tables, long[] pairs, int from, int to) {
    Draft draft = new Draft();
    int at = from;
    for (int block = 0; block < blocks.length; block++) {
      boolean isLast = block == blocks.length - 1;
      long end = isLast ? Long.MAX_VALUE : blocks[block + 1].chunk[0];
      int upTo = at;
      while (upTo < to && PairList.chunkOf(pairs[upTo]) < end) {
        upTo++;
      }
      if (at == upTo) {
        draft.share(blocks[block]);
      } else {
        draft.merge(blocks[block], tables, pairs, at, upTo);
        at = upTo;
      }
    }
    if (blocks.length == 0) {
      draft.merge(new Block(new int[0], new long[0]), tables, pairs, from, to);
    }
    draft.flush();
    return new SliceColumns(draft.blocks, draft.written);
  }

  private int blockOf(int index) {
    int at = Arrays.binarySearch(starts, 0, blocks.length, index);
    return at < 0 ? -at - 2 : at;
  }

  private static final class Draft {
    private final List<Block> blocks = new ArrayList<>();
    private int[] chunk = new int[2 * BLOCK];
    private long[] since = new long[2 * BLOCK];
    private int size;
    private int written;

    private void add(int position, long first) {
      if (size == chunk.length) {
        cut(BLOCK);
      }
      chunk[size] = position;
      since[size++] = first;
    }

    /** Merges a small remainder into the next block, so that no block stays small. */
    private void share(Block block) {
      if (size > 0 && size < BLOCK / 4) {
        for (int i = 0; i < block.size(); i++) {
          add(block.chunk[i], block.since[i]);
        }
        return;
      }
      flush();
      blocks.add(block);
    }

    private void flush() {
      if (size > 0) {
        cut(size);
      }
    }

    private void merge(Block old, Tables tables, long[] pairs, int from, int to) {
      int worker = PairList.workerOf(pairs[from]);
      int kept = 0;
      for (int i = from; i < to; i++) {
        if (i > from && pairs[i] == pairs[i - 1]) {
          continue;
        }
        int changed = PairList.chunkOf(pairs[i]);
        while (kept < old.size() && old.chunk[kept] < changed) {
          add(old.chunk[kept], old.since[kept]);
          kept++;
        }
        if (kept < old.size() && old.chunk[kept] == changed) {
          kept++;
        }
        int slot = tables.replicas.find(changed, worker, tables.chunks);
        if (slot != ReplicaTable.NONE) {
          add(changed, tables.replicas.since(slot));
        }
      }
      for (; kept < old.size(); kept++) {
        add(old.chunk[kept], old.since[kept]);
      }
    }

    private void cut(int count) {
      blocks.add(new Block(Arrays.copyOf(chunk, count), Arrays.copyOf(since, count)));
      written += count;
      System.arraycopy(chunk, count, chunk, 0, size - count);
      System.arraycopy(since, count, since, 0, size - count);
      size -= count;
    }
  }
}
