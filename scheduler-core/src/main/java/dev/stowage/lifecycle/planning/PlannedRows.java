package dev.stowage.lifecycle.planning;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.columns.IntList;
import dev.stowage.columns.IntSet;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Result.BudgetInForce;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.MovementBudget;
import dev.stowage.config.PlacementConfig;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.FleetPressure;
import dev.stowage.lifecycle.state.InFlight;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ChunkColumn;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.PlacementInput.PoolKey;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.PlanChanges;
import dev.stowage.placement.WarmPlanner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The planner's view of chunks, replicas and workers at one tick, without condemned replicas. */
public final class PlannedRows {
  private final Tables tables;
  private final long tick;
  private final IntSet condemned;
  private final IntSet cooling = new IntSet();
  private final Map<Integer, Integer> raising = new LinkedHashMap<>();
  private final BudgetInForce budget;
  private long raiseLeft;
  private long largestRaise;
  private final NewChunks newChunks;

  public PlannedRows(Tables tables, long tick, PlanningAdvice advice, IntSet condemned) {
    this.tables = tables;
    this.tick = tick;
    this.condemned = condemned;
    newChunks = new NewChunks(tables, advice.newest());
    budget = budget(tables, advice, tick);
    raise();
    for (ChunkKey key : advice.cooling()) {
      int chunk = tables.chunks.find(key);
      if (chunk >= 0) {
        cooling.add(chunk);
      }
    }
  }

  public static BudgetInForce budget(Tables tables, PlanningAdvice advice, long tick) {
    LifecycleConfig config = tables.fleet.config();
    boolean isBounded = config.feedback().maxInFlightBytes() != LifecycleConfig.NEVER;
    return BudgetInForce.of(
        config,
        FleetPressure.bandAt(tables, tick),
        isBounded ? InFlight.bytes(tables) : 0,
        advice.failedBytes(),
        advice.newest().isPresent());
  }

  /**
   * Chooses what of the raised floors the plan is to meet, in canonical order. Chunks for which no
   * worker has room come last: a plan may make room, but must not wait for it with the others.
   */
  private void raise() {
    long most = tables.fleet.config().raiseBudget(budget.bytes());
    long[] left = {most};
    IntList roomless = new IntList();
    Takers takers = new Takers(tables);
    tables.rules.raises.forEachChunk(chunk -> {
      if (isRaisable(chunk)) {
        long size = tables.chunks.facts.sizeBytes(chunk);
        largestRaise = Math.max(largestRaise, size);
        for (int copy = tables.rules.lacking(chunk, tick); copy > 0; copy--) {
          raiseLeft = SaturatedSum.of(raiseLeft, size);
        }
        if (left[0] > 0) {
          if (takers.isAny(chunk)) {
            raise(chunk, left, most);
          } else {
            roomless.add(chunk);
          }
        }
      }
    });
    for (int i = 0; i < roomless.size(); i++) {
      raise(roomless.get(i), left, most);
    }
  }

  /** Reports whether a chunk has its former floor and lacks copies of its own. */
  private boolean isRaisable(int chunk) {
    int reached = tables.rules.reached(chunk, tick);
    return reached < tables.rules.floor(chunk) && reached >= tables.rules.formerFloor(chunk);
  }

  /** Returns changes of the plan with what it leaves to later ones of raised floors. */
  UnaryOperator<PlanChanges> withRaises() {
    long most = tables.fleet.config().raiseBudget(budget.bytes());
    var cycles =
        PlanChanges.Cycles.under(MovementBudget.ofBytes(most), raiseLeft, 0, 0, largestRaise);
    return changes -> changes.later(raiseLeft, cycles);
  }

  /** Returns changes of the next plan of a state with what it leaves of raised floors. */
  public static PlanChanges withRaises(Tables tables, long tick, PlanChanges changes) {
    PlannedRows rows = new PlannedRows(tables, tick, PlanningAdvice.NONE, new IntSet());
    return rows.withRaises().apply(changes);
  }

  private void raise(int chunk, long[] left, long most) {
    int reached = tables.rules.reached(chunk, tick);
    int lacking = tables.rules.lacking(chunk, tick);
    long size = Math.max(1, tables.chunks.facts.sizeBytes(chunk));
    boolean isAlone = size > left[0] && left[0] == most;
    int more = isAlone ? 1 : (int) Math.min(lacking, left[0] / size);
    if (left[0] > 0 && more > 0) {
      left[0] = isAlone ? 0 : left[0] - more * size;
      raising.put(chunk, reached + more);
      raiseLeft -= more * tables.chunks.facts.sizeBytes(chunk);
    }
  }

  /** Returns the chunks whose floor the plan is to raise. */
  int[] raising() {
    return raising.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  PoolKey pool(int chunk) {
    Eligibility constraint = tables.rules.eligibility(chunk);
    PlacementConfig config = tables.fleet.config().placement();
    return config.ofRules().isEmpty()
        ? PoolKey.of(constraint)
        : PoolKey.of(constraint, tables.chunks.facts.key(chunk).dataset(), config);
  }

  int floor(int chunk) {
    Integer raised = raising.get(chunk);
    int reached = raised == null ? tables.rules.reachedFloor(chunk, tick) : raised;
    return tables.rules.plannedFloor(chunk, reached, tick);
  }

  IntSet cooling() {
    return cooling;
  }

  NewChunks newChunks() {
    return newChunks;
  }

  public BudgetInForce budget() {
    return budget;
  }

  public PlacementConfig config() {
    PlacementConfig configured = tables.fleet.config().placement();
    int share = tables.fleet.config().feedback().millionths(budget.band());
    MovementBudget left = configured.budget().share(share).withBytes(budget.bytes());
    return left.equals(configured.budget())
        ? configured
        : configured.toBuilder().budget(left).build();
  }

  @Nullable
  public Worker worker(int position) {
    if (!tables.workers.exists(position)) {
      return null;
    }
    WorkerRow entry = tables.workers.entry(position);
    if (!entry.isRegistered() || entry.isDeparted()) {
      return null;
    }
    WorkerStatus status = entry.owesInventory() ? WorkerStatus.SUSPECT : entry.status();
    return entry.description().withStatus(status);
  }

  /** Returns the workers that the planner is to empty. */
  Set<WorkerId> leaving() {
    Set<WorkerId> leaving = new TreeSet<>();
    for (int position = 0; position < tables.workers.limit(); position++) {
      Worker worker = tables.workers.exists(position) ? worker(position) : null;
      if (worker != null && worker.status() == WorkerStatus.LEAVING) {
        leaving.add(worker.id());
      }
    }
    return leaving;
  }

  public boolean isPlanned(int chunk) {
    if (!tables.chunks.exists(chunk)) {
      return false;
    }
    ChunkState state = tables.chunks.stateOf(chunk);
    return (state.isLive() || state == ChunkState.DROPPED) && !newChunks.isLeftOut(chunk);
  }

  public int chunkBits(int chunk) {
    int bits = tables.chunks.stateOf(chunk) == ChunkState.VISIBLE ? ChunkBits.VISIBLE : 0;
    bits |= tables.chunks.isEstablished(chunk) ? ChunkBits.ESTABLISHED : 0;
    bits |= tables.chunks.isLive(chunk) ? 0 : ChunkBits.PINNED;
    bits |= tables.chunks.isOncePossessed(chunk) ? ChunkBits.ONCE_POSSESSED : 0;
    bits |= tables.swaps.replacing(chunk) != 0 ? ChunkBits.ENDING : 0;
    bits |= raising.containsKey(chunk) ? ChunkBits.RAISING : 0;
    return bits | (cooling.contains(chunk) ? ChunkBits.COOLING : 0);
  }

  /** Returns what the planner is fed of a chunk; constraints are numbered by the planner. */
  long value(int chunk, ChunkColumn column, WarmPlanner planner) {
    return switch (column) {
      case WEIGHT -> tables.rules.weight(chunk);
      case FLOOR -> floor(chunk);
      case CAP -> tables.rules.cap(chunk);
      case POOL -> planner.pool(pool(chunk));
      case ADMITTED -> tables.chunks.admitted(chunk);
      case RECENTLY_LOST -> recentlyLost(chunk);
      case DATASET ->
          tables.chunks.isEstablished(chunk)
              ? 0
              : KeyHash.of(tables.chunks.facts.key(chunk).dataset());
    };
  }

  int recentlyLost(int chunk) {
    if (tables.chunks.losses.isEmpty()) {
      return 0;
    }
    var lost = tables.chunks.losses.get(chunk);
    return lost == null ? 0 : lost.size();
  }

  /**
   * Shows replicas that were given up: wanted anew, they would be missing for too long already.
   * Shows what rules count until it is gone, without its bytes, which make up for no deletion.
   */
  public boolean isHeld(int slot) {
    return !condemned.contains(slot)
        || tables.rules.givenUp(slot, tick)
        || tables.rules.isRuled(tables.replicas.chunk(slot));
  }

  public int replicaBits(int slot) {
    int bits =
        switch (tables.replicas.stateOf(slot)) {
          case ASSIGNED -> ReplicaBits.ASSIGNED;
          case SUPERSEDED -> ReplicaBits.SUPERSEDED;
          case DRAINING -> ReplicaBits.DRAINING;
        };
    if (tables.replicas.isMissing(slot)) {
      int givenUp = tables.rules.givenUp(slot, tick) ? ReplicaBits.GIVEN_UP : 0;
      return bits | (tables.rules.isStalled(slot, tick) ? ReplicaBits.STALLED : givenUp);
    }
    boolean isKept = tables.rules.possessed(slot) && !condemned.contains(slot);
    bits |= isKept ? ReplicaBits.POSSESSED : 0;
    boolean isRouted = tables.rules.routed(slot);
    bits |= isRouted ? ReplicaBits.ROUTED | ReplicaBits.READABLE : 0;
    boolean isReadable = !isRouted && tables.rules.readable(slot, tick);
    return bits | (isReadable ? ReplicaBits.READABLE : 0);
  }

  public long nextChange(int slot) {
    long next = Long.MAX_VALUE;
    if (tables.replicas.readableUntil(slot) > tick) {
      next = tables.replicas.readableUntil(slot);
    }
    if (tables.replicas.isMissing(slot)) {
      long patience = tables.fleet.config().giveUpAfterTicks();
      long since = tables.replicas.missingSince(slot);
      long givenUp = SaturatedSum.of(since, patience);
      long stalled = SaturatedSum.of(since, tables.rules.stallPatience(slot));
      long first = stalled > tick ? Math.min(stalled, givenUp) : givenUp;
      next = givenUp > tick ? Math.min(next, first) : next;
    }
    return next;
  }
}
