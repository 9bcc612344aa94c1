package dev.stowage.rebalance.tables;

import dev.stowage.columns.Growth;
import java.util.Arrays;

/** The holders of chunks and their scores in blocks of slots: holders by worker id, then others. */
public final class HolderTable {
  private static final int NONE = -1;
  private static final int LEAST_SHIFT = 2;

  private int[] offset = new int[0];
  private int[] shape = new int[0];
  private byte[] sizeShift = new byte[0];
  private int[] worker = new int[0];
  private int[] score = new int[0];
  private int[] owner = new int[0];
  private int[] next = new int[0];
  private int[] previous = new int[0];
  private int[] head = new int[0];
  private int[] countOn = new int[0];
  private final int[] free = new int[Integer.SIZE];
  private int limit;

  HolderTable() {
    Arrays.fill(free, NONE);
  }

  void reserve(int chunkLimit) {
    if (chunkLimit > offset.length) {
      int before = offset.length;
      int capacity = Growth.capacity(before + (before >> 1) + 64L, chunkLimit);
      offset = Arrays.copyOf(offset, capacity);
      shape = Arrays.copyOf(shape, capacity);
      sizeShift = Arrays.copyOf(sizeShift, capacity);
      Arrays.fill(offset, before, capacity, NONE);
    }
  }

  /** Returns the first slot of a chunk; its holders are contiguous. */
  public int begin(int chunk) {
    return offset[chunk];
  }

  public int holders(int chunk) {
    return offset[chunk] == NONE ? 0 : shape[chunk] & 0xffff;
  }

  private int others(int chunk) {
    return offset[chunk] == NONE ? 0 : shape[chunk] >>> 16;
  }

  public int worker(int slot) {
    return worker[slot];
  }

  public int score(int slot) {
    return score[slot];
  }

  public void score(int slot, int micros) {
    score[slot] = micros;
  }

  public int owner(int slot) {
    return owner[slot];
  }

  /** Returns the first holder slot on a worker, or a negative number. */
  public int firstOn(int ofWorker) {
    return ofWorker < head.length ? head[ofWorker] : NONE;
  }

  public int countOn(int ofWorker) {
    return ofWorker < head.length ? countOn[ofWorker] : 0;
  }

  public int nextOn(int slot) {
    return next[slot];
  }

  public boolean isAnyOn(int chunk, int ofWorker) {
    int begin = offset[chunk];
    for (int slot = begin; slot < begin + holders(chunk) + others(chunk); slot++) {
      if (worker[slot] == ofWorker) {
        return true;
      }
    }
    return false;
  }

  public boolean isAnyHolder(int chunk, boolean[] workers) {
    int begin = offset[chunk];
    int end = begin + holders(chunk);
    for (int slot = begin; slot < end; slot++) {
      if (worker[slot] < workers.length && workers[worker[slot]]) {
        return true;
      }
    }
    return false;
  }

  /** Returns the slot of a holder, or a negative number. */
  public int find(int chunk, int ofWorker) {
    int begin = offset[chunk];
    for (int slot = begin; slot < begin + holders(chunk); slot++) {
      if (worker[slot] == ofWorker) {
        return slot;
      }
    }
    return NONE;
  }

  boolean set(int chunk, int[] holders, int[] others) {
    boolean same = isSame(chunk, holders);
    int total = holders.length + others.length;
    if (same && total <= room(chunk)) {
      int begin = offset[chunk];
      for (int i = 0; i < others.length; i++) {
        worker[begin + holders.length + i] = others[i];
      }
      shape[chunk] = holders.length | others.length << 16;
      return false;
    }
    // Growth may throw, so it happens while the chunk still has its old block.
    if (total > 0 && room(chunk) != 1 << shift(total) && free[shift(total)] == NONE) {
      reserveSlots((long) limit + (1 << shift(total)));
    }
    release(chunk);
    if (total > 0) {
      int begin = allocate(total);
      offset[chunk] = begin;
      sizeShift[chunk] = (byte) shift(total);
      shape[chunk] = holders.length | others.length << 16;
      for (int i = 0; i < total; i++) {
        int slot = begin + i;
        owner[slot] = chunk;
        score[slot] = Micros.NONE;
        worker[slot] = i < holders.length ? holders[i] : others[i - holders.length];
        if (i < holders.length) {
          link(slot);
        }
      }
    }
    return true;
  }

  void release(int chunk) {
    int begin = offset[chunk];
    if (begin == NONE) {
      return;
    }
    for (int slot = begin; slot < begin + holders(chunk); slot++) {
      unlink(slot);
    }
    int shift = sizeShift[chunk];
    next[begin] = free[shift];
    free[shift] = begin;
    offset[chunk] = NONE;
  }

  private boolean isSame(int chunk, int[] holders) {
    if (holders(chunk) != holders.length) {
      return false;
    }
    int begin = offset[chunk];
    for (int i = 0; i < holders.length; i++) {
      if (worker[begin + i] != holders[i]) {
        return false;
      }
    }
    return true;
  }

  private int room(int chunk) {
    return offset[chunk] == NONE ? 0 : 1 << sizeShift[chunk];
  }

  private int allocate(int total) {
    int shift = shift(total);
    int begin = free[shift];
    if (begin != NONE) {
      free[shift] = next[begin];
      return begin;
    }
    begin = limit;
    reserveSlots((long) begin + (1 << shift));
    limit += 1 << shift;
    return begin;
  }

  private void reserveSlots(long end) {
    if (end > worker.length) {
      int capacity = Growth.capacity(worker.length + (worker.length >> 1) + 256L, end);
      worker = Arrays.copyOf(worker, capacity);
      score = Arrays.copyOf(score, capacity);
      owner = Arrays.copyOf(owner, capacity);
      next = Arrays.copyOf(next, capacity);
      previous = Arrays.copyOf(previous, capacity);
    }
  }

  private static int shift(int total) {
    return Math.max(LEAST_SHIFT, Integer.SIZE - Integer.numberOfLeadingZeros(total - 1));
  }

  private void link(int slot) {
    int on = worker[slot];
    if (on >= head.length) {
      int before = head.length;
      head = Arrays.copyOf(head, Growth.capacity(before * 2L, on + 1L));
      countOn = Arrays.copyOf(countOn, head.length);
      Arrays.fill(head, before, head.length, NONE);
    }
    countOn[on]++;
    next[slot] = head[on];
    previous[slot] = NONE;
    if (head[on] != NONE) {
      previous[head[on]] = slot;
    }
    head[on] = slot;
  }

  private void unlink(int slot) {
    int before = previous[slot];
    int after = next[slot];
    countOn[worker[slot]]--;
    if (before == NONE) {
      head[worker[slot]] = after;
    } else {
      next[before] = after;
    }
    if (after != NONE) {
      previous[after] = before;
    }
  }
}
