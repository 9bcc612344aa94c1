package dev.stowage.sim.kit.scenario.draw;

import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.sim.kit.scenario.oracles.ReplicaSlots;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The fleet at one moment, as the next deed is drawn from it. */
public final class Sight {
  /** The blocks of a slot, so that ranges meet. */
  public static final long SLOT = 10;

  private static final int SLOTS = 60;

  private final LifecycleSnapshot books;

  /** Looks at these books. */
  public Sight(LifecycleSnapshot books) {
    this.books = books;
  }

  public LifecycleSnapshot books() {
    return books;
  }

  /** Chunks of a dataset that own their range, in canonical order. */
  public List<ChunkKey> live(String dataset) {
    List<ChunkKey> found = new ArrayList<>();
    books.forEachChunkOf(
        DatasetId.of(dataset),
        chunk -> {
          if (books.isLive(chunk)) {
            found.add(books.chunkKey(chunk));
          }
        });
    return found;
  }

  /** Chunks of a dataset, whatever became of them. */
  public List<ChunkKey> known(String dataset) {
    List<ChunkKey> found = new ArrayList<>();
    books.forEachChunkOf(DatasetId.of(dataset), chunk -> found.add(books.chunkKey(chunk)));
    return found;
  }

  /** Returns the live chunks that no pending swap replaces or has still to produce. */
  public List<ChunkKey> swappable(String dataset) {
    Set<ChunkKey> taken = new HashSet<>();
    for (SwapRow swap : books.pendingSwaps()) {
      taken.addAll(swap.oldChunks());
      taken.addAll(swap.newChunks());
    }
    return live(dataset).stream().filter(key -> !taken.contains(key)).toList();
  }

  /** Returns the new chunks of pending swaps of a dataset that no other swap replaces. */
  public List<ChunkKey> pendingEnds(String dataset) {
    Set<ChunkKey> replaced = new HashSet<>();
    List<ChunkKey> produced = new ArrayList<>();
    for (SwapRow swap : books.pendingSwaps()) {
      replaced.addAll(swap.oldChunks());
      produced.addAll(swap.newChunks());
    }
    return produced.stream()
        .filter(key -> key.dataset().value().equals(dataset) && !replaced.contains(key))
        .toList();
  }

  public BlockRange range(ChunkKey key) {
    return books.chunkRange(books.chunkPosition(key));
  }

  /** Returns the first blocks of the slots without a live chunk. */
  public List<Long> freeSlots(String dataset) {
    boolean[] taken = new boolean[SLOTS];
    for (ChunkKey key : live(dataset)) {
      BlockRange range = range(key);
      long last = Math.min(SLOTS - 1, range.last() / SLOT);
      for (long slot = range.first() / SLOT; slot <= last; slot++) {
        taken[(int) slot] = true;
      }
    }
    List<Long> free = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
      if (!taken[slot]) {
        free.add(slot * SLOT);
      }
    }
    return free;
  }

  public List<WorkerId> workers(Predicate<WorkerStatus> status) {
    List<WorkerId> found = new ArrayList<>();
    books.forEachWorker(worker -> {
      if (status.test(books.workerRow(worker).status())) {
        found.add(books.workerId(worker));
      }
    });
    return found;
  }

  /** Returns the workers that take new chunks. */
  public List<WorkerId> active() {
    return workers(status -> status == WorkerStatus.ACTIVE);
  }

  /** Returns the workers that have not departed. */
  public List<WorkerId> present() {
    return workers(status -> status != WorkerStatus.DEPARTED);
  }

  /** Returns the number of assigned replicas of a worker, in any state. */
  public int held(WorkerId id) {
    int worker = books.workerPosition(id);
    int[] count = {0};
    books.forEachChunk(
        chunk -> count[0] += books.findReplica(chunk, worker) == LifecycleView.NONE ? 0 : 1);
    return count[0];
  }

  /** Reports whether another counted worker possesses every live, once possessed chunk. */
  public boolean canSpare(WorkerId id) {
    int leaver = books.workerPosition(id);
    boolean[] isSpared = {true};
    books.forEachChunk(chunk ->
        isSpared[0] &=
            !(books.isLive(chunk) && books.isOncePossessed(chunk))
                || ReplicaSlots.of(books, chunk).stream().anyMatch(slot -> isCopy(slot, leaver)));
    return isSpared[0];
  }

  private boolean isCopy(int slot, int leaver) {
    int worker = books.replicaWorker(slot);
    return worker != leaver && books.isCounted(worker) && books.reportedPossessed(slot);
  }
}
