package dev.stowage.lifecycle.rows;

import dev.stowage.columns.Growth;
import java.util.Arrays;
import java.util.Objects;

/**
 * Replica rows in columns: what a change set carries and a store loads. Immutable once built; the
 * places are the positions of {@link ChunkRow} and {@link WorkerRow}.
 */
public final class ReplicaRows {
  /** No rows. */
  public static final ReplicaRows EMPTY = new Builder(0).build();

  private final int[] chunk;
  private final int[] worker;
  private final long[] since;
  private final long[] superseded;
  private final long[] released;
  private final long[] readableUntil;
  private final long[] missingSince;
  private final byte[] flags;
  private final boolean[] fresh;

  private ReplicaRows(Builder from) {
    int size = from.size;
    chunk = Arrays.copyOf(from.chunk, size);
    worker = Arrays.copyOf(from.worker, size);
    since = Arrays.copyOf(from.since, size);
    superseded = Arrays.copyOf(from.superseded, size);
    released = Arrays.copyOf(from.released, size);
    readableUntil = Arrays.copyOf(from.readableUntil, size);
    missingSince = Arrays.copyOf(from.missingSince, size);
    flags = Arrays.copyOf(from.flags, size);
    fresh = Arrays.copyOf(from.fresh, size);
  }

  /** A builder with room for this many rows at first. */
  public static Builder builder(int expected) {
    return new Builder(expected);
  }

  /** The number of rows. */
  public int size() {
    return chunk.length;
  }

  /** The position of the chunk. */
  public int chunk(int row) {
    return chunk[row];
  }

  /** The position of the worker. */
  public int worker(int row) {
    return worker[row];
  }

  /** The worker assignment in which the pair first appeared. */
  public long since(int row) {
    return since[row];
  }

  /** The worker assignment that stopped wanting it, 0 for none. */
  public long supersededAt(int row) {
    return superseded[row];
  }

  /** The portal assignment in which it was released, 0 for none. */
  public long releasedAt(int row) {
    return released[row];
  }

  /** The tick at which its window ends, 0 for none. */
  public long readableUntil(int row) {
    return readableUntil[row];
  }

  /** Since which tick it is missing, -1 if it is not. */
  public long missingSince(int row) {
    return missingSince[row];
  }

  /** Whether the newest portal assignment names it (bit 0), and its disk is gone (bit 1). */
  public int flags(int row) {
    return flags[row];
  }

  /**
   * Whether the row was not there before the command, so that a store may insert it without a look;
   * false where that is not known.
   */
  public boolean isFresh(int row) {
    return fresh[row];
  }

  /** Collects rows. Not thread-safe. */
  public static final class Builder {
    private int[] chunk;
    private int[] worker;
    private long[] since;
    private long[] superseded;
    private long[] released;
    private long[] readableUntil;
    private long[] missingSince;
    private byte[] flags;
    private boolean[] fresh;
    private int size;

    private Builder(int expected) {
      int capacity = Math.max(1, expected);
      chunk = new int[capacity];
      worker = new int[capacity];
      since = new long[capacity];
      superseded = new long[capacity];
      released = new long[capacity];
      readableUntil = new long[capacity];
      missingSince = new long[capacity];
      flags = new byte[capacity];
      fresh = new boolean[capacity];
    }

    /** Begins a row; its stamps follow by {@link #stamps} and {@link #window}. */
    public Builder add(int chunkPosition, int workerPosition) {
      if (size == chunk.length) {
        grow();
      }
      chunk[size] = chunkPosition;
      worker[size] = workerPosition;
      missingSince[size] = -1;
      size++;
      return this;
    }

    /** The assignments of the last row: since, superseded at, released at. */
    public Builder stamps(long sinceId, long supersededAt, long releasedAt) {
      int row = last();
      since[row] = sinceId;
      superseded[row] = supersededAt;
      released[row] = releasedAt;
      return this;
    }

    /** The ticks of the last row, and its flags. */
    public Builder window(long until, long missingTick, int bits) {
      int row = last();
      readableUntil[row] = until;
      missingSince[row] = missingTick;
      flags[row] = (byte) bits;
      return this;
    }

    /** The last row was not there before. */
    public Builder fresh() {
      fresh[last()] = true;
      return this;
    }

    /** The rows. */
    public ReplicaRows build() {
      return new ReplicaRows(this);
    }

    private int last() {
      return Objects.checkIndex(size - 1, chunk.length);
    }

    private void grow() {
      int capacity = Growth.capacity(size + Math.max(16L, size >> 1), size + 1L);
      chunk = Arrays.copyOf(chunk, capacity);
      worker = Arrays.copyOf(worker, capacity);
      since = Arrays.copyOf(since, capacity);
      superseded = Arrays.copyOf(superseded, capacity);
      released = Arrays.copyOf(released, capacity);
      readableUntil = Arrays.copyOf(readableUntil, capacity);
      missingSince = Arrays.copyOf(missingSince, capacity);
      flags = Arrays.copyOf(flags, capacity);
      fresh = Arrays.copyOf(fresh, capacity);
    }
  }
}
