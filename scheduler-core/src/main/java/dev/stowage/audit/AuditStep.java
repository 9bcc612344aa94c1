package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A command with the states before and after it; rows keep their positions. Not thread-safe. */
final class AuditStep {
  enum Kind {
    SCHEDULE,
    PUBLISH,
    PURGE,
    OTHER
  }

  private final Facts before;
  private final Kind kind;
  private final Facts after;
  private final Answer answer;
  private final int[] changed;
  private final List<SwapRow> fired;
  private @Nullable Command<?> command;
  private boolean isAccepted;
  private @Nullable WorkerLoads loads;
  private @Nullable Facts plannedFrom;

  record Answer(long commitTick, int lastResortPreemptions, List<ChunkKey> deferred, int struck) {
    Answer {
      deferred = List.copyOf(deferred);
    }

    static Answer at(long tick) {
      return new Answer(tick, 0, List.of(), 0);
    }
  }

  AuditStep(Facts before, Kind kind, Answer answer, Facts after) {
    this.before = before;
    this.kind = kind;
    this.answer = answer;
    this.after = after;
    BitSet set = new BitSet();
    after.rows.forEachChangedChunk(before.rows, set::set);
    changed = set.stream().toArray();
    fired = fired(before.swaps(), after.swaps());
  }

  static AuditStep of(Facts before, Command<?> command, Result result, Facts after) {
    if (result instanceof Result.Scheduled cycle) {
      List<ChunkKey> deferred = cycle.deferred().stream().map(Result.Shortage::chunk).toList();
      Answer answer =
          new Answer(cycle.tick().value(), cycle.movement().lastResort(), deferred, cycle.struck());
      return new AuditStep(before, Kind.SCHEDULE, answer, after).by(command, result);
    }
    if (result instanceof Result.Published cycle
        && command instanceof LeaderCommand.Publish publish) {
      long commit = Math.max(cycle.tick().value(), publish.commitTick());
      return new AuditStep(before, Kind.PUBLISH, Answer.at(commit), after).by(command, result);
    }
    if (result instanceof Result.Purged cycle) {
      Answer answer = Answer.at(cycle.tick().value());
      return new AuditStep(before, Kind.PURGE, answer, after).by(command, result);
    }
    Answer answer = Answer.at(after.row.largestTick());
    return new AuditStep(before, Kind.OTHER, answer, after).by(command, result);
  }

  private static List<SwapRow> fired(List<SwapRow> old, List<SwapRow> young) {
    Map<Long, SwapRow> known = new HashMap<>();
    old.forEach(swap -> known.put(swap.id(), swap));
    List<SwapRow> fired = new ArrayList<>();
    for (SwapRow swap : young) {
      SwapRow was = known.get(swap.id());
      if (swap.state() == SwapState.FIRED && (was == null || was.isPending())) {
        fired.add(swap);
      }
    }
    return fired;
  }

  AuditStep by(Command<?> said, Result answered) {
    command = Objects.requireNonNull(said, "said");
    isAccepted = answered.isAccepted();
    return this;
  }

  AuditStep plannedFrom(Facts state) {
    plannedFrom = Objects.requireNonNull(state, "state");
    return this;
  }

  /** Returns the step since its plan, if news overtook that. */
  AuditStep sincePlan() {
    return plannedFrom == null ? this : new AuditStep(plannedFrom, kind, answer, after);
  }

  WorkerLoads loads() {
    WorkerLoads summed = loads;
    if (summed == null) {
      summed = WorkerLoads.of(after);
      loads = summed;
    }
    return summed;
  }

  @Nullable Command<?> accepted() {
    return isAccepted ? command : null;
  }

  /** Returns the workers whose reports waited during a cycle. */
  Set<WorkerId> waiting() {
    return command == null ? Set.of() : new TreeSet<>(command.waiting());
  }

  Facts before() {
    return before;
  }

  Facts after() {
    return after;
  }

  Kind kind() {
    return kind;
  }

  Answer answer() {
    return answer;
  }

  List<SwapRow> fired() {
    return fired;
  }

  /** Returns at least the chunks whose row or replicas changed, ascending; read-only. */
  int[] changed() {
    return changed;
  }

  /** Reports whether a chunk has a row before and after: the same one, not another life of it. */
  boolean hasBoth(int chunk) {
    if (!before.rows.isChunk(chunk) || !after.rows.isChunk(chunk)) {
      return false;
    }
    ChunkNumber number = before.rows.chunkNumber(chunk);
    return (number == null || number.equals(after.rows.chunkNumber(chunk)))
        && before.rows.chunkKey(chunk).equals(after.rows.chunkKey(chunk));
  }

  /** Reports whether a chunk has a row before the command, but not after it. */
  boolean isGone(int chunk) {
    return before.rows.isChunk(chunk) && !hasBoth(chunk);
  }

  boolean hasBothOfWorker(int worker) {
    return before.rows.isWorker(worker)
        && after.rows.isWorker(worker)
        && before.rows.workerId(worker).equals(after.rows.workerId(worker));
  }

  /** Returns the replica after the command of one before it, or {@link Facts#NONE}. */
  int after(int slot) {
    return counterpart(before, slot, after);
  }

  /** Returns the replica before the command of one after it, or {@link Facts#NONE}. */
  int before(int slot) {
    return counterpart(after, slot, before);
  }

  private int counterpart(Facts here, int slot, Facts there) {
    int chunk = here.rows.replicaChunk(slot);
    int worker = here.rows.replicaWorker(slot);
    int other = hasBoth(chunk) && hasBothOfWorker(worker) ? there.rows.firstReplica(chunk) : -1;
    while (other != Facts.NONE && there.rows.replicaWorker(other) != worker) {
      other = there.rows.nextReplica(other);
    }
    return other;
  }

  // ---- deletions that the deletion rule exempts

  boolean isOnLostDisk(int slotBefore) {
    if (before.rows.isDiskGone(slotBefore) && !before.isPossessed(slotBefore)) {
      return true;
    }
    int worker = before.rows.replicaWorker(slotBefore);
    return !hasBothOfWorker(worker)
        || !after.worker(worker).isPresent()
        || !before.worker(worker).isPresent();
  }

  boolean isEnded(int chunkBefore) {
    return !hasBoth(chunkBefore) || after.rows.chunkState(chunkBefore) == ChunkState.TOMBSTONE;
  }

  /** Returns the possessed copies on counted workers that a consumed inventory revealed. */
  int foundByInventory(int chunk) {
    int found = 0;
    for (int slot : after.slots(chunk)) {
      int worker = after.rows.replicaWorker(slot);
      boolean told = hasBothOfWorker(worker) && before.worker(worker).isInventoryPending();
      found += told && before(slot) == Facts.NONE && after.isPossessedOnCounted(slot) ? 1 : 0;
    }
    return found;
  }
}
