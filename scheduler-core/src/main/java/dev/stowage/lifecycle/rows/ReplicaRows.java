package dev.stowage.lifecycle.rows;

import dev.stowage.columns.ArrayGrowth;
import java.util.Arrays;
import java.util.Objects;

/** Replica rows in columns, by positions of {@link ChunkRow} and {@link WorkerRow}. Immutable. */
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

  /** Creates a builder with initial room for {@code expected} rows. */
  public static Builder builder(int expected) {
    return new Builder(expected);
  }

  /** Returns the number of rows. */
  public int size() {
    return chunk.length;
  }

  /** Returns the position of the chunk. */
  public int chunk(int row) {
    return chunk[row];
  }

  /** Returns the position of the worker. */
  public int worker(int row) {
    return worker[row];
  }

  /** Returns the worker assignment in which the pair first appeared. */
  public long since(int row) {
    return since[row];
  }

  /** Returns the worker assignment that stopped wanting it, 0 for none. */
  public long supersededAt(int row) {
    return superseded[row];
  }

  /** Returns the portal assignment in which it was released, 0 for none. */
  public long releasedAt(int row) {
    return released[row];
  }

  /** Returns the tick at which its window ends, 0 for none. */
  public long readableUntil(int row) {
    return readableUntil[row];
  }

  /** Returns the tick since which it is missing, -1 if it is not. */
  public long missingSince(int row) {
    return missingSince[row];
  }

  /**
   * Returns bit 0: the newest portal assignment names it; bit 1: its disk is gone; above them the
   * ordinal of its {@link dev.stowage.lifecycle.Origin}.
   */
  public int flags(int row) {
    return flags[row];
  }

  /** Reports whether the command certainly created the row, so that a store may insert blindly. */
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

    /** Begins a row; {@link #stamps} and {@link #window} complete it. */
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

    /** Sets the assignments of the last row: since, superseded at, released at; 0 for none. */
    public Builder stamps(long sinceId, long supersededAt, long releasedAt) {
      int row = last();
      since[row] = sinceId;
      superseded[row] = supersededAt;
      released[row] = releasedAt;
      return this;
    }

    /** Sets the end and missing ticks of the last row, and its {@link ReplicaRows#flags}. */
    public Builder window(long until, long missingTick, int bits) {
      int row = last();
      readableUntil[row] = until;
      missingSince[row] = missingTick;
      flags[row] = (byte) bits;
      return this;
    }

    /** Marks the last row as created. */
    public Builder fresh() {
      fresh[last()] = true;
      return this;
    }

    /** Returns the rows. */
    public ReplicaRows build() {
      return new ReplicaRows(this);
    }

    private int last() {
      return Objects.checkIndex(size - 1, chunk.length);
    }

    private void grow() {
      int capacity = ArrayGrowth.capacity(size + Math.max(16L, size >> 1), size + 1L);
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
