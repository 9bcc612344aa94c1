package dev.stowage.sim.kit.reference;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlacementPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A plan, read against the model's own planner input: live, marked or dropped chunks in canonical
 * order, and their replicas except those that settling deletes, unless a rule counts them. {@link
 * #differences} compares that input with the planner's.
 */
final class PlanAsInput {
  private static final int CHUNK_WORDS =
      ChunkBits.VISIBLE
          | ChunkBits.ESTABLISHED
          | ChunkBits.PINNED
          | ChunkBits.ONCE_POSSESSED
          | ChunkBits.ENDING
          | ChunkBits.RAISING;

  private static final int REPLICA_WORDS =
      ReplicaBits.STATE_MASK
          | ReplicaBits.POSSESSED
          | ReplicaBits.ROUTED
          | ReplicaBits.READABLE
          | ReplicaBits.GIVEN_UP;

  private final RefFleet fleet;
  private final RefDeletions deletions;
  private final long tick;
  private final List<RefChunk> planned = new ArrayList<>();
  private Map<ChunkKey, Integer> raised = Map.of();

  PlanAsInput(
      RefFleet fleet, RefDeletions deletions, long tick, Optional<PlanningAdvice.Newest> newest) {
    this.fleet = fleet;
    this.deletions = deletions;
    this.tick = tick;
    for (RefChunk chunk : fleet.canonicalChunks()) {
      boolean isEnded = chunk.state == ChunkState.TOMBSTONE || chunk.state == ChunkState.REJECTED;
      boolean isLeftOut = newest.isPresent() && isBehind(chunk, newest.get());
      if (!isEnded && chunk.state != ChunkState.OFFERED && !isLeftOut) {
        planned.add(chunk);
      }
    }
  }

  /** Reports whether a chunk that was never placed, or a side that it rests on, is too new. */
  private boolean isBehind(RefChunk chunk, PlanningAdvice.Newest newest) {
    if (chunk.isEstablished) {
      return false;
    }
    RefSwap swap = fleet.producing(chunk.key);
    return swap == null ? isNewer(chunk, newest) : isSideBehind(swap, newest);
  }

  private boolean isSideBehind(RefSwap swap, PlanningAdvice.Newest newest) {
    for (ChunkKey key : swap.newSide()) {
      RefChunk chunk = fleet.chunks.get(key);
      if (chunk != null && !chunk.isEstablished && isNewer(chunk, newest)) {
        return true;
      }
    }
    for (ChunkKey key : swap.oldSide()) {
      RefSwap below = fleet.producing(key);
      if (below != null && isSideBehind(below, newest)) {
        return true;
      }
    }
    return false;
  }

  private boolean isNewer(RefChunk chunk, PlanningAdvice.Newest newest) {
    int lineage = 0;
    ChunkNumber number = Objects.requireNonNull(chunk.number, "number");
    while (!fleet.eras.get(lineage).token().equals(number.lineage())) {
      lineage++;
    }
    return lineage > newest.lineage()
        || (lineage == newest.lineage() && number.counter() > newest.number());
  }

  /** Returns how the planner's input differs from the model's; empty if it does not. */
  List<String> differences(PlacementInput input) {
    List<String> found = new ArrayList<>();
    raised = fleet.raised(input.config().budget().bytes(), tick);
    if (input.chunkCount() != planned.size()) {
      found.add(input.chunkCount() + " chunks were planned, not " + planned.size());
      return found;
    }
    for (int at = 0; at < planned.size(); at++) {
      if (!isToldAlike(input, at)) {
        String told = told(input, at);
        String wanted = wanted(planned.get(at));
        if (!told.equals(wanted)) {
          found.add("the planner is told " + told + "; the model says " + wanted);
        }
      }
    }
    if (input.isDeletionHeld() != fleet.isPaused(tick)) {
      found.add("deletions are held: " + input.isDeletionHeld() + "; the model says otherwise");
    }
    TreeSet<String> workers = new TreeSet<>();
    for (int at = 0; at < input.workerCount(); at++) {
      workers.add(input.worker(at).id() + " " + input.worker(at).status().isPlaceable());
    }
    TreeSet<String> wanted = new TreeSet<>();
    fleet.workers.forEach((id, worker) -> {
      if (worker.isRegistered() && !worker.isDeparted()) {
        wanted.add(id + " " + worker.isPlaceable());
      }
    });
    if (!workers.equals(wanted)) {
      found.add("the planner is told of workers " + workers + "; the model says " + wanted);
    }
    return found;
  }

  /** Reports whether the inputs agree on a chunk; cheaper than comparing their words. */
  private boolean isToldAlike(PlacementInput input, int at) {
    RefChunk chunk = planned.get(at);
    int end = at + 1 < input.chunkCount() ? input.replicaStart(at + 1) : input.replicaCount();
    int told = 0;
    for (int i = input.replicaStart(at); i < end; i++) {
      WorkerId id = input.worker(input.replicaWorker(i)).id();
      RefReplica replica = chunk.replicas.get(id);
      if (replica == null
          || !isWanted(chunk, id)
          || differ(input.replicaBits(i), bitsOf(chunk, id, replica), REPLICA_WORDS)) {
        return false;
      }
      told++;
    }
    long wanted = chunk.replicas.keySet().stream().filter(id -> isWanted(chunk, id)).count();
    return told == wanted
        && input.sizeBytes(at) == chunk.sizeBytes
        && input.floor(at) == floor(chunk)
        && input.cap(at) == Math.max(fleet.cap(chunk), floor(chunk))
        && !differ(input.chunkBits(at), bitsOf(chunk), CHUNK_WORDS);
  }

  private static boolean differ(int one, int other, int among) {
    return ((one ^ other) & among) != 0;
  }

  private boolean isWanted(RefChunk chunk, WorkerId id) {
    boolean isOutOfSight =
        deletions.isCondemned(chunk, id)
            && !fleet.givenUp(chunk, id, tick)
            && !fleet.isRuled(chunk);
    return !fleet.holder(id).isDeparted() && !isOutOfSight;
  }

  private String told(PlacementInput input, int at) {
    TreeSet<String> replicas = new TreeSet<>();
    int end = at + 1 < input.chunkCount() ? input.replicaStart(at + 1) : input.replicaCount();
    for (int i = input.replicaStart(at); i < end; i++) {
      int bits = input.replicaBits(i);
      replicas.add(input.worker(input.replicaWorker(i)).id() + " " + words(bits));
    }
    String bounds = bounds(input.sizeBytes(at), input.floor(at), input.cap(at));
    return planned.get(at).key + bounds + chunkWords(input.chunkBits(at)) + replicas;
  }

  private String wanted(RefChunk chunk) {
    TreeSet<String> replicas = new TreeSet<>();
    chunk.replicas.forEach((id, replica) -> {
      if (isWanted(chunk, id)) {
        replicas.add(id + " " + words(bitsOf(chunk, id, replica)));
      }
    });
    int floor = floor(chunk);
    String bounds = bounds(chunk.sizeBytes, floor, Math.max(fleet.cap(chunk), floor));
    return chunk.key + bounds + chunkWords(bitsOf(chunk)) + replicas;
  }

  private static String bounds(long size, int floor, int cap) {
    return " size " + size + " floor " + floor + " cap " + cap;
  }

  private int floor(RefChunk chunk) {
    Integer wanted = raised.get(chunk.key);
    int reached = wanted == null ? fleet.reachedFloor(chunk, tick) : wanted;
    return fleet.plannedFloor(chunk, reached, tick);
  }

  private int bitsOf(RefChunk chunk) {
    int bits = chunk.isVisible() ? ChunkBits.VISIBLE : 0;
    bits |= chunk.isEstablished ? ChunkBits.ESTABLISHED : 0;
    bits |= chunk.isLive() ? 0 : ChunkBits.PINNED;
    bits |= chunk.isOncePossessed ? ChunkBits.ONCE_POSSESSED : 0;
    bits |= raised.containsKey(chunk.key) ? ChunkBits.RAISING : 0;
    return bits | (fleet.replacing(chunk.key) != null ? ChunkBits.ENDING : 0);
  }

  private int bitsOf(RefChunk chunk, WorkerId id, RefReplica replica) {
    int bits = replica.isAssigned() ? ReplicaBits.ASSIGNED : ReplicaBits.SUPERSEDED;
    bits = replica.isDraining() ? ReplicaBits.DRAINING : bits;
    bits |= fleet.givenUp(chunk, id, tick) ? ReplicaBits.GIVEN_UP : 0;
    bits |= fleet.isStalled(chunk, id, tick) ? ReplicaBits.STALLED : 0;
    boolean isKept = fleet.possessed(chunk, id) && !deletions.isCondemned(chunk, id);
    bits |= isKept ? ReplicaBits.POSSESSED : 0;
    bits |= fleet.routed(chunk, id) ? ReplicaBits.ROUTED : 0;
    return bits | (fleet.readable(chunk, id, tick) ? ReplicaBits.READABLE : 0);
  }

  private static String chunkWords(int bits) {
    return ((bits & ChunkBits.VISIBLE) != 0 ? " visible" : "")
        + ((bits & ChunkBits.ESTABLISHED) != 0 ? " established" : "")
        + ((bits & ChunkBits.PINNED) != 0 ? " pinned" : "")
        + ((bits & ChunkBits.ONCE_POSSESSED) != 0 ? " once possessed" : "")
        + ((bits & ChunkBits.RAISING) != 0 ? " raising" : "")
        + ((bits & ChunkBits.ENDING) != 0 ? " ending " : " ");
  }

  private static String words(int bits) {
    return List.of("assigned", "superseded", "draining").get(bits & ReplicaBits.STATE_MASK)
        + ((bits & ReplicaBits.POSSESSED) != 0 ? " possessed" : "")
        + ((bits & ReplicaBits.ROUTED) != 0 ? " routed" : "")
        + ((bits & ReplicaBits.READABLE) != 0 ? " readable" : "")
        + ((bits & ReplicaBits.GIVEN_UP) != 0 ? " given up" : "");
  }

  RefChunk chunk(int number) {
    return planned.get(number);
  }

  List<PlannedStep> steps(PlacementPlan plan) {
    List<PlannedStep> steps = new ArrayList<>();
    for (int action = 0; action < plan.actionCount(); action++) {
      RefChunk chunk = planned.get(plan.actionChunk(action));
      WorkerId worker = plan.input().worker(plan.actionWorker(action)).id();
      steps.add(new PlannedStep(plan.kind(action), plan.cause(action), chunk, worker));
    }
    return steps;
  }
}
