package dev.stowage.lifecycle.state;

import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.Gates;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.model.Eligibility;
import dev.stowage.placement.WeightPolicy;

/** The predicates of the lifecycle design, sections 1 and 2, on the consumed state. */
public final class Rules {
  private final Tables tables;
  private final PolicyClaims claims;

  Rules(Tables tables) {
    this.tables = tables;
    claims = new PolicyClaims(tables);
  }

  /** The worker has proved that it has the bytes. */
  public boolean possessed(int slot) {
    return !tables.replicas.isMissing(slot)
        && holder(slot).lastApplied >= tables.replicas.since(slot);
  }

  /** E of section 2: up to which assignment a worker's replicas are confirmed. */
  long confirmedUpTo(WorkerEntry worker) {
    boolean own = tables.fleet.config.confirmation().isPerWorker() || !worker.caughtUp;
    return own ? worker.lastApplied : tables.fleet.watermark;
  }

  public boolean confirmed(int slot) {
    return !tables.replicas.isMissing(slot)
        && confirmedUpTo(holder(slot)) >= tables.replicas.since(slot);
  }

  public boolean routed(int slot) {
    return tables.chunks.stateOf(tables.replicas.chunk(slot)) == ChunkState.VISIBLE
        && isRoutable(slot);
  }

  /** Would be routed if its chunk were visible. */
  boolean isRoutable(int slot) {
    return !tables.replicas.isDraining(slot) && holder(slot).isPresent() && confirmed(slot);
  }

  public boolean readable(int slot, long now) {
    return !tables.replicas.isMissing(slot)
        && (tables.replicas.isNamed(slot)
            || now < tables.replicas.readableUntil(slot)
            || routed(slot));
  }

  /** The worker stands for gates and deletions. */
  public boolean counted(int slot) {
    return holder(slot).isCounted();
  }

  /** The floor of a chunk. */
  public int floor(int chunk) {
    int standard = tables.fleet.config.minReplication();
    WeightPolicy.Claim claim = claims.of(chunk);
    return claim == null ? standard : claim.floor().orElse(standard);
  }

  /** The most replicas that weights can earn a chunk; below its floor it counts as that. */
  public int cap(int chunk) {
    int standard = tables.fleet.config.maxReplication();
    WeightPolicy.Claim claim = claims.of(chunk);
    return claim == null ? standard : claim.max().orElse(standard);
  }

  /** The weight of a chunk. */
  public int weight(int chunk) {
    int explicit = tables.chunks.facts.weight(chunk);
    WeightPolicy.Claim claim = explicit == 0 ? claims.of(chunk) : null;
    return claim == null ? Math.max(1, explicit) : claim.weight();
  }

  /** Who may hold a chunk: what it asks for, and what the policy does. */
  public Eligibility eligibility(int chunk) {
    WeightPolicy.Claim claim = claims.of(chunk);
    return claim == null ? tables.chunks.eligibilityOf(chunk) : claim.eligibility();
  }

  /** Chunks of datasets whose floors follow the last block are looked at when that moves. */
  public void touchSliding(Journal journal) {
    claims.touchSliding(journal);
  }

  /** The last block of a dataset's live chunks, from which segments may be counted back. */
  public long lastBlock(int dataset) {
    return claims.lastBlock(dataset);
  }

  /** Possessed replicas of a chunk on counted workers. */
  public int possessedOnCounted(int chunk) {
    int count = 0;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      if (possessed(slot) && counted(slot)) {
        count++;
      }
    }
    return count;
  }

  /** Possessed replicas of a chunk on present workers: P of the deletion rule. */
  public int possessedOnPresent(int chunk) {
    int count = 0;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      if (possessed(slot) && holder(slot).isPresent()) {
        count++;
      }
    }
    return count;
  }

  public int routedCount(int chunk) {
    int count = 0;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      if (routed(slot)) {
        count++;
      }
    }
    return count;
  }

  /** Whether the chunk, admitted and unmarked, passes what section 4, step 2, asks of it. */
  public boolean promotable(int chunk) {
    if (tables.chunks.stateOf(chunk) != ChunkState.ADMITTED || tables.chunks.isMarked(chunk)) {
      return false;
    }
    boolean confirmed = false;
    int gate = 0;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      confirmed |= isRoutable(slot);
      if (!tables.replicas.isDraining(slot) && possessed(slot) && counted(slot)) {
        gate++;
      }
    }
    return confirmed && (tables.fleet.config.gates() == Gates.NONE || gate >= floor(chunk));
  }

  /** Whether a replica that stayed missing for too long is given up (section 2). */
  public boolean givenUp(int slot, long now) {
    long patience = tables.fleet.config.giveUpAfterTicks();
    int chunk = tables.replicas.chunk(slot);
    return tables.replicas.isMissing(slot)
        && patience != LifecycleConfig.NEVER
        && now - tables.replicas.missingSince(slot) >= patience
        && !(tables.chunks.isOncePossessed(chunk) && possessedOnCounted(chunk) == 0);
  }

  private int first(int chunk) {
    return tables.chunks.firstReplica(chunk);
  }

  private WorkerEntry holder(int slot) {
    return tables.workers.entry(tables.replicas.worker(slot));
  }
}
