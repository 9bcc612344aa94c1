package dev.stowage.sim.tool.run;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanChanges.ActionKind;
import dev.stowage.sim.kit.world.Bandwidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  /**
   * A replica that a plan adds.
   *
   * @param chunk the position in the books, or the hash of the key for a plan from scratch
   * @param worker the position in the books; -1 for a plan from scratch
   * @param id the worker of a plan from scratch; null for that of an index
   */
  private record Added(long chunk, int worker, @Nullable WorkerId id, Cause cause) {}

  private record Came(WorkerId worker, @Nullable WorkerId from, ChunkNumber chunk, long bytes) {}

  /** Remembers what a plan of an index adds, whose positions are those of the books. */
  void planned(PlacementPlan plan) {
    for (int action = 0; action < plan.actionCount(); action++) {
      if (plan.kind(action) == ActionKind.ADD) {
        added.add(
            new Added(
                plan.actionChunk(action), plan.actionWorker(action), null, plan.cause(action)));
      }
    }
  }

  /** Remembers what a plan from scratch adds, whose positions are those of its input. */
  void plannedFromScratch(PlacementPlan plan) {
    PlacementInput input = plan.input();
    for (int action = 0; action < plan.actionCount(); action++) {
      if (plan.kind(action) == ActionKind.ADD) {
        long key = input.keyHash(plan.actionChunk(action));
        WorkerId worker = input.worker(plan.actionWorker(action)).id();
        added.add(new Added(key, -1, worker, plan.cause(action)));
      }
    }
  }

  @Override
  public void came(WorkerId to, @Nullable WorkerId from, ChunkNumber chunk, long bytes) {
    if (bytes > 0) {
      came.add(new Came(to, from, chunk, bytes));
    }
  }

  /** Returns the bytes that came since the last settlement, by worker. */
  SortedMap<WorkerId, Long> received() {
    SortedMap<WorkerId, Long> sums = new TreeMap<>();
    came.forEach(each -> sums.merge(each.worker, each.bytes, Long::sum));
    return sums;
  }

  /** Returns the bytes that workers sent since the last settlement. */
  SortedMap<WorkerId, Long> sent() {
    SortedMap<WorkerId, Long> sums = new TreeMap<>();
    for (Came each : came) {
      if (each.from != null) {
        sums.merge(each.from, each.bytes, Long::sum);
      }
    }
    return sums;
  }

  /**
   * Returns the bytes that came since the last call, by the name of their cause.
   *
   * @param before the books at the last call
   * @param books the books now
   */
  SortedMap<String, Long> settle(LifecycleView before, LifecycleView books) {
    books.forEachWorker(worker -> follow(before, books, worker));
    Map<Long, Integer> positions = positions(books);
    for (Added each : added) {
      int chunk = each.id == null ? (int) each.chunk : positions.getOrDefault(each.chunk, -1);
      int worker = each.id == null ? each.worker : books.workerPosition(each.id);
      int slot =
          chunk >= 0 && worker >= 0 && books.isChunk(chunk)
              ? books.findReplica(chunk, worker)
              : LifecycleView.NONE;
      if (slot != LifecycleView.NONE) {
        boolean regrows = each.cause == Cause.GROWTH && regrows(chunk);
        await(slot, regrows ? Cause.REPAIR : each.cause, books.chunkSizeBytes(chunk));
      }
    }
    added.clear();
    Map<Cause, Long> sums = new EnumMap<>(Cause.class);
    for (Came each : came) {
      sums.merge(cause(each, books), each.bytes, Long::sum);
    }
    came.clear();
    SortedMap<String, Long> named = new TreeMap<>();
    sums.forEach((cause, bytes) -> named.put(name(cause), bytes));
    return named;
  }

  /** Returns the positions of chunks by the hash of their keys, where plans from scratch came. */
  private Map<Long, Integer> positions(LifecycleView books) {
    Map<Long, Integer> positions = new HashMap<>();
    if (added.stream().anyMatch(each -> each.id != null)) {
      for (int chunk = 0; chunk < books.chunkLimit(); chunk++) {
        if (books.isChunk(chunk)) {
          positions.put(KeyHash.of(books.chunkKey(chunk)), chunk);
        }
      }
    }
    return positions;
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
