package dev.stowage.sim.tool.run;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.ActionKind;
import dev.stowage.placement.Cause;
import dev.stowage.placement.KeyHash;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.sim.kit.world.Bandwidth;
import java.util.ArrayList;
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
  private final List<Added> added = new ArrayList<>();
  private final List<Came> came = new ArrayList<>();

  /** The replicas of plans that have not arrived whole. */
  private final Map<Place, Awaited> awaited = new HashMap<>();

  /** The chunks that a departed worker took along, by worker, less those that grew again. */
  private final SortedMap<Integer, Set<Long>> lost = new TreeMap<>();

  /** A replica by the hash of its chunk's key: positions in a plan are not those in the books. */
  private record Place(long chunk, WorkerId worker) {}

  /**
   * A replica that a plan adds, by positions.
   *
   * @param input the input whose positions they are; null for those of the books
   */
  private record Added(int chunk, int worker, @Nullable PlacementInput input, Cause cause) {
    Place place(LifecycleView books) {
      return input == null
          ? new Place(KeyHash.of(books.chunkKey(chunk)), books.workerId(worker))
          : new Place(input.keyHash(chunk), input.worker(worker).id());
    }

    long bytes(LifecycleView books) {
      return input == null ? books.chunkSizeBytes(chunk) : input.sizeBytes(chunk);
    }
  }

  private record Came(WorkerId worker, ChunkNumber chunk, long bytes) {}

  private static final class Awaited {
    private final Cause cause;
    private long bytes;

    private Awaited(Cause cause, long bytes) {
      this.cause = cause;
      this.bytes = bytes;
    }
  }

  /** Remembers what a plan of an index adds, whose positions are those of the books. */
  void planned(PlacementPlan plan) {
    add(plan, null);
  }

  /** Remembers what a plan from scratch adds. */
  void plannedFromScratch(PlacementPlan plan) {
    add(plan, plan.input());
  }

  private void add(PlacementPlan plan, @Nullable PlacementInput input) {
    for (int action = 0; action < plan.actionCount(); action++) {
      if (plan.kind(action) == ActionKind.ADD) {
        added.add(
            new Added(
                plan.actionChunk(action), plan.actionWorker(action), input, plan.cause(action)));
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
      if (each.input == null && !books.isChunk(each.chunk)) {
        continue;
      }
      Place place = each.place(books);
      boolean isRepair = each.cause == Cause.GROWTH && regrows(place.chunk);
      awaited.put(place, new Awaited(isRepair ? Cause.REPAIR : each.cause, each.bytes(books)));
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
      Set<Long> chunks = new HashSet<>();
      for (int slot = known == LifecycleView.NONE ? known : before.firstReplicaOn(known);
          slot != LifecycleView.NONE;
          slot = before.nextReplicaOn(slot)) {
        chunks.add(KeyHash.of(before.chunkKey(before.replicaChunk(slot))));
      }
      lost.put(worker, chunks);
    }
  }

  private boolean regrows(long chunk) {
    return lost.values().stream().anyMatch(chunks -> chunks.remove(chunk));
  }

  private Cause cause(Came each, LifecycleView books) {
    int chunk = books.chunkPosition(each.chunk);
    if (chunk < 0) {
      return Cause.REPAIR;
    }
    Place place = new Place(KeyHash.of(books.chunkKey(chunk)), each.worker);
    Awaited entry = awaited.get(place);
    if (entry == null) {
      return Cause.REPAIR;
    }
    entry.bytes -= each.bytes;
    if (entry.bytes <= 0) {
      awaited.remove(place);
    }
    return entry.cause;
  }

  private static String name(Cause cause) {
    return cause.name().toLowerCase(Locale.ROOT);
  }
}
