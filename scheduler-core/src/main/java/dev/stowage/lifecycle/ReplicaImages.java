package dev.stowage.lifecycle;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What the replica rows that a command touches were before; columns, one entry per touched slot.
 */
final class ReplicaImages {
  private static final int WIDTH = 6;

  private final Tables tables;
  private final BitSet seen = new BitSet();
  private final BitSet created = new BitSet();
  private final BitSet removed = new BitSet();
  private int[] slots = new int[8];
  private int count;
  private int[] imageOf = new int[8];
  private long[] images = new long[0];
  private int imageCount;

  ReplicaImages(Tables tables) {
    this.tables = tables;
  }

  void created(int slot) {
    if (first(slot)) {
      imageOf[count - 1] = ReplicaTable.NONE;
      created.set(slot);
    }
  }

  void touched(int slot) {
    if (!first(slot)) {
      return;
    }
    ReplicaTable replicas = tables.replicas;
    if ((imageCount + 1) * (WIDTH + 1) > images.length) {
      images = Arrays.copyOf(images, Math.max(64, images.length * 2));
    }
    int at = imageCount * (WIDTH + 1);
    images[at] = replicas.rowHash(slot, tables.chunks, tables.workers);
    images[at + 1] = replicas.since[slot];
    images[at + 2] = replicas.superseded[slot];
    images[at + 3] = replicas.released[slot];
    images[at + 4] = replicas.readableUntil[slot];
    images[at + 5] = replicas.missingSince[slot];
    images[at + 6] = replicas.flags[slot];
    imageOf[count - 1] = imageCount++;
  }

  void removed(int slot) {
    touched(slot);
    removed.set(slot);
  }

  /** Writes the rows as they are now; whether any differs from what it was. */
  boolean collect(ChangeSet.Parts parts) {
    if (count == 0) {
      return false;
    }
    ReplicaTable replicas = tables.replicas;
    ReplicaRows.Builder put = ReplicaRows.builder(count);
    ReplicaRows.Builder gone = ReplicaRows.builder(removed.cardinality());
    for (int i = 0; i < count; i++) {
      int slot = slots[i];
      boolean wasThere = imageOf[i] != ReplicaTable.NONE;
      boolean isThere = !removed.get(slot);
      long old = wasThere ? images[imageOf[i] * (WIDTH + 1)] : 0;
      long now = isThere ? replicas.rowHash(slot, tables.chunks, tables.workers) : 0;
      tables.digest += now - old;
      if (isThere && now != old) {
        put.copy(replicas, slot);
      } else if (!isThere && wasThere) {
        copyBefore(gone, i);
      }
    }
    parts.replicas = put.build();
    parts.removedReplicas = gone.build();
    return put.size() + gone.size() > 0;
  }

  void unlinkCreated() {
    for (int i = count - 1; i >= 0; i--) {
      tables.work.pairs.add(tables.replicas.chunk[slots[i]], tables.replicas.worker[slots[i]]);
      if (created.get(slots[i]) && !removed.get(slots[i])) {
        tables.replicas.unlink(slots[i], tables.chunks, tables.workers);
      }
    }
  }

  void restore() {
    ReplicaTable replicas = tables.replicas;
    for (int i = count - 1; i >= 0; i--) {
      int slot = slots[i];
      if (imageOf[i] == ReplicaTable.NONE) {
        replicas.free(slot);
        continue;
      }
      int at = imageOf[i] * (WIDTH + 1);
      replicas.since[slot] = images[at + 1];
      replicas.superseded[slot] = images[at + 2];
      replicas.released[slot] = images[at + 3];
      replicas.readableUntil[slot] = images[at + 4];
      replicas.missingSince[slot] = images[at + 5];
      replicas.flags[slot] = (byte) images[at + 6];
      WorkerEntry holder = tables.workers.entry(replicas.worker[slot]);
      holder.isSorted = false;
      holder.mayMiss = true;
      if (removed.get(slot)) {
        replicas.link(slot, tables.chunks, tables.workers);
      }
      tables.reindex(replicas.chunk[slot]);
    }
  }

  void freeRemoved() {
    for (int slot = removed.nextSetBit(0); slot >= 0; slot = removed.nextSetBit(slot + 1)) {
      tables.replicas.free(slot);
    }
  }

  private void copyBefore(ReplicaRows.Builder gone, int i) {
    int slot = slots[i];
    int at = imageOf[i] * (WIDTH + 1);
    gone.add(tables.replicas.chunk[slot], tables.replicas.worker[slot]);
    gone.stamps(images[at + 1], images[at + 2], images[at + 3]);
    gone.window(images[at + 4], images[at + 5], (int) images[at + 6]);
  }

  private boolean first(int slot) {
    if (seen.get(slot)) {
      return false;
    }
    seen.set(slot);
    if (count == slots.length) {
      slots = Arrays.copyOf(slots, count * 2);
      imageOf = Arrays.copyOf(imageOf, count * 2);
    }
    slots[count++] = slot;
    return true;
  }
}
