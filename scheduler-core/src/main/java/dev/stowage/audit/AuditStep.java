package dev.stowage.audit;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A command with the states before and after it, matched by identity. Not thread-safe. */
final class AuditStep {
  enum Kind {
    SCHEDULE,
    PUBLISH,
    PURGE,
    OTHER
  }

  private final FleetSnapshot before;
  private final Kind kind;
  private final FleetSnapshot after;
  private final Answer answer;
  private final int[] chunkAfter;
  private final int[] workerAfter;
  private @Nullable Command<?> command;
  private boolean isAccepted;
  private int @Nullable [] chunksBefore;
  private int @Nullable [] workersBefore;
  private int @Nullable [] replicasAfter;
  private int @Nullable [] firedSwaps;
  private @Nullable WorkerLoads loads;
  private @Nullable FleetSnapshot plannedFrom;

  record Answer(long commitTick, int lastResortPreemptions, List<ChunkKey> deferred, int struck) {
    Answer {
      deferred = List.copyOf(deferred);
    }

    static Answer at(long tick) {
      return new Answer(tick, 0, List.of(), 0);
    }
  }

  AuditStep(FleetSnapshot before, Kind kind, Answer answer, FleetSnapshot after) {
    this.before = Objects.requireNonNull(before, "before");
    this.kind = Objects.requireNonNull(kind, "kind");
    this.answer = Objects.requireNonNull(answer, "answer");
    this.after = Objects.requireNonNull(after, "after");
    this.chunkAfter = matchChunks(before.chunks(), after.chunks());
    this.workerAfter = matchWorkers(before.workers(), after.workers());
  }

  static AuditStep of(
      FleetSnapshot before, Command<?> command, Result result, FleetSnapshot after) {
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
    Answer answer = Answer.at(after.header().tick());
    return new AuditStep(before, Kind.OTHER, answer, after).by(command, result);
  }

  AuditStep by(Command<?> said, Result answered) {
    command = Objects.requireNonNull(said, "said");
    isAccepted = answered.isAccepted();
    return this;
  }

  AuditStep plannedFrom(FleetSnapshot state) {
    plannedFrom = Objects.requireNonNull(state, "state");
    return this;
  }

  boolean isOvertaken() {
    return plannedFrom != null;
  }

  AuditStep sincePlan() {
    FleetSnapshot from = plannedFrom;
    if (from == null) {
      return this;
    }
    AuditStep whole = new AuditStep(from, kind, answer, after);
    whole.loads = loads();
    whole.command = command;
    whole.isAccepted = isAccepted;
    return whole;
  }

  WorkerLoads loads() {
    WorkerLoads known = loads;
    if (known == null) {
      known = WorkerLoads.of(after);
      loads = known;
    }
    return known;
  }

  @Nullable Command<?> accepted() {
    return isAccepted ? command : null;
  }

  /** Returns the workers whose reports waited during a cycle. */
  Set<WorkerId> waiting() {
    return command == null ? Set.of() : new TreeSet<>(command.waiting());
  }

  FleetSnapshot before() {
    return before;
  }

  FleetSnapshot after() {
    return after;
  }

  Kind kind() {
    return kind;
  }

  Answer answer() {
    return answer;
  }

  /** Returns the position after the command of a chunk before it, or -1. */
  int chunkAfter(int chunk) {
    return chunkAfter[chunk];
  }

  /** Returns the position after the command of a worker before it, or -1. */
  int workerAfter(int worker) {
    return workerAfter[worker];
  }

  /** Returns the position before the command by that after it, or -1 without one; read-only. */
  int[] chunksBefore() {
    int[] known = chunksBefore;
    if (known == null) {
      known = inverse(chunkAfter, after.chunkCount());
      chunksBefore = known;
    }
    return known;
  }

  /** Returns the position before the command by that after it, or -1 without one; read-only. */
  int[] workersBefore() {
    int[] known = workersBefore;
    if (known == null) {
      known = inverse(workerAfter, after.workerCount());
      workersBefore = known;
    }
    return known;
  }

  /** Returns the position after the command by that before it, or -1 without one; read-only. */
  int[] replicasAfter() {
    int[] known = replicasAfter;
    if (known == null) {
      known = matchReplicas();
      replicasAfter = known;
    }
    return known;
  }

  int[] firedSwaps() {
    int[] known = firedSwaps;
    if (known == null) {
      known = FiredSwaps.positions(before.swaps(), after.swaps());
      firedSwaps = known;
    }
    return known;
  }

  private int[] matchReplicas() {
    ReplicaColumns old = before.replicas();
    int[] found = new int[old.count];
    int[] byWorker = new int[after.workerCount()];
    int[] stamp = new int[after.workerCount()];
    int[] start = before.chunks().replicaStart;
    for (int chunk = 0; chunk < before.chunkCount(); chunk++) {
      int counterpart = chunkAfter[chunk];
      if (counterpart >= 0) {
        index(counterpart, chunk + 1, byWorker, stamp);
      }
      for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
        int worker = workerAfter[old.worker[replica]];
        boolean there = counterpart >= 0 && worker >= 0 && stamp[worker] == chunk + 1;
        found[replica] = there ? byWorker[worker] : -1;
      }
    }
    return found;
  }

  private void index(int chunk, int mark, int[] byWorker, int[] stamp) {
    int[] start = after.chunks().replicaStart;
    for (int replica = start[chunk]; replica < start[chunk + 1]; replica++) {
      int worker = after.replicas().worker[replica];
      byWorker[worker] = replica;
      stamp[worker] = mark;
    }
  }

  static int[] inverse(int[] forward, int size) {
    int[] backward = new int[size];
    Arrays.fill(backward, -1);
    for (int i = 0; i < forward.length; i++) {
      if (forward[i] >= 0) {
        backward[forward[i]] = i;
      }
    }
    return backward;
  }

  private static int[] matchChunks(ChunkColumns old, ChunkColumns young) {
    int[] match = new int[old.count];
    Map<ChunkKey, Integer> byKey = null;
    for (int i = 0; i < old.count; i++) {
      if (i < young.count && isSameChunk(old, i, young, i)) {
        match[i] = i;
        continue;
      }
      if (byKey == null) {
        byKey = new HashMap<>();
        for (int j = 0; j < young.count; j++) {
          byKey.put(young.key[j], j);
        }
      }
      Integer j = byKey.get(old.key[i]);
      match[i] = j != null && isSameChunk(old, i, young, j) ? j : -1;
    }
    return match;
  }

  private static boolean isSameChunk(ChunkColumns old, int i, ChunkColumns young, int j) {
    return (old.number[i] == young.number[j] || old.number[i] == FleetSnapshot.NONE)
        && (old.key[i] == young.key[j] || old.key[i].equals(young.key[j]));
  }

  private static int[] matchWorkers(WorkerColumns old, WorkerColumns young) {
    int[] match = new int[old.count];
    if (Arrays.equals(old.id, young.id)) {
      Arrays.setAll(match, i -> i);
      return match;
    }
    Map<WorkerId, Integer> byId = new HashMap<>();
    for (int j = 0; j < young.count; j++) {
      byId.put(young.id[j], j);
    }
    for (int i = 0; i < old.count; i++) {
      match[i] = byId.getOrDefault(old.id[i], -1);
    }
    return match;
  }
}
