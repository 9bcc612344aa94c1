package dev.stowage.placement.input;

import dev.stowage.columns.IntColumn;
import dev.stowage.placement.ChunkBits;
import java.util.Arrays;
import java.util.List;

/** The chunks of an input by columns; a column with one common value takes no memory. */
public final class ChunkColumns {
  public int count;
  public long[] keyHash = new long[16];
  public long[] size = new long[16];
  public byte[] bits = new byte[16];
  private final IntColumn weight = new IntColumn(16);
  private final IntColumn floor = new IntColumn(16);
  private final IntColumn cap = new IntColumn(16);
  private final IntColumn eligibility = new IntColumn(16);
  private final IntColumn recentlyLost = new IntColumn(16);

  /** The ticks of admission in two halves, because the upper halves are mostly equal. */
  private final IntColumn admittedLow = new IntColumn(16);

  private final IntColumn admittedHigh = new IntColumn(16);
  private final List<IntColumn> columns =
      List.of(weight, floor, cap, eligibility, recentlyLost, admittedLow, admittedHigh);

  public int add(long hash, long sizeBytes) {
    if (count == size.length) {
      resize(Math.max(16, (int) Math.min(Integer.MAX_VALUE - 8L, count * 2L)));
    }
    keyHash[count] = hash;
    size[count] = sizeBytes;
    weight.add(1);
    floor.add(1);
    cap.add(0);
    eligibility.add(0);
    recentlyLost.add(0);
    admittedLow.add(0);
    admittedHigh.add(0);
    return count++;
  }

  public void admitted(int chunk, long tick) {
    admittedLow.set(chunk, (int) tick);
    admittedHigh.set(chunk, (int) (tick >>> Integer.SIZE));
  }

  public void recentlyLost(int chunk, int replicas) {
    recentlyLost.set(chunk, replicas);
  }

  public int weight(int chunk) {
    return weight.get(chunk);
  }

  public void weight(int chunk, int claim) {
    weight.set(chunk, claim);
  }

  public int floor(int chunk) {
    return floor.get(chunk);
  }

  public void floor(int chunk, int replicas) {
    floor.set(chunk, replicas);
  }

  /** Returns the most replicas that weight can earn, at least the floor. */
  public int cap(int chunk) {
    return Math.max(floor.get(chunk), cap.get(chunk));
  }

  /** Sets the cap; one below the floor counts as the floor. */
  public void cap(int chunk, int replicas) {
    cap.set(chunk, replicas);
  }

  public int eligibility(int chunk) {
    return eligibility.get(chunk);
  }

  public void eligibility(int chunk, int constraint) {
    eligibility.set(chunk, constraint);
  }

  public long admitted(int chunk) {
    return (long) admittedHigh.get(chunk) << Integer.SIZE
        | Integer.toUnsignedLong(admittedLow.get(chunk));
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
    return eligibility.endOfRun(from, end);
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

  public void put(ChunkRow row) {
    int slot = row.slot;
    if (slot >= count) {
      for (IntColumn each : columns) {
        each.extend(slot);
      }
      weight.add(row.weight);
      floor.add(row.floor);
      cap.add(row.cap);
      eligibility.add(row.eligibility);
      recentlyLost.add(row.recentlyLost);
      admittedLow.add((int) row.admitted);
      admittedHigh.add((int) (row.admitted >>> Integer.SIZE));
      count = slot + 1;
    }
    keyHash[slot] = row.keyHash;
    size[slot] = row.size;
    weight.set(slot, row.weight);
    floor.set(slot, row.floor);
    cap.set(slot, row.cap);
    eligibility.set(slot, row.eligibility);
    bits[slot] = (byte) row.bits;
    admitted(slot, row.admitted);
    recentlyLost(slot, row.recentlyLost);
  }

  public void remove(int slot) {
    size[slot] = 0;
    weight.set(slot, 0);
    bits[slot] = 0;
    admitted(slot, 0);
    recentlyLost(slot, 0);
  }

  public boolean is(ChunkRow row) {
    int slot = row.slot;
    return keyHash[slot] == row.keyHash
        && size[slot] == row.size
        && weight.get(slot) == row.weight
        && floor.get(slot) == row.floor
        && cap.get(slot) == row.cap
        && eligibility.get(slot) == row.eligibility
        && bits[slot] == row.bits
        && admitted(slot) == row.admitted
        && recentlyLost(slot) == row.recentlyLost;
  }

  ChunkColumns sealed() {
    resize(count);
    return this;
  }

  private void resize(int length) {
    keyHash = Arrays.copyOf(keyHash, length);
    size = Arrays.copyOf(size, length);
    for (IntColumn each : columns) {
      each.resize(length);
    }
    bits = Arrays.copyOf(bits, length);
  }
}
