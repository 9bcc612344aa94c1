package dev.stowage.placement.input;

import dev.stowage.placement.PlacementInput.ChunkColumn;
import java.util.Arrays;

/** One chunk as an index is fed with it; reused for chunk after chunk. */
public final class InputChunk {
  public int slot;
  long keyHash;
  public long size;
  public int bits;
  private final long[] values = new long[ChunkColumn.ALL.size()];

  /** The workers of the replicas; only the first {@link #replicas} are valid. */
  public int[] worker = new int[16];

  /** The flags of the replicas; only the first {@link #replicas} are valid. */
  public byte[] flags = new byte[16];

  public int replicas;

  /** Resets the row. */
  public void begin(int chunk, long hash, long sizeBytes) {
    slot = chunk;
    keyHash = hash;
    size = sizeBytes;
    bits = 0;
    replicas = 0;
    for (ChunkColumn each : ChunkColumn.ALL) {
      set(each, each.least());
    }
  }

  public long get(ChunkColumn column) {
    return values[column.ordinal()];
  }

  public void set(ChunkColumn column, long value) {
    values[column.ordinal()] = value;
  }

  public void addReplica(int holder, int replicaBits) {
    if (replicas == worker.length) {
      worker = Arrays.copyOf(worker, replicas * 2);
      flags = Arrays.copyOf(flags, replicas * 2);
    }
    worker[replicas] = holder;
    flags[replicas++] = (byte) replicaBits;
  }

  public boolean holds(int holder) {
    for (int i = 0; i < replicas; i++) {
      if (worker[i] == holder) {
        return true;
      }
    }
    return false;
  }

  /** Sorts replicas by worker rank; throws {@code IllegalArgumentException} for duplicates. */
  public void sort(int[] rank) {
    for (int i = 1; i < replicas; i++) {
      int holder = worker[i];
      byte flag = flags[i];
      int at = i;
      while (at > 0 && rank[worker[at - 1]] > rank[holder]) {
        worker[at] = worker[at - 1];
        flags[at] = flags[at - 1];
        at--;
      }
      worker[at] = holder;
      flags[at] = flag;
      if (at > 0 && worker[at - 1] == holder) {
        throw new IllegalArgumentException(
            "the chunk in slot " + slot + " has two replicas on the worker in slot " + holder);
      }
    }
  }
}
