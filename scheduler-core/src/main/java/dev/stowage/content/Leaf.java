package dev.stowage.content;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one class, of one flow, for one destination, in rank: sorted blocks, and a
 * directory of them once there are several. Taking out the best item moves nothing; the next ones
 * stand beside it. Queuing and cancelling look for the place, and move at most a block's entries.
 *
 * <p>A heap would make queuing a little cheaper, and moves an item at every level, far apart in
 * memory, whenever the best is taken out.
 */
final class Leaf {
  private static final int LEAST_CAPACITY = 4;
  private static final int BLOCK = 128;

  /** With more blocks than this they grow larger, so that the directory stays small. */
  private static final int MANY_BLOCKS = 4_096;

  private static final int LARGE_BLOCK = 1_024;
  private static final @Nullable Block[] NO_BLOCKS = {};
  private static final long[] NO_KEYS = {};

  private final ItemTable table;
  private final RankOrder order;
  private final int number;

  /** The last block, which holds the best items. */
  private Block best = new Block(LEAST_CAPACITY);

  /** Every block, the worst first, once there are two; and the key of each one's worst entry. */
  private @Nullable Block[] blocks = NO_BLOCKS;

  private long[] floors = NO_KEYS;

  /** An emptied block, for the next split. */
  private @Nullable Block spare;

  private int blockCount = 1;
  private int size;

  final FlowQueue flow;
  @Nullable Destination destination;

  /** Position in the heap of the class's leaves. */
  int classAt;

  /** Position in the heap of the flow's leaves. */
  int flowAt;

  Leaf(ItemTable table, RankOrder order, FlowQueue flow) {
    this.table = table;
    this.order = order;
    this.flow = flow;
    this.number = table.enlist(this);
  }

  /** Its number in the table. */
  int number() {
    return number;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The best item's slot. */
  int head() {
    return best.slots[best.size - 1];
  }

  /** The key of the best item, for heaps of leaves to keep. */
  long headKey() {
    return best.keys[best.size - 1];
  }

  /** The key of the item that this many others rank before. */
  long keyAt(int rank) {
    if (rank < best.size) {
      return best.keys[best.size - 1 - rank];
    }
    int block = blockOf(rank);
    return block(block).keys[positionOf(block, rank)];
  }

  /** The slot of the item that this many others rank before. */
  int slotAt(int rank) {
    if (rank < best.size) {
      return best.slots[best.size - 1 - rank];
    }
    int block = blockOf(rank);
    return block(block).slots[positionOf(block, rank)];
  }

  private int blockOf(int rank) {
    int block = blockCount - 1;
    for (int left = rank - best.size; left >= 0; left -= block(block).size) {
      block--;
    }
    return block;
  }

  private int positionOf(int block, int rank) {
    int before = 0;
    for (int b = blockCount - 1; b > block; b--) {
      before += block(b).size;
    }
    return block(block).size - 1 - (rank - before);
  }

  /** Queues the item in a slot, the newest of all. */
  void add(int slot) {
    table.leaf(slot, number);
    insert(order.key(slot), slot, order.newestIsLast());
  }

  void remove(int slot) {
    table.leaf(slot, ItemTable.NONE);
    if (slot == head()) {
      removeBest();
      return;
    }
    long key = order.key(slot);
    int b = blockFor(key, slot, true);
    int position = positionIn(block(b), key, slot, true);
    if (b + 1 < blockCount && floors[b + 1] == key) {
      // equals go on in the next block: their order says where this one is
      b = blockFor(key, slot, false);
      position = positionIn(block(b), key, slot, false);
    }
    int[] slots = block(b).slots;
    while (slots[position] != slot) {
      position++;
    }
    removeAt(b, position);
  }

  /** Restores the rank after the order changed. */
  void reorder() {
    int[] all = new int[size];
    int count = 0;
    for (int b = 0; b < blockCount; b++) {
      Block block = block(b);
      System.arraycopy(block.slots, 0, all, count, block.size);
      count += block.size;
    }
    best = new Block(Math.min(BLOCK, Math.max(LEAST_CAPACITY, best.capacity())));
    forgetDirectory();
    size = 0;
    for (int slot : all) {
      insert(order.key(slot), slot, false);
    }
  }

  /** Gives back memory that a large backlog left behind; nothing waits. */
  void trim() {
    if (best.capacity() > BLOCK / 2) {
      best = new Block(LEAST_CAPACITY);
    }
    forgetDirectory();
  }

  private void forgetDirectory() {
    blocks = NO_BLOCKS;
    floors = NO_KEYS;
    spare = null;
    blockCount = 1;
  }

  private Block block(int index) {
    Block block = blockCount == 1 ? best : blocks[index];
    if (block == null) {
      throw new IllegalStateException("no block at " + index + " of " + blockCount);
    }
    return block;
  }

  /**
   * The block that an item stands in or belongs into: the best of those that begin with what ranks
   * behind it, or with itself.
   *
   * @param isLast whether it is known to rank behind all whose keys are equal
   */
  private int blockFor(long key, int slot, boolean isLast) {
    int low = 0;
    int high = blockCount - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      boolean fits =
          floors[middle] != key
              ? floors[middle] < key
              : !isLast && !order.tiesBefore(block(middle).slots[0], slot);
      if (fits) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** How many of a block rank behind an item. */
  private int positionIn(Block block, long key, int slot, boolean isLast) {
    long[] keys = block.keys;
    int low = 0;
    int high = block.size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean behind =
          keys[middle] != key
              ? keys[middle] < key
              : !isLast && order.tiesBefore(slot, block.slots[middle]);
      if (behind) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void insert(long key, int slot, boolean isLast) {
    int b = blockFor(key, slot, isLast);
    Block block = block(b);
    int position = positionIn(block, key, slot, isLast);
    size++;
    if (block.isFull()) {
      makeRoom(b, block, position, key, slot);
    } else {
      put(b, position, key, slot);
    }
  }

  private void put(int b, int position, long key, int slot) {
    block(b).insert(position, key, slot);
    if (position == 0 && b > 0) {
      floors[b] = key;
    }
  }

  /** Grows a full block, or evens it out with a neighbour that has room, or splits it; inserts. */
  private void makeRoom(int b, Block block, int position, long key, int slot) {
    int most = blockCount < MANY_BLOCKS ? BLOCK : LARGE_BLOCK;
    if (block.capacity() < most) {
      block.grow(Math.min(most, 2 * block.capacity()));
      put(b, position, key, slot);
    } else if (b > 0 && hasRoom(block(b - 1))) {
      Block worse = block(b - 1);
      int before = worse.size;
      int moved = (worse.capacity() - before) / 2;
      block.moveWorstTo(worse, moved);
      floors[b] = block.keys[0];
      boolean moves = position <= moved;
      put(moves ? b - 1 : b, moves ? before + position : position - moved, key, slot);
    } else if (b < blockCount - 1 && hasRoom(block(b + 1))) {
      Block better = block(b + 1);
      block.moveBestTo(better, (better.capacity() - better.size) / 2);
      floors[b + 1] = better.keys[0];
      boolean moves = position > block.size;
      put(moves ? b + 1 : b, moves ? position - block.size : position, key, slot);
    } else {
      split(b, block, position, key, slot);
    }
  }

  private static boolean hasRoom(Block block) {
    return block.size < block.capacity() - block.capacity() / 8;
  }

  /** What comes in at an end, as it does from hosts that queue in rank, leaves the block whole. */
  private void split(int b, Block block, int position, long key, int slot) {
    Block fresh = spare == null ? new Block(BLOCK) : spare;
    spare = null;
    if (position == 0 && b == 0) {
      addBlock(0, fresh);
      floors[1] = block.keys[0];
      put(0, 0, key, slot);
      return;
    }
    boolean isBest = position == block.size && b == blockCount - 1;
    block.moveBestTo(fresh, isBest ? 0 : BLOCK / 2);
    addBlock(b + 1, fresh);
    floors[b + 1] = fresh.keys[0];
    boolean moves = isBest || position > block.size;
    put(moves ? b + 1 : b, moves ? position - block.size : position, key, slot);
  }

  private void addBlock(int at, Block block) {
    if (blocks.length == 0) {
      blocks = new Block[LEAST_CAPACITY];
      floors = new long[LEAST_CAPACITY];
    } else if (blockCount == blocks.length) {
      int capacity = blockCount + (blockCount >> 1);
      blocks = Arrays.copyOf(blocks, capacity);
      floors = Arrays.copyOf(floors, capacity);
    }
    if (blockCount == 1) {
      blocks[0] = best;
    }
    System.arraycopy(blocks, at, blocks, at + 1, blockCount - at);
    System.arraycopy(floors, at, floors, at + 1, blockCount - at);
    blocks[at] = block;
    blockCount++;
    best = block(blockCount - 1);
  }

  private void removeBlock(int at, Block block) {
    spare = block.capacity() == BLOCK ? block : spare;
    blockCount--;
    System.arraycopy(blocks, at + 1, blocks, at, blockCount - at);
    System.arraycopy(floors, at + 1, floors, at, blockCount - at);
    best = Objects.requireNonNull(blocks[blockCount - 1], "best block");
    blocks[blockCount] = null;
  }

  private void removeBest() {
    size--;
    if (--best.size == 0 && blockCount > 1) {
      removeBlock(blockCount - 1, best);
    }
  }

  private void removeAt(int b, int position) {
    Block block = block(b);
    block.removeAt(position);
    size--;
    if (blockCount == 1) {
      return;
    }
    if (block.size == 0) {
      removeBlock(b, block);
      return;
    }
    floors[b] = block.keys[0];
    if (block.size < block.capacity() / 4) {
      merge(b, block);
    }
  }

  /** Gives a small block's entries to a neighbour, unless that would soon be full. */
  private void merge(int b, Block block) {
    if (b > 0 && takes(block(b - 1), block)) {
      block.moveWorstTo(block(b - 1), block.size);
      removeBlock(b, block);
    } else if (b < blockCount - 1 && takes(block(b + 1), block)) {
      Block better = block(b + 1);
      block.moveBestTo(better, block.size);
      floors[b + 1] = better.keys[0];
      removeBlock(b, block);
    }
  }

  private static boolean takes(Block into, Block block) {
    return into.size + block.size <= into.capacity() / 4 * 3;
  }
}
