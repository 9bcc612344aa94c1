package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.InvariantViolation;
import dev.stowage.placement.ActionKind;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Section 3, step 4: carries a plan out on the state as it is at commit. What no longer fits is
 * struck, with whatever rests on it, until nothing more has to be; the rest of the plan stands.
 */
final class PlanApplication {
  private final Tables tables;
  private final Journal journal;
  private final long tick;
  private final PlacementPlan plan;
  private final PlanningInput.Prepared prepared;
  private final int count;
  private final int[] chunk;
  private final int[] worker;
  private final boolean[] struck;
  private final Map<Integer, List<Integer>> actionsOfNew = new TreeMap<>();
  private IntSet condemned = new IntSet();
  private boolean isStable;

  private final List<Integer> superseded = new ArrayList<>();
  private final List<Integer> fresh = new ArrayList<>();
  private int added;
  private int readopted;
  private int preempted;
  private int lastResort;
  private final TreeMap<String, Long> bytesByCause = new TreeMap<>();

  PlanApplication(Journal journal, long tick, PlacementPlan plan, PlanningInput.Prepared prepared) {
    this.journal = journal;
    this.tick = tick;
    this.plan = plan;
    this.prepared = prepared;
    tables = journal.tables;
    count = plan.actionCount();
    chunk = new int[count];
    worker = new int[count];
    struck = new boolean[count];
    for (int action = 0; action < count; action++) {
      chunk[action] = prepared.chunkOf()[plan.actionChunk(action)];
      worker[action] = prepared.workerOf()[plan.actionWorker(action)];
      if (isAddition(action) && tables.chunks.exists(chunk[action]) && !isEstablished(action)) {
        actionsOfNew.computeIfAbsent(chunk[action], at -> new ArrayList<>()).add(action);
      }
    }
  }

  /** Strikes what no longer fits, then carries out the rest; the rule goes on counting. */
  void apply(DeletionRule rule, long newAssignment, IntSet condemned) {
    this.condemned = condemned;
    do {
      isStable = true;
      strikeStale();
      strikePartners();
      strikeDeletions(rule.copy());
      strikeWithoutRoom();
      strikeIncomplete();
    } while (!isStable);
    for (int action = 0; action < count; action++) {
      if (!struck[action] && plan.kind(action) == ActionKind.PREEMPT) {
        preempt(action, rule);
      }
    }
    tables.replicas.expect(countOf(ActionKind.ADD));
    for (int action = 0; action < count; action++) {
      if (!struck[action]) {
        carryOut(action, newAssignment);
      }
    }
  }

  int struckCount() {
    int total = 0;
    for (boolean one : struck) {
      total += one ? 1 : 0;
    }
    return total;
  }

  /** Whether pairs came or went. */
  boolean isContentChanged() {
    return added + preempted > 0;
  }

  /** Replicas that stopped being wanted; to be stamped when the new assignment is known. */
  List<Integer> superseded() {
    return superseded;
  }

  /** Chunks that have their first replicas. */
  List<Integer> fresh() {
    return fresh;
  }

  Movement movement(int settled) {
    return new Movement(
        added, readopted, superseded.size(), preempted, lastResort, settled, bytesByCause);
  }

  // --- what is struck

  /** Actions on what is no longer there, or no longer allowed. */
  private void strikeStale() {
    for (int action = 0; action < count; action++) {
      if (!struck[action] && isStale(action)) {
        strike(action);
      }
    }
  }

  private boolean isStale(int action) {
    if (!isSameChunk(action) || !tables.workers.exists(worker[action])) {
      return true;
    }
    int slot = tables.replicas.find(chunk[action], worker[action], tables.chunks);
    WorkerEntry holder = tables.workers.entry(worker[action]);
    return switch (plan.kind(action)) {
      case ADD ->
          !tables.chunks.isLive(chunk[action])
              || !(slot == ReplicaTable.NONE ? holder.isPlaceable() : holder.isPresent());
      case READOPT ->
          slot == ReplicaTable.NONE || !tables.chunks.isLive(chunk[action]) || !holder.isPresent();
      case SUPERSEDE -> slot == ReplicaTable.NONE || !tables.replicas.isAssigned(slot);
      case PREEMPT -> slot == ReplicaTable.NONE;
    };
  }

  private boolean isSameChunk(int action) {
    int at = chunk[action];
    return tables.chunks.exists(at)
        && tables.chunks.facts.counter(at) == prepared.facts().counter(at)
        && tables.chunks.facts.lineage(at) == prepared.facts().lineage(at);
  }

  /** A supersede whose replacement was struck, a preemption whose beneficiary was. */
  private void strikePartners() {
    for (int action = 0; action < count; action++) {
      int partner = plan.partner(action);
      if (!struck[action] && partner != PlacementPlan.NO_PARTNER && struck[partner]) {
        strike(action);
      }
    }
  }

  /** A deletion whose condition no longer holds, with whatever was to use its room. */
  private void strikeDeletions(DeletionRule trial) {
    for (int action = 0; action < count; action++) {
      if (struck[action] || plan.kind(action) != ActionKind.PREEMPT) {
        continue;
      }
      int slot = tables.replicas.find(chunk[action], worker[action], tables.chunks);
      if (condemned.contains(slot)) {
        continue;
      }
      if (!mayPreempt(action, slot) || !trial.allows(slot)) {
        strike(action);
        int partner = plan.partner(action);
        if (partner != PlacementPlan.NO_PARTNER && !struck[partner]) {
          strike(partner);
        }
      }
    }
  }

  private boolean mayPreempt(int action, int slot) {
    if (!tables.rules.readable(slot, tick)) {
      return true;
    }
    return plan.reason(action) == Reason.READABLE
        && (!tables.rules.routed(slot) || keepsRoutedFloor(slot));
  }

  private boolean keepsRoutedFloor(int gone) {
    int routed = 0;
    int of = tables.replicas.chunk[gone];
    for (int slot = tables.chunks.firstReplica[of];
        slot != ReplicaTable.NONE;
        slot = tables.replicas.next(slot)) {
      boolean serves = tables.replicas.isAssigned(slot) && tables.rules.routed(slot);
      if (slot != gone && serves && tables.rules.counted(slot)) {
        routed++;
      }
    }
    return routed >= tables.rules.floor(of);
  }

  /** Additions that no longer fit beside what their worker holds; the last of the plan first. */
  private void strikeWithoutRoom() {
    long[] room = new long[tables.workers.limit()];
    for (int position : tables.workers.order()) {
      WorkerEntry entry = tables.workers.entry(position);
      room[position] = entry.description.capacityBytes() - entry.footprintBytes;
    }
    for (int slot : condemned.toArray()) {
      long bytes = tables.chunks.facts.sizeBytes(tables.replicas.chunk[slot]);
      room[tables.replicas.worker[slot]] += bytes;
    }
    for (int action = 0; action < count; action++) {
      if (!struck[action] && plan.kind(action) == ActionKind.PREEMPT) {
        room[worker[action]] += isCondemned(action) ? 0 : sizeOf(action);
      } else if (takesRoom(action)) {
        room[worker[action]] -= sizeOf(action);
      }
    }
    for (int action = count - 1; action >= 0; action--) {
      if (takesRoom(action) && room[worker[action]] < 0) {
        room[worker[action]] += sizeOf(action);
        strike(action);
      }
    }
  }

  /** New chunks, and new sides of swaps, that would not be placed as a whole. */
  private void strikeIncomplete() {
    Set<Long> brokenSwaps = new HashSet<>();
    for (List<Integer> actions : actionsOfNew.values()) {
      boolean isBroken = actions.stream().anyMatch(action -> struck[action]);
      if (isBroken) {
        actions.stream().filter(action -> !struck[action]).forEach(this::strike);
        long swap = tables.swaps.pendingProducing(chunk[actions.get(0)]);
        if (swap != 0) {
          brokenSwaps.add(swap);
        }
      }
    }
    List<Long> open = new ArrayList<>(brokenSwaps);
    open.sort(null);
    while (!open.isEmpty()) {
      SwapRow swap = tables.swaps.row(open.remove(open.size() - 1));
      if (swap != null) {
        strikeNewSide(swap, open);
      }
    }
  }

  private void strikeNewSide(SwapRow swap, List<Long> open) {
    for (ChunkKey key : swap.newChunks()) {
      int at = tables.chunks.find(key);
      for (int action : actionsOfNew.getOrDefault(at, List.of())) {
        if (!struck[action]) {
          strike(action);
        }
      }
      long resting = tables.swaps.replacing(at);
      if (resting != 0) {
        open.add(resting);
      }
    }
  }

  private void strike(int action) {
    struck[action] = true;
    isStable = false;
  }

  // --- what is carried out

  private void preempt(int action, DeletionRule rule) {
    int slot = tables.replicas.find(chunk[action], worker[action], tables.chunks);
    if (!condemned.contains(slot) && !rule.allows(slot)) {
      throw new InvariantViolation(
          "retention", "a preemption that was allowed is not: " + describe(action));
    }
    if (tables.rules.readable(slot, tick)) {
      lastResort++;
    }
    condemned.remove(slot);
    journal.removeReplica(slot);
    preempted++;
  }

  private void carryOut(int action, long newAssignment) {
    int slot = tables.replicas.find(chunk[action], worker[action], tables.chunks);
    switch (plan.kind(action)) {
      case ADD, READOPT -> {
        if (slot == ReplicaTable.NONE) {
          add(action, newAssignment);
        } else {
          readopt(slot);
        }
      }
      case SUPERSEDE -> {
        journal.touch(slot);
        superseded.add(slot);
        tables.work.restless.add(chunk[action]);
      }
      case PREEMPT -> {}
    }
  }

  private void add(int action, long newAssignment) {
    int at = chunk[action];
    journal.addReplica(at, worker[action], newAssignment);
    if (!tables.chunks.isEstablished(at)) {
      journal.establish(at, newAssignment);
      fresh.add(at);
    }
    added++;
    String cause = plan.cause(action).name().toLowerCase(Locale.ROOT);
    bytesByCause.merge(cause, sizeOf(action), Fleet::saturatedSum);
  }

  private void readopt(int slot) {
    if (tables.replicas.isAssigned(slot)) {
      return;
    }
    journal.touch(slot);
    tables.replicas.superseded[slot] = 0;
    tables.replicas.released[slot] = 0;
    tables.replicas.flags[slot] &= ~ReplicaTable.DISK_GONE;
    readopted++;
  }

  private boolean isAddition(int action) {
    ActionKind kind = plan.kind(action);
    return kind == ActionKind.ADD || kind == ActionKind.READOPT;
  }

  /** A pair that is new, or that would go if the plan did not take it back. */
  private boolean takesRoom(int action) {
    return !struck[action]
        && isAddition(action)
        && (slotOf(action) == ReplicaTable.NONE || isCondemned(action));
  }

  private boolean isCondemned(int action) {
    int slot = slotOf(action);
    return slot != ReplicaTable.NONE && condemned.contains(slot);
  }

  private int slotOf(int action) {
    return tables.replicas.find(chunk[action], worker[action], tables.chunks);
  }

  private boolean isEstablished(int action) {
    return tables.chunks.isEstablished(chunk[action]);
  }

  private long sizeOf(int action) {
    return tables.chunks.facts.sizeBytes(chunk[action]);
  }

  private int countOf(ActionKind kind) {
    int total = 0;
    for (int action = 0; action < count; action++) {
      total += !struck[action] && plan.kind(action) == kind ? 1 : 0;
    }
    return total;
  }

  private String describe(int action) {
    return tables.chunks.facts.key(chunk[action])
        + "@"
        + tables.workers.entry(worker[action]).description.id();
  }
}
