package dev.stowage.rebalance.tables;

import dev.stowage.columns.Growth;
import java.util.Arrays;

/** Chunks by time of their last sample, oldest first. */
public final class DueList {
  private static final int NONE = -1;

  private long[] sampled = new long[0];
  private int[] next = new int[0];
  private int[] previous = new int[0];
  private boolean[] listed = new boolean[0];
  private int head = NONE;
  private int tail = NONE;

  void reserve(int chunkLimit) {
    if (chunkLimit > next.length) {
      int capacity = Growth.capacity(next.length + (next.length >> 1) + 64L, chunkLimit);
      sampled = Arrays.copyOf(sampled, capacity);
      next = Arrays.copyOf(next, capacity);
      previous = Arrays.copyOf(previous, capacity);
      listed = Arrays.copyOf(listed, capacity);
    }
  }

  public boolean isListed(int chunk) {
    return listed[chunk];
  }

  public void sampled(int chunk, long tick) {
    remove(chunk);
    listed[chunk] = true;
    sampled[chunk] = tick;
    previous[chunk] = tail;
    next[chunk] = NONE;
    if (tail == NONE) {
      head = chunk;
    } else {
      next[tail] = chunk;
    }
    tail = chunk;
  }

  public void remove(int chunk) {
    if (!listed[chunk]) {
      return;
    }
    listed[chunk] = false;
    if (previous[chunk] == NONE) {
      head = next[chunk];
    } else {
      next[previous[chunk]] = next[chunk];
    }
    if (next[chunk] == NONE) {
      tail = previous[chunk];
    } else {
      previous[next[chunk]] = previous[chunk];
    }
  }

  /** Returns the chunk sampled longest ago, or a negative number. */
  public int first() {
    return head;
  }

  /** Returns the next chunk, or a negative number. */
  public int after(int chunk) {
    return next[chunk];
  }

  public long sampledAt(int chunk) {
    return sampled[chunk];
  }
}
