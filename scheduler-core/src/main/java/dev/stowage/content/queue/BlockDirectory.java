package dev.stowage.content.queue;

import dev.stowage.columns.Growth;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The blocks of a leaf, worst first, with the key and generation of each block's worst entry. */
final class BlockDirectory {
  private static final int LEAST_CAPACITY = 4;

  private final RankOrder order;
  private @Nullable Block[] blocks = new Block[LEAST_CAPACITY];

  /** Indexed by block; unused at 0, which is compared with nothing. */
  private long[] floors = new long[LEAST_CAPACITY];

  private long[] floorAges = new long[LEAST_CAPACITY];

  private int count;

  int items;

  private @Nullable Block spare;

  BlockDirectory(RankOrder order, Block only) {
    this.order = order;
    this.items = only.used;
    add(0, only);
  }

  int count() {
    return count;
  }

  Block block(int index) {
    Block block = blocks[index];
    if (block == null) {
      throw new IllegalStateException("no block at " + index + " of " + count);
    }
    return block;
  }

  Block best() {
    return block(count - 1);
  }

  void floor(int index, long key) {
    floors[index] = key;
    floorAges[index] = order.table().generation(block(index).worst());
  }

  void floorChanged(int index) {
    floor(index, order.key(block(index).worst()));
  }

  Block fresh(int capacity) {
    Block block = spare == null ? new Block(capacity) : spare;
    spare = null;
    return block;
  }

  void add(int at, Block block) {
    if (count == blocks.length) {
      int capacity = Growth.capacity(count + (long) (count >> 1), count + 1L);
      blocks = Arrays.copyOf(blocks, capacity);
      floors = Arrays.copyOf(floors, capacity);
      floorAges = Arrays.copyOf(floorAges, capacity);
    }
    System.arraycopy(blocks, at, blocks, at + 1, count - at);
    System.arraycopy(floors, at, floors, at + 1, count - at);
    System.arraycopy(floorAges, at, floorAges, at + 1, count - at);
    blocks[at] = block;
    count++;
  }

  void remove(int at, boolean mayBeSpare) {
    Block block = block(at);
    if (mayBeSpare && (spare == null || spare.capacity() < block.capacity())) {
      spare = block;
    }
    count--;
    System.arraycopy(blocks, at + 1, blocks, at, count - at);
    System.arraycopy(floors, at + 1, floors, at, count - at);
    System.arraycopy(floorAges, at + 1, floorAges, at, count - at);
    blocks[count] = null;
  }

  /** Returns the index of an item's block; {@code isLast} if it ranks behind all equal keys. */
  int blockFor(long key, int slot, boolean isLast) {
    boolean byAge = order.newestIsLast();
    long age = order.table().generation(slot);
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      boolean fits =
          floors[middle] != key
              ? floors[middle] < key
              : !isLast
                  && ((byAge && floorAges[middle] != age)
                      ? floorAges[middle] > age
                      : !order.tiesBefore(block(middle).worst(), slot));
      if (fits) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  long entryAt(int rank) {
    int left = rank;
    int b = count - 1;
    Block block = block(b);
    while (left >= block.used) {
      left -= block.used;
      block = block(--b);
    }
    return block.entries[block.used - 1 - left];
  }
}
