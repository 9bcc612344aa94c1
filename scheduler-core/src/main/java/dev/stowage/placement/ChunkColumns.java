package dev.stowage.placement;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The chunks of an input, one array per column. Columns that are all zero are not kept. */
final class ChunkColumns {
  int count;
  long[] keyHash = new long[16];
  long[] size = new long[16];
  int[] weight = new int[16];
  int[] floor = new int[16];
  int[] eligibility = new int[16];
  byte[] bits = new byte[16];
  private long @Nullable [] admitted;
  private int @Nullable [] recentlyLost;

  int add(long hash, long sizeBytes, int minReplication) {
    if (count == size.length) {
      resize(Math.max(16, (int) Math.min(Integer.MAX_VALUE - 8L, count * 2L)));
    }
    keyHash[count] = hash;
    size[count] = sizeBytes;
    weight[count] = 1;
    floor[count] = minReplication;
    return count++;
  }

  void admitted(int chunk, long tick) {
    if (admitted == null) {
      if (tick == 0) {
        return;
      }
      admitted = new long[size.length];
    }
    admitted[chunk] = tick;
  }

  void recentlyLost(int chunk, int replicas) {
    if (recentlyLost == null) {
      if (replicas == 0) {
        return;
      }
      recentlyLost = new int[size.length];
    }
    recentlyLost[chunk] = replicas;
  }

  long admitted(int chunk) {
    return admitted == null ? 0 : admitted[chunk];
  }

  int recentlyLost(int chunk) {
    return recentlyLost == null ? 0 : recentlyLost[chunk];
  }

  /** Whether some chunk of a range lost replicas too recently to have them made again. */
  boolean isAnyRecentlyLost(int from, int to) {
    int[] known = recentlyLost;
    int some = 0;
    for (int chunk = from; known != null && chunk < to; chunk++) {
      some |= known[chunk];
    }
    return some != 0;
  }

  /** Whether some chunk may be kept below the target of its class. */
  boolean isAnyGoalLower() {
    int some = 0;
    for (int chunk = 0; chunk < count; chunk++) {
      some |= bits[chunk];
    }
    return (some & ChunkBits.ENDING) != 0 || isAnyRecentlyLost(0, count);
  }

  /** The size of the smallest chunk of a range that has any bytes; the largest long if none has. */
  long leastSize(int from, int to) {
    long least = Long.MAX_VALUE;
    for (int chunk = from; chunk < to; chunk++) {
      long each = size[chunk];
      least = each > 0 && each < least ? each : least;
    }
    return least;
  }

  /** The end of the run of chunks that are of the first one's class; not above {@code limit}. */
  int endOfRun(int from, int limit) {
    int to = from + 1;
    while (to < limit
        && weight[to] == weight[from]
        && floor[to] == floor[from]
        && eligibility[to] == eligibility[from]) {
      to++;
    }
    return to;
  }

  boolean is(int chunk, int bit) {
    return (bits[chunk] & bit) != 0;
  }

  /** Whether there is a chunk at a position; an index has free ones. */
  boolean exists(int chunk) {
    return weight[chunk] > 0;
  }

  /** New: not established, and not marked for removal. */
  boolean isNew(int chunk) {
    return (bits[chunk] & (ChunkBits.ESTABLISHED | ChunkBits.PINNED)) == 0;
  }

  /** About to go: marked, dropped, or to be replaced by a pending swap. */
  boolean isEnding(int chunk) {
    return (bits[chunk] & (ChunkBits.PINNED | ChunkBits.ENDING)) != 0;
  }

  /** Makes room for positions below this one. */
  void expect(int positions) {
    if (positions > size.length) {
      resize(Math.max(positions, size.length + (size.length >> 1)));
    }
  }

  /** Takes over a draft at its slot. */
  void put(ChunkDraft draft) {
    int slot = draft.slot;
    count = Math.max(count, slot + 1);
    keyHash[slot] = draft.keyHash;
    size[slot] = draft.size;
    weight[slot] = draft.weight;
    floor[slot] = draft.floor;
    eligibility[slot] = draft.eligibility;
    bits[slot] = (byte) draft.bits;
    admitted(slot, draft.admitted);
    recentlyLost(slot, draft.recentlyLost);
  }

  /** Leaves a slot free. */
  void remove(int slot) {
    size[slot] = 0;
    weight[slot] = 0;
    bits[slot] = 0;
    admitted(slot, 0);
    recentlyLost(slot, 0);
  }

  /** Whether a draft says what is known at its slot. */
  boolean is(ChunkDraft draft) {
    int slot = draft.slot;
    return keyHash[slot] == draft.keyHash
        && size[slot] == draft.size
        && weight[slot] == draft.weight
        && floor[slot] == draft.floor
        && eligibility[slot] == draft.eligibility
        && bits[slot] == draft.bits
        && admitted(slot) == draft.admitted
        && recentlyLost(slot) == draft.recentlyLost;
  }

  ChunkColumns sealed() {
    resize(count);
    return this;
  }

  private void resize(int length) {
    keyHash = Arrays.copyOf(keyHash, length);
    size = Arrays.copyOf(size, length);
    weight = Arrays.copyOf(weight, length);
    floor = Arrays.copyOf(floor, length);
    eligibility = Arrays.copyOf(eligibility, length);
    bits = Arrays.copyOf(bits, length);
    admitted = admitted == null ? null : Arrays.copyOf(admitted, length);
    recentlyLost = recentlyLost == null ? null : Arrays.copyOf(recentlyLost, length);
  }
}
