package dev.stowage.content.queue;

import dev.stowage.content.ContentItem;
import org.jspecify.annotations.Nullable;

/** Items in rank, in sorted blocks; the leaf is its own first block, because few need another. */
final class Leaf extends Block {
  private static final int BLOCK = 128;
  private static final int FRESH_BLOCK = BLOCK / 4 * 3;

  /** The number of blocks above which blocks grow larger, so that the directory stays small. */
  private static final int MANY_BLOCKS = 4_096;

  private static final int LARGE_BLOCK = 1_024;

  private final RankOrder order;
  private final int number;

  private Block best = this;

  private @Nullable BlockDirectory directory;

  final FlowQueue flow;

  private @Nullable Route route;

  int classAt;

  Leaf(RankOrder order, FlowQueue flow, @Nullable Destination destination) {
    super(1);
    this.order = order;
    this.flow = flow;
    this.route = destination == null ? null : new Route(destination);
    this.number = order.table().enlist(this);
  }

  private static final class Route {
    final @Nullable Destination destination;
    int flowAt;

    Route(@Nullable Destination destination) {
      this.destination = destination;
    }
  }

  @Nullable Destination destination() {
    return route == null ? null : route.destination;
  }

  int flowAt() {
    return route == null ? 0 : route.flowAt;
  }

  void flowAt(int position) {
    if (route == null) {
      route = new Route(null);
    }
    route.flowAt = position;
  }

  int number() {
    return number;
  }

  boolean isEmpty() {
    return best.used == 0;
  }

  int size() {
    return directory == null ? used : directory.items;
  }

  int head() {
    return (int) best.entries[best.used - 1];
  }

  ContentItem headItem() {
    return order.table().item(head());
  }

  int headHalf() {
    return RankOrder.half(best.entries[best.used - 1]);
  }

  long entryAt(int rank) {
    return rank < best.used || directory == null
        ? best.entries[best.used - 1 - rank]
        : directory.entryAt(rank);
  }

  void add(int slot, boolean isNewest) {
    order.table().leaf(slot, number);
    insert(slot, isNewest && order.newestIsLast());
  }

  void remove(int slot) {
    order.table().leaf(slot, ItemTable.NONE);
    if (directory != null) {
      directory.items--;
    }
    if (slot == head()) {
      best.used--;
      if (best.used == 0 && directory != null && directory.count() > 1) {
        removeBlock(directory, directory.count() - 1);
      }
      return;
    }
    long key = order.key(slot);
    if (directory == null) {
      removeAt(positionOf(this, key, slot));
      return;
    }
    int b = directory.blockFor(key, slot, false);
    removeAt(directory, b, positionOf(directory.block(b), key, slot));
  }

  int[] slots() {
    int[] all = new int[size()];
    int blocks = directory == null ? 1 : directory.count();
    int count = 0;
    for (int b = 0; b < blocks; b++) {
      Block block = directory == null ? this : directory.block(b);
      for (int i = 0; i < block.used; i++) {
        all[count++] = (int) block.entries[i];
      }
    }
    return all;
  }

  void reorder() {
    int[] all = slots();
    forgetDirectory();
    used = 0;
    for (int slot : all) {
      insert(slot, false);
    }
  }

  void trim() {
    forgetDirectory();
    if (capacity() > BLOCK / 2) {
      giveBack();
    }
  }

  private void forgetDirectory() {
    directory = null;
    best = this;
  }

  private static int positionOf(Block block, long key, int slot) {
    int position = block.behind(RankOrder.half(key));
    while ((int) block.entries[position] != slot) {
      position++;
    }
    return position;
  }

  private int positionIn(Block block, long key, int slot, boolean isLast) {
    long[] entries = block.entries;
    int half = RankOrder.half(key);
    // An item behind all others, such as the newest among equals, takes a single comparison.
    if (isLast && block.used > 0 && !isBehind(entries[0], half, key, slot, true)) {
      return 0;
    }
    int low = block.behind(half);
    // Among equal halves, an item not before the worst is before none.
    if (low == block.used || !isBehind(entries[low], half, key, slot, isLast)) {
      return low;
    }
    int high = half == Integer.MAX_VALUE ? block.used : block.behind(half + 1);
    // Equal keys at both ends mean equal keys between: then only ages decide.
    boolean byAge =
        !isLast
            && order.newestIsLast()
            && hasKey(entries[low], key)
            && hasKey(entries[high - 1], key);
    while (low < high) {
      int middle = (low + high) >>> 1;
      boolean isBehind =
          byAge
              ? order.isOlder(slot, (int) entries[middle])
              : isBehind(entries[middle], half, key, slot, isLast);
      if (isBehind) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private boolean hasKey(long entry, long key) {
    return order.table().halvesAreKeys() || order.key((int) entry) == key;
  }

  private boolean isBehind(long entry, int half, long key, int slot, boolean isLast) {
    int other = RankOrder.half(entry);
    if (other != half) {
      return other < half;
    }
    return isLast
        ? !order.table().halvesAreKeys() && order.key((int) entry) < key
        : order.halfTiesBefore(slot, (int) entry);
  }

  private void insert(int slot, boolean isLast) {
    long key = order.key(slot);
    int b = 0;
    Block block = this;
    if (directory != null) {
      b = directory.blockFor(key, slot, isLast);
      block = directory.block(b);
      directory.items++;
    }
    int position = positionIn(block, key, slot, isLast);
    if (block.isFull()) {
      makeRoom(b, block, position, key, slot);
    } else {
      put(b, block, position, key, slot);
    }
  }

  private void put(int b, Block block, int position, long key, int slot) {
    block.insert(position, RankOrder.entry(key, slot));
    if (position == 0 && b > 0 && directory != null) {
      directory.floor(b, key);
    }
  }

  private void makeRoom(int b, Block block, int position, long key, int slot) {
    int count = directory == null ? 1 : directory.count();
    int most = count < MANY_BLOCKS ? BLOCK : LARGE_BLOCK;
    int capacity = block.capacity();
    if (capacity < most) {
      block.grow(Math.min(most, capacity + Math.max(2, capacity >> 2)));
      put(b, block, position, key, slot);
    } else if (directory != null && b > 0 && hasRoom(directory.block(b - 1))) {
      Block worse = directory.block(b - 1);
      int before = worse.used;
      int moved = (worse.capacity() - before) / 2;
      block.moveWorstTo(worse, moved);
      directory.floorChanged(b);
      boolean moves = position <= moved;
      Block into = moves ? worse : block;
      put(moves ? b - 1 : b, into, moves ? before + position : position - moved, key, slot);
    } else if (directory != null && b < count - 1 && hasRoom(directory.block(b + 1))) {
      Block better = directory.block(b + 1);
      block.moveBestTo(better, (better.capacity() - better.used) / 2);
      directory.floorChanged(b + 1);
      boolean moves = position > block.used;
      Block into = moves ? better : block;
      put(moves ? b + 1 : b, into, moves ? position - block.used : position, key, slot);
    } else {
      split(b, block, position, key, slot);
    }
  }

  private static boolean hasRoom(Block block) {
    return block.used < block.capacity() - block.capacity() / 8;
  }

  /** Leaves the block whole for an item at an end, because hosts often queue in rank. */
  private void split(int b, Block block, int position, long key, int slot) {
    BlockDirectory all = directory;
    if (all == null) {
      all = new BlockDirectory(order, this);
      all.items++;
      directory = all;
    }
    boolean isBest = position == block.used && b == all.count() - 1;
    boolean isWorst = position == 0 && b == 0;
    Block fresh = all.fresh(FRESH_BLOCK);
    if (isWorst) {
      all.add(0, fresh);
      all.floorChanged(1);
      put(0, fresh, 0, key, slot);
    } else {
      block.moveBestTo(fresh, isBest ? 0 : BLOCK / 2);
      all.add(b + 1, fresh);
      boolean moves = isBest || position > block.used;
      if (!isBest) {
        all.floorChanged(b + 1);
      }
      Block into = moves ? fresh : block;
      put(moves ? b + 1 : b, into, moves ? position - block.used : position, key, slot);
    }
    best = all.best();
  }

  private void removeBlock(BlockDirectory from, int at) {
    boolean isOwn = from.block(at) == this;
    from.remove(at, !isOwn);
    if (isOwn) {
      giveBack();
    }
    best = from.best();
  }

  private void removeAt(BlockDirectory from, int b, int position) {
    Block block = from.block(b);
    block.removeAt(position);
    if (from.count() == 1) {
      return;
    }
    if (block.used == 0) {
      removeBlock(from, b);
      return;
    }
    if (position == 0 && b > 0) {
      from.floorChanged(b);
    }
    if (block.used < block.capacity() / 4) {
      merge(from, b, block);
    }
  }

  private void merge(BlockDirectory in, int b, Block block) {
    if (b > 0 && takes(in.block(b - 1), block)) {
      block.moveWorstTo(in.block(b - 1), block.used);
      removeBlock(in, b);
    } else if (b < in.count() - 1 && takes(in.block(b + 1), block)) {
      block.moveBestTo(in.block(b + 1), block.used);
      in.floorChanged(b + 1);
      removeBlock(in, b);
    }
  }

  private static boolean takes(Block into, Block block) {
    return into.used + block.used <= into.capacity() / 4 * 3;
  }
}
