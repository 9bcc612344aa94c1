package dev.stowage.lifecycle.state;

import dev.stowage.columns.Utf8Order;
import dev.stowage.model.BlockRange;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The chunks of one dataset by first block and id, in sorted blocks that copies share. Once frozen
 * it is not written, and any thread may read it.
 */
public final class ChunkOrder {
  private static final int BLOCK = 512;

  static final ChunkOrder EMPTY = new ChunkOrder().frozen();

  private int[][] blocks = new int[1][];
  private int[] counts = new int[1];
  private long[] reach = new long[1];
  private long[] reachUpTo = new long[1];
  private boolean[] shared = new boolean[1];
  private int used;
  private int size;

  private int addedTo;
  private boolean isFrozen;

  public ChunkOrder() {}

  boolean isFrozen() {
    return isFrozen;
  }

  /** Forbids further writes to this. */
  ChunkOrder frozen() {
    isFrozen = true;
    return this;
  }

  /** Returns a copy to write, which shares all blocks. */
  ChunkOrder thawed() {
    ChunkOrder copy = new ChunkOrder();
    copy.blocks = blocks.clone();
    copy.counts = counts.clone();
    copy.reach = reach.clone();
    copy.reachUpTo = reachUpTo.clone();
    copy.shared = new boolean[shared.length];
    Arrays.fill(copy.shared, 0, used, true);
    copy.used = used;
    copy.size = size;
    return copy;
  }

  public int size() {
    return size;
  }

  public void add(int position, ChunkFacts facts) {
    requireThawed();
    if (used == 0) {
      blocks[0] = new int[8];
      counts[0] = 0;
      reach[0] = -1;
      reachUpTo[0] = -1;
      shared[0] = false;
      used = 1;
    }
    int block = isIn(addedTo, position, facts) ? addedTo : blockFor(position, facts);
    addedTo = block;
    int at = insertionPoint(block, position, facts);
    own(block);
    if (counts[block] == blocks[block].length) {
      if (counts[block] < BLOCK) {
        blocks[block] = Arrays.copyOf(blocks[block], counts[block] * 2);
      } else {
        split(block, facts);
        add(position, facts);
        return;
      }
    }
    int[] members = blocks[block];
    System.arraycopy(members, at, members, at + 1, counts[block] - at);
    members[at] = position;
    counts[block]++;
    long last = facts.last(position);
    reach[block] = Math.max(reach[block], last);
    for (int later = block; later < used && reachUpTo[later] < last; later++) {
      reachUpTo[later] = last;
    }
    size++;
  }

  public void remove(int position, ChunkFacts facts) {
    requireThawed();
    if (used == 0) {
      return;
    }
    int block = blockFor(position, facts);
    int at = insertionPoint(block, position, facts);
    if (at >= counts[block] || blocks[block][at] != position) {
      return;
    }
    own(block);
    int[] members = blocks[block];
    System.arraycopy(members, at + 1, members, at, --counts[block] - at);
    size--;
    if (counts[block] == 0) {
      dropBlock(block);
    } else {
      refreshReach(block, facts);
    }
  }

  public void forEach(IntConsumer visitor) {
    for (int block = 0; block < used; block++) {
      int[] members = blocks[block];
      for (int i = 0; i < counts[block]; i++) {
        visitor.accept(members[i]);
      }
    }
  }

  /** Returns how many chunks each block holds. */
  int[] sizes() {
    return Arrays.copyOf(counts, used);
  }

  /** Returns the chunks in order. */
  public IntStream stream() {
    return IntStream.range(0, used)
        .flatMap(block -> Arrays.stream(blocks[block], 0, counts[block]));
  }

  /** Returns the last chunks that pass, at most {@code most}, last first. */
  public int[] last(int most, IntPredicate passes) {
    int[] found = new int[most];
    int size = 0;
    for (int block = used - 1; block >= 0 && size < most; block--) {
      for (int i = counts[block] - 1; i >= 0 && size < most; i--) {
        if (passes.test(blocks[block][i])) {
          found[size++] = blocks[block][i];
        }
      }
    }
    return Arrays.copyOf(found, size);
  }

  public void forEachIn(BlockRange range, ChunkFacts facts, IntConsumer visitor) {
    for (int block = firstAtOrBefore(range.first(), facts); block < used; block++) {
      int[] members = blocks[block];
      if (facts.first(members[0]) > range.last()) {
        return;
      }
      for (int i = 0; i < counts[block]; i++) {
        if (range.contains(facts.first(members[i]))) {
          visitor.accept(members[i]);
        }
      }
    }
  }

  private int firstAtOrBefore(long first, ChunkFacts facts) {
    int low = 0;
    int high = Math.max(0, used - 1);
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (facts.first(blocks[middle][0]) < first) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  public int fill(int[] into, int size) {
    int filled = size;
    for (int block = 0; block < used && filled < into.length; block++) {
      filled = fill(block, 0, into, filled);
    }
    return filled;
  }

  public int fillBehind(long first, String id, ChunkFacts facts, int[] into, int size) {
    int filled = size;
    for (int block = firstAtOrBefore(first, facts); block < used && filled < into.length; block++) {
      int at = 0;
      while (at < counts[block] && !isBehind(blocks[block][at], first, id, facts)) {
        at++;
      }
      filled = fill(block, at, into, filled);
    }
    return filled;
  }

  private static boolean isBehind(int position, long first, String id, ChunkFacts facts) {
    long own = facts.first(position);
    return own != first ? own > first : Utf8Order.compare(facts.id(position), id) > 0;
  }

  private int fill(int block, int at, int[] into, int size) {
    int taken = Math.min(counts[block] - at, into.length - size);
    System.arraycopy(blocks[block], at, into, size, taken);
    return size + taken;
  }

  public int firstOverlap(long first, long last, ChunkFacts facts, IntPredicate counts) {
    for (int block = firstReaching(first); block < used; block++) {
      int[] members = blocks[block];
      if (facts.first(members[0]) > last) {
        return -1;
      }
      if (reach[block] < first) {
        continue;
      }
      for (int i = 0; i < this.counts[block]; i++) {
        int position = members[i];
        if (facts.first(position) > last) {
          return -1;
        }
        if (facts.last(position) >= first && counts.test(position)) {
          return position;
        }
      }
    }
    return -1;
  }

  long lastBlock(ChunkFacts facts, IntPredicate passes) {
    long largest = -1;
    for (int block = used - 1; block >= 0 && reachUpTo[block] > largest; block--) {
      for (int i = 0; i < counts[block]; i++) {
        int position = blocks[block][i];
        if (facts.last(position) > largest && passes.test(position)) {
          largest = facts.last(position);
        }
      }
    }
    return largest;
  }

  private boolean isIn(int block, int position, ChunkFacts facts) {
    return block < used
        && counts[block] > 0
        && facts.compare(blocks[block][0], position) <= 0
        && (block == used - 1 || facts.compare(blocks[block + 1][0], position) > 0);
  }

  private int blockFor(int position, ChunkFacts facts) {
    int low = 0;
    int high = used - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (facts.compare(blocks[middle][0], position) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private int insertionPoint(int block, int position, ChunkFacts facts) {
    int[] members = blocks[block];
    int low = 0;
    int high = counts[block];
    if (high > 0 && facts.compare(members[high - 1], position) < 0) {
      return high;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (facts.compare(members[middle], position) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void requireThawed() {
    if (isFrozen) {
      throw new IllegalStateException("a frozen order is for reading only");
    }
  }

  private void own(int block) {
    if (shared[block]) {
      blocks[block] = blocks[block].clone();
      shared[block] = false;
    }
  }

  private void split(int block, ChunkFacts facts) {
    if (used == blocks.length) {
      int capacity = used * 2;
      blocks = Arrays.copyOf(blocks, capacity);
      counts = Arrays.copyOf(counts, capacity);
      reach = Arrays.copyOf(reach, capacity);
      reachUpTo = Arrays.copyOf(reachUpTo, capacity);
      shared = Arrays.copyOf(shared, capacity);
    }
    int tail = used - block - 1;
    System.arraycopy(blocks, block + 1, blocks, block + 2, tail);
    System.arraycopy(counts, block + 1, counts, block + 2, tail);
    System.arraycopy(reach, block + 1, reach, block + 2, tail);
    System.arraycopy(reachUpTo, block + 1, reachUpTo, block + 2, tail);
    System.arraycopy(shared, block + 1, shared, block + 2, tail);
    // Chunks mostly come in order, so a full last block is left nearly full.
    int half = block == used - 1 ? BLOCK - BLOCK / 8 : counts[block] / 2;
    int rest = counts[block] - half;
    int[] upper = new int[BLOCK];
    System.arraycopy(blocks[block], half, upper, 0, rest);
    blocks[block + 1] = upper;
    counts[block + 1] = rest;
    shared[block + 1] = false;
    counts[block] = half;
    used++;
    refreshReach(block, facts);
    refreshReach(block + 1, facts);
  }

  private void dropBlock(int block) {
    int tail = used - block - 1;
    System.arraycopy(blocks, block + 1, blocks, block, tail);
    System.arraycopy(counts, block + 1, counts, block, tail);
    System.arraycopy(reach, block + 1, reach, block, tail);
    System.arraycopy(reachUpTo, block + 1, reachUpTo, block, tail);
    System.arraycopy(shared, block + 1, shared, block, tail);
    used--;
    refreshReachUpTo(block);
  }

  private int firstReaching(long block) {
    int low = 0;
    int high = used;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (reachUpTo[middle] >= block) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private void refreshReachUpTo(int from) {
    long largest = from == 0 ? -1 : reachUpTo[from - 1];
    for (int block = from; block < used; block++) {
      largest = Math.max(largest, reach[block]);
      reachUpTo[block] = largest;
    }
  }

  private void refreshReach(int block, ChunkFacts facts) {
    long largest = -1;
    for (int i = 0; i < counts[block]; i++) {
      largest = Math.max(largest, facts.last(blocks[block][i]));
    }
    reach[block] = largest;
    refreshReachUpTo(block);
  }
}
