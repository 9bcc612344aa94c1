package dev.stowage.lifecycle.steps;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.lifecycle.ReplicaState;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.CanonicalOrder;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The visibility cycle (section 4). Looks only at touched chunks. */
public final class VisibilityCycle {
  private final Tables tables;
  private final Journal journal;
  private final long tick;
  private final long windowEnd;
  private final List<WorkerId> waiting;
  private final List<Integer> released = new ArrayList<>();
  private int recalled;
  private boolean isContentChanged;

  public VisibilityCycle(Journal journal, long now, LeaderCommand.Publish command) {
    this.journal = journal;
    waiting = command.waiting();
    tables = journal.tables;
    tick = tables.time.advance(now);
    windowEnd = tables.fleet.windowEnd(Math.max(tick, command.commitTick()));
  }

  public Result.Published run() {
    new VisibilityScan(tables).takeUnjudged();
    ReportConsumer news = new ReportConsumer(journal, tick, waiting);
    news.consumeReports();
    tables.rules.touchSliding(journal);
    SwapFiring firing = new SwapFiring(journal, tick);
    firing.fire();
    int[] promoted = firing.promote();
    int[] dropped = drop();
    int[] touched = CanonicalOrder.of(tables, tables.work.touched, chunk -> true);
    journal.drain(tables.work.touched);
    for (int chunk : touched) {
      release(chunk);
      recall(chunk);
      name(chunk);
    }
    rezone();
    isContentChanged |= promoted.length + dropped.length > 0;
    Optional<PortalAssignmentId> minted = mint();
    for (int slot : released) {
      tables.replicas.released(slot, tables.fleet.portalAssignment());
    }
    // Every other chunk is at its fixpoint.
    journal.drain(tables.work.touched);
    int[] heldBack = firing.heldBack();
    int[] waiting = firing.waiting();
    tables.work.touched.addAll(heldBack);
    tables.work.touched.addAll(waiting);
    return new Result.Published(
        Tick.of(tick),
        false,
        minted,
        firing.fired(),
        keys(promoted),
        keys(dropped),
        released.size(),
        recalled,
        unavailable(),
        keys(heldBack),
        news.guarded(),
        firing.isMore(),
        Optional.empty());
  }

  private int[] drop() {
    int[] dropped =
        CanonicalOrder.of(
            tables,
            tables.work.ending,
            chunk ->
                tables.chunks.isMarked(chunk)
                    && tables.chunks.stateOf(chunk) == ChunkState.VISIBLE);
    for (int chunk : dropped) {
      journal.state(chunk, ChunkState.DROPPED);
      journal.end(chunk, windowEnd);
    }
    return dropped;
  }

  /** Releases superseded replicas (step 4). */
  private void release(int chunk) {
    if (tables.chunks.stateOf(chunk) != ChunkState.VISIBLE) {
      return;
    }
    ReplicaTable replicas = tables.replicas;
    int assigned = 0;
    int routed = 0;
    int have = 0;
    int haveCounted = 0;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = replicas.next(slot)) {
      boolean isRouted = tables.rules.routed(slot);
      // A copy on a worker that is away, and that routes do without, replaces nothing.
      boolean isWaitedFor = isRouted || !tables.rules.holder(slot).isAway();
      assigned += replicas.isAssigned(slot) && isWaitedFor ? 1 : 0;
      routed += isRouted ? 1 : 0;
      if (isRouted && replicas.isAssigned(slot)) {
        have++;
        haveCounted += tables.rules.counted(slot) ? 1 : 0;
      }
    }
    int need =
        tables.fleet.config().gates() == Gates.NONE
            ? 1
            : Math.min(Math.max(tables.rules.floor(chunk), assigned), routed);
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = replicas.next(slot)) {
      boolean isSuperseded = replicas.stateOf(slot) == ReplicaState.SUPERSEDED;
      if (isSuperseded
          && tables.rules.routed(slot)
          && (tables.rules.counted(slot) ? haveCounted : have) >= need
          && isConfirmedPast(slot)) {
        journal.touch(slot);
        // Stamped in advance with the assignment that this cycle mints.
        replicas.released(slot, tables.fleet.portalAssignment() + 1);
        replicas.readableUntil(slot, windowEnd);
        released.add(slot);
      }
    }
  }

  private boolean isConfirmedPast(int slot) {
    return tables.fleet.config().confirmation().isPerWorker()
        || tables.fleet.watermark() >= tables.replicas.superseded(slot);
  }

  /** Recalls existing bytes for a chunk that would go dark (step 5). */
  private void recall(int chunk) {
    if (tables.chunks.stateOf(chunk) != ChunkState.VISIBLE) {
      return;
    }
    boolean isGated = tables.fleet.config().gates() == Gates.ON;
    int wanted = isGated ? tables.rules.floor(chunk) : 1;
    int routed = tables.rules.routedCount(chunk);
    ReplicaTable replicas = tables.replicas;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = replicas.next(slot)) {
      if (routed >= wanted) {
        return;
      }
      boolean isPresent = tables.workers.entry(replicas.worker(slot)).isPresent();
      boolean isProved = tables.rules.possessed(slot) && tables.rules.confirmed(slot);
      if (replicas.isDraining(slot) && isPresent && isProved) {
        journal.touch(slot);
        replicas.released(slot, 0);
        recalled++;
        routed++;
      }
    }
  }

  /** Begins windows where a replica stops being named, unless its worker is named again. */
  private void name(int chunk) {
    tables.work.routes.add(chunk);
    boolean isStale = tables.chunks.hasStaleRoutes(chunk);
    List<WorkerId> gone = tables.chunks.goneNames(chunk);
    int again = 0;
    ReplicaTable replicas = tables.replicas;
    boolean isVisible = tables.chunks.stateOf(chunk) == ChunkState.VISIBLE;
    boolean isDark = isVisible;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = replicas.next(slot)) {
      boolean isRouted = isVisible && tables.rules.routed(slot);
      isDark &= !isRouted;
      if (isRouted != replicas.isNamed(slot)) {
        boolean isNamedAgain = isRouted && gone.contains(tables.workerOf(slot));
        again += isNamedAgain ? 1 : 0;
        isContentChanged |= !isNamedAgain;
        journal.touch(slot);
        replicas.readableUntil(slot, isRouted ? 0 : windowEnd);
        replicas.flags(slot, replicas.flags(slot) ^ ReplicaTable.NAMED);
      } else if (isRouted && replicas.readableUntil(slot) != 0) {
        journal.touch(slot);
        replicas.readableUntil(slot, 0);
      }
    }
    if (isStale) {
      isContentChanged |= again < gone.size();
      journal.forgetGone(chunk);
    }
    if (isDark) {
      tables.work.dark.add(chunk);
    }
  }

  /** Routes anew, with its new zone, every chunk that names a worker whose zone changed. */
  private void rezone() {
    for (int worker : tables.workers.inOrder(journal.drain(tables.work.rezoned))) {
      if (tables.workers.entry(worker).toldZone() != null) {
        journal.marks(worker, it -> it.with(WorkerRow.TOLD_ZONE, null));
        tables.forEachNamed(
            worker,
            chunk -> {
              tables.work.routes.add(chunk);
              journal.reroute(chunk);
              isContentChanged = true;
            });
      }
    }
  }

  private Optional<PortalAssignmentId> mint() {
    if (!isContentChanged) {
      return Optional.empty();
    }
    long next = tables.fleet.portalAssignment() + 1;
    tables.fleet(it -> it.with(FleetRow.PORTAL_ASSIGNMENT, next));
    PortalAssignmentId id = PortalAssignmentId.of(next);
    journal.minted(id);
    return Optional.of(id);
  }

  private List<ChunkKey> unavailable() {
    int[] dark =
        CanonicalOrder.of(
            tables,
            tables.work.dark,
            chunk ->
                tables.chunks.stateOf(chunk) == ChunkState.VISIBLE
                    && tables.rules.routedCount(chunk) == 0);
    tables.work.dark.clear();
    tables.work.dark.addAll(dark);
    return keys(dark);
  }

  private List<ChunkKey> keys(int[] chunks) {
    List<ChunkKey> keys = new ArrayList<>(chunks.length);
    for (int chunk : chunks) {
      keys.add(tables.chunks.facts.key(chunk));
    }
    return keys;
  }

  private int first(int chunk) {
    return tables.chunks.firstReplica(chunk);
  }
}
