package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.PortalAssignmentId;
import dev.stowage.model.Tick;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The visibility cycle (section 4): one atomic step. Looks only at chunks that something touched.
 */
final class VisibilityCycle {
  private final Tables tables;
  private final Journal journal;
  private final long tick;
  private final long windowEnd;
  private final List<Integer> released = new ArrayList<>();
  private int recalled;
  private boolean isContentChanged;

  VisibilityCycle(Journal journal, long now, long commitTick) {
    this.journal = journal;
    tables = journal.tables;
    tick = tables.fleet.advance(now);
    windowEnd = tables.fleet.windowEnd(Math.max(tick, commitTick));
  }

  Result run() {
    new News(journal, tick).consumeReports();
    tables.rules.touchSliding();
    SwapFiring firing = new SwapFiring(journal, tick);
    firing.fire();
    List<Integer> promoted = firing.promote();
    List<Integer> dropped = drop();
    List<Integer> touched = touched();
    touched.forEach(this::release);
    touched.forEach(this::recall);
    touched.forEach(this::name);
    isContentChanged |= !promoted.isEmpty() || !dropped.isEmpty();
    Optional<PortalAssignmentId> minted = mint();
    for (int slot : released) {
      tables.replicas.released[slot] = tables.fleet.portalAssignment;
    }
    // What was looked at is at its fixed point; only what the backstop holds is looked at again.
    journal.drain(tables.work.touched);
    firing.heldBack().forEach(tables.work.touched::add);
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
        keys(firing.heldBack()));
  }

  /** Step 3. */
  private List<Integer> drop() {
    List<Integer> dropped = new ArrayList<>();
    for (int chunk : tables.work.ending.toArray()) {
      if (tables.chunks.exists(chunk)
          && tables.chunks.isMarked(chunk)
          && tables.chunks.stateOf(chunk) == ChunkState.VISIBLE) {
        journal.state(chunk, ChunkState.DROPPED);
        journal.end(chunk, windowEnd);
        dropped.add(chunk);
      }
    }
    dropped.sort(new CanonicalOrder(tables));
    return dropped;
  }

  private List<Integer> touched() {
    List<Integer> touched = new ArrayList<>();
    for (int chunk : journal.drain(tables.work.touched)) {
      if (tables.chunks.exists(chunk)) {
        touched.add(chunk);
      }
    }
    touched.sort(new CanonicalOrder(tables));
    return touched;
  }

  /** Step 4: a superseded replica stops being routed once enough wanted ones are. */
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
      assigned += replicas.isAssigned(slot) ? 1 : 0;
      routed += isRouted ? 1 : 0;
      if (isRouted && replicas.isAssigned(slot)) {
        have++;
        haveCounted += tables.rules.counted(slot) ? 1 : 0;
      }
    }
    int need =
        tables.fleet.config.gates() == Gates.NONE
            ? 1
            : Math.min(Math.max(tables.rules.floor(chunk), assigned), routed);
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = replicas.next(slot)) {
      boolean isSuperseded = replicas.stateOf(slot) == ReplicaState.SUPERSEDED;
      if (isSuperseded
          && tables.rules.routed(slot)
          && (tables.rules.counted(slot) ? haveCounted : have) >= need
          && isConfirmedPast(slot)) {
        journal.touch(slot);
        // Stamped with the assignment that this cycle ends with, which is not known yet.
        replicas.released[slot] = tables.fleet.portalAssignment + 1;
        replicas.readableUntil[slot] = windowEnd;
        released.add(slot);
      }
    }
  }

  private boolean isConfirmedPast(int slot) {
    return tables.fleet.config.confirmation().isPerWorker()
        || tables.fleet.watermark >= tables.replicas.superseded[slot];
  }

  /** Step 5: bytes that are there serve a chunk that would go dark. */
  private void recall(int chunk) {
    if (tables.chunks.stateOf(chunk) != ChunkState.VISIBLE) {
      return;
    }
    boolean isGated = tables.fleet.config.gates() == Gates.ON;
    int wanted = isGated ? tables.rules.floor(chunk) : 1;
    int routed = tables.rules.routedCount(chunk);
    ReplicaTable replicas = tables.replicas;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = replicas.next(slot)) {
      if (routed >= wanted) {
        return;
      }
      boolean isPresent = tables.workers.entry(replicas.worker[slot]).isPresent();
      boolean isProved = tables.rules.possessed(slot) && tables.rules.confirmed(slot);
      if (replicas.isDraining(slot) && isPresent && isProved) {
        journal.touch(slot);
        replicas.released[slot] = 0;
        recalled++;
        routed++;
      }
    }
  }

  /** Names what is routed; a window begins where a replica stops being named. */
  private void name(int chunk) {
    tables.work.routes.add(chunk);
    if (tables.chunks.hasStaleRoutes(chunk)) {
      journal.staleRoutes(chunk, false);
      isContentChanged = true;
    }
    ReplicaTable replicas = tables.replicas;
    boolean isVisible = tables.chunks.stateOf(chunk) == ChunkState.VISIBLE;
    boolean isDark = isVisible;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = replicas.next(slot)) {
      boolean isRouted = isVisible && tables.rules.routed(slot);
      isDark &= !isRouted;
      if (isRouted != replicas.isNamed(slot)) {
        isContentChanged = true;
        journal.touch(slot);
        replicas.readableUntil[slot] = isRouted ? 0 : windowEnd;
        replicas.flags[slot] ^= ReplicaTable.NAMED;
      } else if (isRouted && replicas.readableUntil[slot] != 0) {
        journal.touch(slot);
        replicas.readableUntil[slot] = 0;
      }
    }
    if (isDark) {
      tables.work.dark.add(chunk);
    }
  }

  private Optional<PortalAssignmentId> mint() {
    if (!isContentChanged) {
      return Optional.empty();
    }
    PortalAssignmentId id = PortalAssignmentId.of(++tables.fleet.portalAssignment);
    journal.minted(id);
    return Optional.of(id);
  }

  private List<ChunkKey> unavailable() {
    List<Integer> dark = new ArrayList<>();
    for (int chunk : tables.work.dark.toArray()) {
      boolean isVisible =
          tables.chunks.exists(chunk) && tables.chunks.stateOf(chunk) == ChunkState.VISIBLE;
      if (isVisible && tables.rules.routedCount(chunk) == 0) {
        dark.add(chunk);
      }
    }
    tables.work.dark.clear();
    dark.forEach(tables.work.dark::add);
    dark.sort(new CanonicalOrder(tables));
    return keys(dark);
  }

  private List<ChunkKey> keys(List<Integer> chunks) {
    List<ChunkKey> keys = new ArrayList<>(chunks.size());
    chunks.forEach(chunk -> keys.add(tables.chunks.facts.key(chunk)));
    return keys;
  }

  private int first(int chunk) {
    return tables.chunks.firstReplica[chunk];
  }
}
