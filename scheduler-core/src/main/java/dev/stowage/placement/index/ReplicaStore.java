package dev.stowage.placement.index;

import dev.stowage.columns.IntColumn;
import dev.stowage.placement.input.HeldReplicas;
import java.util.Arrays;

/** The replicas of an index, by chunk and worker id; a quarter of gaps is compacted. */
final class ReplicaStore {
  private static final int LEAST_GARBAGE = 1024;

  private int[] start = new int[16];
  private final IntColumn count = IntColumn.zeros(16);
  private final IntColumn room = IntColumn.zeros(16);
  private int[] worker = new int[16];
  private byte[] bits = new byte[16];
  private final HeldReplicas view = new HeldReplicas(start, count, worker, bits);
  private int used;
  private int garbage;
  private int live;

  /** Returns a live view of the replicas. */
  HeldReplicas view() {
    return view;
  }

  boolean holds(int chunk, int holder) {
    for (int i = start[chunk]; i < end(chunk); i++) {
      if (worker[i] == holder) {
        return true;
      }
    }
    return false;
  }

  void expect(int replicas) {
    if (replicas > worker.length) {
      resize(replicas);
    }
  }

  void expectChunks(int slots) {
    if (slots > start.length) {
      int length = Math.max(slots, start.length + (start.length >> 1));
      start = Arrays.copyOf(start, length);
      count.resize(length);
      count.extend(length);
      room.resize(length);
      room.extend(length);
      view.lookAt(start, count, worker, bits);
    }
  }

  int live() {
    return live;
  }

  int begin(int chunk) {
    return start[chunk];
  }

  int end(int chunk) {
    return start[chunk] + count.get(chunk);
  }

  int worker(int replica) {
    return worker[replica];
  }

  /** Returns the flags of a chunk's replica on a worker, which must be there. */
  int bitsOn(int chunk, int holder) {
    int at = start[chunk];
    while (worker[at] != holder) {
      at++;
    }
    return bits[at];
  }

  byte bits(int replica) {
    return bits[replica];
  }

  void replace(int chunk, int[] holders, byte[] flags, int replicas) {
    live += replicas - count.get(chunk);
    if (replicas > room.get(chunk)) {
      garbage += room.get(chunk);
      room.set(chunk, 0);
      count.set(chunk, 0);
      start[chunk] = claim(replicas);
      room.set(chunk, replicas);
    }
    System.arraycopy(holders, 0, worker, start[chunk], replicas);
    System.arraycopy(flags, 0, bits, start[chunk], replicas);
    count.set(chunk, replicas);
  }

  void clear(int chunk) {
    live -= count.get(chunk);
    count.set(chunk, 0);
  }

  void remove(int chunk, int holder) {
    int end = end(chunk);
    for (int i = start[chunk]; i < end; i++) {
      if (worker[i] == holder) {
        System.arraycopy(worker, i + 1, worker, i, end - i - 1);
        System.arraycopy(bits, i + 1, bits, i, end - i - 1);
        count.set(chunk, count.get(chunk) - 1);
        live--;
        return;
      }
    }
  }

  boolean is(int chunk, int[] holders, byte[] flags, int replicas) {
    int from = start[chunk];
    return count.get(chunk) == replicas
        && Arrays.equals(worker, from, from + replicas, holders, 0, replicas)
        && Arrays.equals(bits, from, from + replicas, flags, 0, replicas);
  }

  private int claim(int replicas) {
    if (garbage > LEAST_GARBAGE && garbage > used / 4) {
      compact();
    }
    if (replicas > worker.length - used) {
      long wanted = Math.max(used + (long) replicas, worker.length + (worker.length >> 3));
      if (used + (long) replicas > Integer.MAX_VALUE - 8) {
        throw new IllegalStateException("more than " + used + " replicas cannot be indexed");
      }
      resize((int) Math.min(Integer.MAX_VALUE - 8, wanted));
    }
    int at = used;
    used += replicas;
    return at;
  }

  private void compact() {
    int[] packedWorker = new int[worker.length];
    byte[] packedBits = new byte[worker.length];
    int at = 0;
    for (int chunk = 0; chunk < start.length; chunk++) {
      int replicas = count.get(chunk);
      System.arraycopy(worker, start[chunk], packedWorker, at, replicas);
      System.arraycopy(bits, start[chunk], packedBits, at, replicas);
      start[chunk] = at;
      room.set(chunk, replicas);
      at += replicas;
    }
    worker = packedWorker;
    bits = packedBits;
    view.lookAt(start, count, worker, bits);
    used = at;
    garbage = 0;
  }

  private void resize(int length) {
    worker = Arrays.copyOf(worker, length);
    bits = Arrays.copyOf(bits, length);
    view.lookAt(start, count, worker, bits);
  }
}
