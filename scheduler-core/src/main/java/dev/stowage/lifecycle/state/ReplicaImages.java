package dev.stowage.lifecycle.state;

import dev.stowage.columns.ArrayGrowth;
import dev.stowage.columns.IntSet;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import java.util.Arrays;

/** The rows of touched replicas before the command, in columns. */
final class ReplicaImages {
  private static final int WIDTH = 6;
  private static final long[] NONE = {};
  private static final int[] NO_IMAGES = {};

  private final Tables tables;
  private IntSet seen;
  private IntSet created;
  private IntSet removed;
  private int[] imageOf = NO_IMAGES;
  private long[] images = NONE;
  private int imageCount;

  ReplicaImages(Tables tables) {
    this.tables = tables;
    seen = tables.scratch.touchedSlots.cleared();
    created = tables.scratch.createdSlots.cleared();
    removed = tables.scratch.removedSlots.cleared();
  }

  void detach() {
    seen = seen.compact();
    created = created.compact();
    removed = removed.compact();
  }

  void created(int slot) {
    if (seen.add(slot)) {
      note(ReplicaTable.NONE);
      created.add(slot);
    }
  }

  void touched(int slot) {
    if (!seen.add(slot)) {
      return;
    }
    ReplicaTable replicas = tables.replicas;
    long needed = (imageCount + 1L) * (WIDTH + 1);
    if (needed > images.length) {
      images = Arrays.copyOf(images, ArrayGrowth.capacity(images.length * 3L / 2 + 64, needed));
    }
    int at = imageCount * (WIDTH + 1);
    images[at] = replicas.rowHash(slot, tables.chunks, tables.workers);
    images[at + 1] = replicas.since(slot);
    images[at + 2] = replicas.superseded(slot);
    images[at + 3] = replicas.released(slot);
    images[at + 4] = replicas.readableUntil(slot);
    images[at + 5] = replicas.missingSince(slot);
    images[at + 6] = replicas.flags(slot);
    note(imageCount++);
  }

  void removed(int slot) {
    touched(slot);
    removed.add(slot);
  }

  boolean collect(ChangeSet.Parts parts) {
    int count = seen.size();
    if (count == 0) {
      return false;
    }
    ReplicaTable replicas = tables.replicas;
    ReplicaRows.Builder put = ReplicaRows.builder(count);
    ReplicaRows.Builder gone = ReplicaRows.builder(removed.size());
    for (int i = 0; i < count; i++) {
      int slot = seen.member(i);
      boolean wasThere = imageOf[i] != ReplicaTable.NONE;
      boolean isThere = !removed.contains(slot);
      long old = wasThere ? images[imageOf[i] * (WIDTH + 1)] : 0;
      long now = isThere ? replicas.rowHash(slot, tables.chunks, tables.workers) : 0;
      tables.digest += now - old;
      if (isThere && now != old) {
        replicas.copyTo(put, slot);
        if (!wasThere) {
          put.fresh();
        }
      } else if (!isThere && wasThere) {
        copyBefore(gone, i);
      }
    }
    ReplicaRows rows = put.build();
    ReplicaRows removedRows = gone.build();
    parts.replicas(rows).removedReplicas(removedRows);
    return rows.size() + removedRows.size() > 0;
  }

  void unlinkCreated() {
    for (int i = seen.size() - 1; i >= 0; i--) {
      tables.work.pairs.add(
          tables.replicas.chunk(seen.member(i)), tables.replicas.worker(seen.member(i)));
      if (created.contains(seen.member(i)) && !removed.contains(seen.member(i))) {
        tables.replicas.unlink(seen.member(i), tables.chunks, tables.workers);
      }
    }
  }

  void restore() {
    ReplicaTable replicas = tables.replicas;
    for (int i = seen.size() - 1; i >= 0; i--) {
      int slot = seen.member(i);
      if (imageOf[i] == ReplicaTable.NONE) {
        tables.work.unfed.add(replicas.chunk(slot));
        replicas.free(slot);
        continue;
      }
      int at = imageOf[i] * (WIDTH + 1);
      if (removed.contains(slot)) {
        replicas.sinceOfUnlinked(slot, images[at + 1]);
      } else if (replicas.since(slot) != images[at + 1]) {
        replicas.since(slot, images[at + 1], tables.chunks, tables.workers);
        tables.workers.toWrite(replicas.worker(slot)).isSorted = false;
      }
      replicas.superseded(slot, images[at + 2]);
      replicas.released(slot, images[at + 3]);
      replicas.readableUntil(slot, images[at + 4]);
      replicas.missingSince(slot, images[at + 5]);
      replicas.flags(slot, (byte) images[at + 6]);
      if (replicas.isMissing(slot)) {
        tables.workers.toWrite(replicas.worker(slot)).mayMiss = true;
      }
      if (removed.contains(slot)) {
        replicas.link(slot, tables.chunks, tables.workers);
      }
      tables.reindex(replicas.chunk(slot));
    }
  }

  void freeRemoved() {
    for (int i = 0; i < removed.size(); i++) {
      tables.replicas.free(removed.member(i));
    }
  }

  private void copyBefore(ReplicaRows.Builder gone, int i) {
    int slot = seen.member(i);
    int at = imageOf[i] * (WIDTH + 1);
    gone.add(tables.replicas.chunk(slot), tables.replicas.worker(slot));
    gone.stamps(images[at + 1], images[at + 2], images[at + 3]);
    gone.window(images[at + 4], images[at + 5], (int) images[at + 6]);
  }

  private void note(int image) {
    int at = seen.size() - 1;
    if (at == imageOf.length) {
      imageOf = Arrays.copyOf(imageOf, ArrayGrowth.capacity(at + at / 2 + 16L, at + 1L));
    }
    imageOf[at] = image;
  }
}
