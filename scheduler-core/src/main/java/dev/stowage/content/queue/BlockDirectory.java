package dev.stowage.content.queue;

import dev.stowage.columns.Growth;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a leaf that has had several: the worst first, and the key and the generation of
 * each one's worst.
 */
final class BlockDirectory {
  private static final int LEAST_CAPACITY = 4;

  private final RankOrder order;
  private @Nullable Block[] blocks = new Block[LEAST_CAPACITY];

  /** Kept for every block but the worst, which nothing is compared with. */
  private long[] floors = new long[LEAST_CAPACITY];

  private long[] floorAges = new long[LEAST_CAPACITY];

  private int count;

  /** Items in all blocks. */
  int items;

  /** An emptied block, for the next split. */
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

  /** A block other than the worst begins with this key. */
  void floor(int index, long key) {
    floors[index] = key;
    floorAges[index] = order.table().generation(block(index).worst());
  }

  /** A block other than the worst begins anew. */
  void floorChanged(int index) {
    floor(index, order.key(block(index).worst()));
  }

  /** A block that nothing uses; of this capacity if it has to be made. */
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

  /**
   * Takes out an emptied block.
   *
   * @param mayBeSpare whether nothing else owns it
   */
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

  /**
   * The block that an item stands in or belongs into: the best of those that begin with what ranks
   * behind it, or with itself.
   *
   * @param isLast whether it is known to rank behind all whose keys are equal
   */
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

  /** The entry that this many others rank before. */
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
