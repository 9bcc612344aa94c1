package dev.stowage.sim.tool.run;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.ActionKind;
import dev.stowage.placement.Cause;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.sim.kit.world.Bandwidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names the cause of bytes that arrive: the cause for which a plan added their replica. Bytes that
 * replace what was lost are {@link Cause#REPAIR}: those of a replica that had arrived before, and
 * those of a replica that grows again because its chunk lost one with a departed worker, which a
 * plan calls growth. Once a worker joins, growth is for its room. Not thread-safe.
 */
final class ArrivalLedger implements Bandwidth.Arrivals {
  private static final Cause[] CAUSES = Cause.values();

  private final List<Added> added = new ArrayList<>();
  private final List<Came> came = new ArrayList<>();

  /** The bytes that a replica of a plan still awaits, and its cause, by the slot of its row. */
  private long[] awaited = {};

  private byte[] causes = {};

  /** The chunks that a departed worker took along, by worker, less those that grew again. */
  private final SortedMap<Integer, Set<Integer>> lost = new TreeMap<>();

  /** A replica that a plan adds, by positions in the books, which are the slots of the plan. */
  private record Added(int chunk, int worker, Cause cause) {}

  private record Came(WorkerId worker, ChunkNumber chunk, long bytes) {}

  /** Remembers what a plan adds. */
  void planned(PlacementPlan plan) {
    for (int action = 0; action < plan.actionCount(); action++) {
      if (plan.kind(action) == ActionKind.ADD) {
        added.add(
            new Added(plan.actionChunk(action), plan.actionWorker(action), plan.cause(action)));
      }
    }
  }

  @Override
  public void came(WorkerId to, ChunkNumber chunk, long bytes) {
    if (bytes > 0) {
      came.add(new Came(to, chunk, bytes));
    }
  }

  /**
   * Returns the bytes that came since the last call, by the name of their cause.
   *
   * @param before the books at the last call
   * @param books the books now
   */
  SortedMap<String, Long> settle(LifecycleView before, LifecycleView books) {
    books.forEachWorker(worker -> follow(before, books, worker));
    for (Added each : added) {
      int slot =
          books.isChunk(each.chunk)
              ? books.findReplica(each.chunk, each.worker)
              : LifecycleView.NONE;
      if (slot != LifecycleView.NONE) {
        boolean regrows = each.cause == Cause.GROWTH && regrows(each.chunk);
        await(slot, regrows ? Cause.REPAIR : each.cause, books.chunkSizeBytes(each.chunk));
      }
    }
    added.clear();
    SortedMap<String, Long> sums = new TreeMap<>();
    for (Came each : came) {
      sums.merge(name(cause(each, books)), each.bytes, Long::sum);
    }
    came.clear();
    return sums;
  }

  private void follow(LifecycleView before, LifecycleView books, int worker) {
    int known = before.workerPosition(books.workerId(worker));
    if (known == LifecycleView.NONE) {
      lost.values().forEach(Set::clear);
    }
    if (books.worker(worker).status() != WorkerStatus.DEPARTED) {
      lost.remove(worker);
    } else if (!lost.containsKey(worker)) {
      Set<Integer> chunks = new HashSet<>();
      for (int slot = known == LifecycleView.NONE ? known : before.firstReplicaOn(known);
          slot != LifecycleView.NONE;
          slot = before.nextReplicaOn(slot)) {
        chunks.add(before.replicaChunk(slot));
      }
      lost.put(worker, chunks);
    }
  }

  private boolean regrows(int chunk) {
    return lost.values().stream().anyMatch(chunks -> chunks.remove(chunk));
  }

  private void await(int slot, Cause cause, long bytes) {
    if (slot >= awaited.length) {
      awaited = Arrays.copyOf(awaited, 2 * slot + 16);
      causes = Arrays.copyOf(causes, awaited.length);
    }
    awaited[slot] = bytes;
    causes[slot] = (byte) cause.ordinal();
  }

  private Cause cause(Came each, LifecycleView books) {
    int chunk = books.chunkPosition(each.chunk);
    int worker = books.workerPosition(each.worker);
    boolean isKnown = chunk != LifecycleView.NONE && worker != LifecycleView.NONE;
    int slot = isKnown ? books.findReplica(chunk, worker) : LifecycleView.NONE;
    if (slot == LifecycleView.NONE || slot >= awaited.length || awaited[slot] <= 0) {
      return Cause.REPAIR;
    }
    awaited[slot] -= each.bytes;
    return CAUSES[causes[slot]];
  }

  private static String name(Cause cause) {
    return cause.name().toLowerCase(Locale.ROOT);
  }
}
