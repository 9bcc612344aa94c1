package dev.stowage.lifecycle;

import java.util.Arrays;

/**
 * The replicas in flat columns, 61 bytes each: two places, five stamps, flags, and links. The
 * replicas of a chunk form a list in the order of worker ids, those of a worker one in no order.
 */
final class ReplicaTable {
  static final int NONE = -1;

  /** The newest portal assignment names it. */
  static final byte NAMED = 1;

  /**
   * Its worker's disk was replaced while it was not wanted: it may go without the deletion rule.
   */
  static final byte DISK_GONE = 2;

  int[] chunk = new int[16];
  int[] worker = new int[16];
  long[] since = new long[16];
  long[] superseded = new long[16];
  long[] released = new long[16];
  long[] readableUntil = new long[16];
  long[] missingSince = new long[16];
  byte[] flags = new byte[16];
  private int[] nextOfChunk = new int[16];
  private int[] nextOfWorker = new int[16];
  private int[] previousOfWorker = new int[16];
  private int limit;
  private int count;
  private int freeHead = NONE;

  int count() {
    return count;
  }

  int limit() {
    return limit;
  }

  boolean exists(int slot) {
    return chunk[slot] >= 0;
  }

  int next(int slot) {
    return nextOfChunk[slot];
  }

  int nextOfWorker(int slot) {
    return nextOfWorker[slot];
  }

  boolean isAssigned(int slot) {
    return superseded[slot] == 0;
  }

  boolean isDraining(int slot) {
    return released[slot] != 0;
  }

  ReplicaState stateOf(int slot) {
    if (released[slot] != 0) {
      return ReplicaState.DRAINING;
    }
    return superseded[slot] != 0 ? ReplicaState.SUPERSEDED : ReplicaState.ASSIGNED;
  }

  boolean isMissing(int slot) {
    return missingSince[slot] >= 0;
  }

  boolean isNamed(int slot) {
    return (flags[slot] & NAMED) != 0;
  }

  boolean isDiskGone(int slot) {
    return (flags[slot] & DISK_GONE) != 0;
  }

  int find(int ofChunk, int onWorker, ChunkTable chunks) {
    int slot = chunks.firstReplica[ofChunk];
    while (slot != NONE && worker[slot] != onWorker) {
      slot = nextOfChunk[slot];
    }
    return slot;
  }

  /** Makes room for this many more replicas at once. */
  void expect(int more) {
    int wanted = Math.addExact(limit, more);
    if (wanted > chunk.length) {
      resize(Math.max(wanted, chunk.length));
    }
  }

  /** A fresh slot, linked to its chunk and its worker; all stamps are clear. */
  int add(int ofChunk, int onWorker, ChunkTable chunks, WorkerTable workers) {
    int slot = freeHead;
    if (slot == NONE) {
      if (limit == chunk.length) {
        resize(Growth.next(limit));
      }
      slot = limit++;
    } else {
      freeHead = nextOfChunk[slot];
    }
    chunk[slot] = ofChunk;
    worker[slot] = onWorker;
    since[slot] = 0;
    superseded[slot] = 0;
    released[slot] = 0;
    readableUntil[slot] = 0;
    missingSince[slot] = -1;
    flags[slot] = 0;
    link(slot, chunks, workers);
    return slot;
  }

  /** Links a slot whose places are set. */
  void link(int slot, ChunkTable chunks, WorkerTable workers) {
    int rank = workers.rank(worker[slot]);
    int at = chunks.firstReplica[chunk[slot]];
    int before = NONE;
    while (at != NONE && workers.rank(worker[at]) < rank) {
      before = at;
      at = nextOfChunk[at];
    }
    nextOfChunk[slot] = at;
    if (before == NONE) {
      chunks.firstReplica[chunk[slot]] = slot;
    } else {
      nextOfChunk[before] = slot;
    }
    WorkerEntry holder = workers.entry(worker[slot]);
    nextOfWorker[slot] = holder.firstReplica;
    previousOfWorker[slot] = NONE;
    if (holder.firstReplica != NONE) {
      previousOfWorker[holder.firstReplica] = slot;
    }
    holder.firstReplica = slot;
    holder.isSorted = false;
    holder.replicas++;
    holder.footprintBytes += chunks.facts.sizeBytes(chunk[slot]);
    count++;
  }

  /** Takes a slot out of both lists; it keeps its content until it is freed. */
  void unlink(int slot, ChunkTable chunks, WorkerTable workers) {
    int at = chunks.firstReplica[chunk[slot]];
    if (at == slot) {
      chunks.firstReplica[chunk[slot]] = nextOfChunk[slot];
    } else {
      while (nextOfChunk[at] != slot) {
        at = nextOfChunk[at];
      }
      nextOfChunk[at] = nextOfChunk[slot];
    }
    WorkerEntry holder = workers.entry(worker[slot]);
    int before = previousOfWorker[slot];
    int after = nextOfWorker[slot];
    if (before == NONE) {
      holder.firstReplica = after;
    } else {
      nextOfWorker[before] = after;
    }
    if (after != NONE) {
      previousOfWorker[after] = before;
    }
    holder.replicas--;
    holder.footprintBytes -= chunks.facts.sizeBytes(chunk[slot]);
    count--;
  }

  /** Puts the list of a worker's replicas into descending order of {@code since}. */
  void sortBySince(WorkerEntry holder) {
    Integer[] slots = new Integer[holder.replicas];
    int at = 0;
    for (int slot = holder.firstReplica; slot != NONE; slot = nextOfWorker[slot]) {
      slots[at++] = slot;
    }
    Arrays.sort(slots, (left, right) -> Long.compare(since[right], since[left]));
    int before = NONE;
    for (int slot : slots) {
      previousOfWorker[slot] = before;
      nextOfWorker[slot] = NONE;
      if (before == NONE) {
        holder.firstReplica = slot;
      } else {
        nextOfWorker[before] = slot;
      }
      before = slot;
    }
    holder.isSorted = true;
  }

  /** Gives an unlinked slot back. */
  void free(int slot) {
    chunk[slot] = NONE;
    nextOfChunk[slot] = freeHead;
    freeHead = slot;
  }

  /** The hash of a replica's row. */
  long rowHash(int slot, ChunkTable chunks, WorkerTable workers) {
    long hash = RowHash.fold(chunks.facts.hash(chunk[slot]), workers.hash(worker[slot]));
    hash = RowHash.fold(hash, since[slot]);
    hash = RowHash.fold(hash, superseded[slot]);
    hash = RowHash.fold(hash, released[slot]);
    hash = RowHash.fold(hash, readableUntil[slot]);
    hash = RowHash.fold(hash, missingSince[slot]);
    return RowHash.fold(hash, flags[slot]);
  }

  ReplicaTable copy() {
    ReplicaTable copy = new ReplicaTable();
    copy.chunk = chunk.clone();
    copy.worker = worker.clone();
    copy.since = since.clone();
    copy.superseded = superseded.clone();
    copy.released = released.clone();
    copy.readableUntil = readableUntil.clone();
    copy.missingSince = missingSince.clone();
    copy.flags = flags.clone();
    copy.nextOfChunk = nextOfChunk.clone();
    copy.nextOfWorker = nextOfWorker.clone();
    copy.previousOfWorker = previousOfWorker.clone();
    copy.limit = limit;
    copy.count = count;
    copy.freeHead = freeHead;
    return copy;
  }

  private void resize(int capacity) {
    chunk = Arrays.copyOf(chunk, capacity);
    worker = Arrays.copyOf(worker, capacity);
    since = Arrays.copyOf(since, capacity);
    superseded = Arrays.copyOf(superseded, capacity);
    released = Arrays.copyOf(released, capacity);
    readableUntil = Arrays.copyOf(readableUntil, capacity);
    missingSince = Arrays.copyOf(missingSince, capacity);
    flags = Arrays.copyOf(flags, capacity);
    nextOfChunk = Arrays.copyOf(nextOfChunk, capacity);
    nextOfWorker = Arrays.copyOf(nextOfWorker, capacity);
    previousOfWorker = Arrays.copyOf(previousOfWorker, capacity);
  }
}
