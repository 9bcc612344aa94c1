package dev.stowage.placement.input;

import dev.stowage.columns.IntColumn;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The chunks of an input by columns; a column with one common value takes no memory. */
public final class ChunkColumns {
  public int count;
  public long[] keyHash = new long[16];
  public long[] size = new long[16];
  public byte[] bits = new byte[16];

  /** The values by column, in halves, because the upper ones are mostly equal. */
  private final List<IntColumn> low = empty();

  private final List<IntColumn> high = empty();
  private final IntColumn weight = low.get(ChunkColumn.WEIGHT.ordinal());
  private final IntColumn floor = low.get(ChunkColumn.FLOOR.ordinal());
  private final IntColumn cap = low.get(ChunkColumn.CAP.ordinal());
  private final IntColumn pool = low.get(ChunkColumn.POOL.ordinal());
  private final IntColumn recentlyLost = low.get(ChunkColumn.RECENTLY_LOST.ordinal());

  private static List<IntColumn> empty() {
    return Stream.generate(() -> new IntColumn(16)).limit(ChunkColumn.ALL.size()).toList();
  }

  public int add(long hash, long sizeBytes) {
    if (count == size.length) {
      resize(Math.max(16, (int) Math.min(Integer.MAX_VALUE - 8L, count * 2L)));
    }
    keyHash[count] = hash;
    size[count] = sizeBytes;
    for (ChunkColumn each : ChunkColumn.ALL) {
      append(each, each.least());
    }
    return count++;
  }

  private void append(ChunkColumn column, long value) {
    low.get(column.ordinal()).add((int) value);
    high.get(column.ordinal()).add((int) (value >>> Integer.SIZE));
  }

  public void set(int chunk, ChunkColumn column, long value) {
    low.get(column.ordinal()).set(chunk, (int) value);
    high.get(column.ordinal()).set(chunk, (int) (value >>> Integer.SIZE));
  }

  /** Returns a value as it was set; {@link #cap} raises a cap to the floor. */
  public long get(int chunk, ChunkColumn column) {
    return (long) high.get(column.ordinal()).get(chunk) << Integer.SIZE
        | Integer.toUnsignedLong(low.get(column.ordinal()).get(chunk));
  }

  public int weight(int chunk) {
    return weight.get(chunk);
  }

  public int floor(int chunk) {
    return floor.get(chunk);
  }

  /** Returns the most replicas that weight can earn, at least the floor. */
  public int cap(int chunk) {
    return Math.max(floor.get(chunk), cap.get(chunk));
  }

  public int pool(int chunk) {
    return pool.get(chunk);
  }

  public long admitted(int chunk) {
    return get(chunk, ChunkColumn.ADMITTED);
  }

  public int recentlyLost(int chunk) {
    return recentlyLost.get(chunk);
  }

  public boolean isAnyRecentlyLost(int from, int to) {
    return !recentlyLost.isAll(from, to, 0);
  }

  public boolean isAnyGoalLower() {
    return (Flags.anyOf(bits, 0, count) & ChunkBits.ENDING) != 0 || isAnyRecentlyLost(0, count);
  }

  /** Reports whether all chunks of a non-empty range have one size. */
  public boolean areOfOneSize(int from, int to) {
    return Arrays.mismatch(size, from, to - 1, size, from + 1, to) < 0;
  }

  /** Returns the bytes of a range of chunks, which must fit in a long. */
  public long bytes(int from, int to) {
    long sum = 0;
    for (int chunk = from; chunk < to; chunk++) {
      sum += size[chunk];
    }
    return sum;
  }

  /** Returns the least size with any bytes in a range, or {@code Long.MAX_VALUE}. */
  public long leastSize(int from, int to) {
    long least = Long.MAX_VALUE;
    for (int chunk = from; chunk < to; chunk++) {
      long each = size[chunk];
      least = each > 0 && each < least ? each : least;
    }
    return least;
  }

  /** Returns the largest size in a range, or 0. */
  public long largestSize(int from, int to) {
    long largest = 0;
    for (int chunk = from; chunk < to; chunk++) {
      largest = Math.max(largest, size[chunk]);
    }
    return largest;
  }

  public int endOfRun(int from, int limit) {
    int end = weight.endOfRun(from, limit);
    end = cap.endOfRun(from, floor.endOfRun(from, end));
    return pool.endOfRun(from, end);
  }

  public boolean is(int chunk, int bit) {
    return (bits[chunk] & bit) != 0;
  }

  public boolean exists(int chunk) {
    return weight.get(chunk) > 0;
  }

  public boolean isNew(int chunk) {
    return (bits[chunk] & (ChunkBits.ESTABLISHED | ChunkBits.PINNED)) == 0;
  }

  public boolean isEnding(int chunk) {
    return (bits[chunk] & (ChunkBits.PINNED | ChunkBits.ENDING)) != 0;
  }

  public void expect(int positions) {
    if (positions > size.length) {
      resize(Math.max(positions, size.length + (size.length >> 1)));
    }
  }

  public void put(InputChunk row) {
    int slot = row.slot;
    if (slot >= count) {
      for (ChunkColumn each : ChunkColumn.ALL) {
        low.get(each.ordinal()).extend(slot);
        high.get(each.ordinal()).extend(slot);
        append(each, row.get(each));
      }
      count = slot + 1;
    }
    keyHash[slot] = row.keyHash;
    size[slot] = row.size;
    bits[slot] = (byte) row.bits;
    for (ChunkColumn each : ChunkColumn.ALL) {
      set(slot, each, row.get(each));
    }
  }

  public void remove(int slot) {
    size[slot] = 0;
    weight.set(slot, 0);
    bits[slot] = 0;
    set(slot, ChunkColumn.ADMITTED, 0);
    recentlyLost.set(slot, 0);
  }

  public boolean is(InputChunk row) {
    int slot = row.slot;
    boolean isSame =
        keyHash[slot] == row.keyHash && size[slot] == row.size && bits[slot] == row.bits;
    for (ChunkColumn each : ChunkColumn.ALL) {
      isSame = isSame && get(slot, each) == row.get(each);
    }
    return isSame;
  }

  ChunkColumns sealed() {
    resize(count);
    return this;
  }

  private void resize(int length) {
    keyHash = Arrays.copyOf(keyHash, length);
    size = Arrays.copyOf(size, length);
    low.forEach(each -> each.resize(length));
    high.forEach(each -> each.resize(length));
    bits = Arrays.copyOf(bits, length);
  }
}
