package dev.stowage.lifecycle.state;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.answer.Progress.CopyCause;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.Eligibility;
import dev.stowage.placement.PlacementInput.ChunkBits;

/** The predicates of the lifecycle design, sections 1 and 2, on the consumed state. */
public final class Rules {
  private final Tables tables;
  private final PolicyClaims claims;
  public final Raises raises;

  Rules(Tables tables) {
    this.tables = tables;
    claims = new PolicyClaims(tables);
    raises = new Raises(tables);
  }

  /** Reports whether rules about datasets count the replicas of a chunk until they are gone. */
  public boolean isRuled(int chunk) {
    return dev.stowage.placement.rules.MaskRules.isAnyOf(
        tables.fleet.config().placement(), tables.chunks.facts.key(chunk).dataset());
  }

  public boolean possessed(int slot) {
    return !tables.replicas.isMissing(slot)
        && holder(slot).lastApplied() >= tables.replicas.since(slot);
  }

  /** Returns E of section 2: the assignment up to which a worker's replicas are confirmed. */
  long confirmedUpTo(WorkerRow worker) {
    boolean own = tables.fleet.config().confirmation().isPerWorker() || !worker.caughtUp();
    return own ? worker.lastApplied() : tables.fleet.watermark();
  }

  public boolean confirmed(int slot) {
    return !tables.replicas.isMissing(slot)
        && confirmedUpTo(holder(slot)) >= tables.replicas.since(slot);
  }

  public boolean routed(int slot) {
    return tables.chunks.stateOf(tables.replicas.chunk(slot)) == ChunkState.VISIBLE
        && isRoutable(slot);
  }

  boolean isRoutable(int slot) {
    WorkerRow holder = holder(slot);
    return !tables.replicas.isDraining(slot)
        && holder.isPresent()
        && confirmed(slot)
        && !(holder.isAway() && isSpared(slot, holder));
  }

  /** Reports whether routes do without a worker that is away: absent, or enough stand elsewhere. */
  private boolean isSpared(int slot, WorkerRow holder) {
    if (holder.absence() != null) {
      return true;
    }
    int standing = 0;
    int chunk = tables.replicas.chunk(slot);
    for (int other = first(chunk);
        other != ReplicaTable.NONE;
        other = tables.replicas.next(other)) {
      boolean stands = holder(other).isCounted() && !holder(other).isToLeave();
      standing += stands && tables.replicas.isAssigned(other) && confirmed(other) ? 1 : 0;
    }
    return standing >= holder.leastCopies();
  }

  public boolean readable(int slot, long now) {
    return !tables.replicas.isMissing(slot) && (isOut(slot, now) || routed(slot));
  }

  /** Reports whether routes that are out name a replica. */
  private boolean isOut(int slot, long now) {
    return tables.replicas.isNamed(slot) || now < tables.replicas.readableUntil(slot);
  }

  /**
   * Returns the tick until which routes that are out keep all replicas of a chunk readable that are
   * not assigned, if none is touched meanwhile; {@code Long.MAX_VALUE} while routes name them, and
   * {@code now} if there is none or one may be deleted.
   */
  public long restsUntil(int chunk, long now) {
    long until = Long.MAX_VALUE;
    boolean isAny = false;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      if (tables.replicas.isAssigned(slot) && !tables.replicas.isDiskGone(slot)) {
        continue;
      }
      if (tables.replicas.isMissing(slot) || !isOut(slot, now)) {
        return now;
      }
      isAny = true;
      if (!tables.replicas.isNamed(slot)) {
        until = Math.min(until, tables.replicas.readableUntil(slot));
      }
    }
    return isAny ? until : now;
  }

  public boolean counted(int slot) {
    return holder(slot).isCounted();
  }

  /**
   * Reports whether a replica's worker is counted and either is not to leave or may be asked for it
   * by routes that are out, so that it may not be switched off.
   */
  public boolean lasts(int slot, long now) {
    WorkerRow holder = holder(slot);
    return holder.isCounted() && (!holder.isToLeave() || isOut(slot, now));
  }

  public int floor(int chunk) {
    int standard = tables.fleet.config().minReplication();
    WeightPolicy.Claim claim = claims.of(chunk);
    return claim == null ? standard : claim.floor().orElse(standard);
  }

  /** Returns the floor below which a chunk is repaired: the former one while it is raised. */
  public int formerFloor(int chunk) {
    int floor = floor(chunk);
    return raises.isPaced(chunk) ? raises.formerFloor(chunk, floor) : floor;
  }

  /**
   * Returns the floor of a chunk that no plan raises: what it has, from its former floor up to its
   * own.
   */
  public int reachedFloor(int chunk, long now) {
    int floor = floor(chunk);
    int former = formerFloor(chunk);
    return former >= floor ? floor : Math.min(floor, Math.max(former, reached(chunk, now)));
  }

  /** Returns the copies of its floor that a chunk neither has nor is to have, at least 0. */
  public int lacking(int chunk, long now) {
    return Math.max(0, floor(chunk) - reached(chunk, now));
  }

  /** Returns the copies that a chunk has or is to have on workers that are present. */
  public int reached(int chunk, long now) {
    int wanted = 0;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      boolean isThere = holder(slot).isPresent() && !givenUp(slot, now);
      wanted += isThere && tables.replicas.isAssigned(slot) ? 1 : 0;
    }
    return Math.max(wanted, possessedOnPresent(chunk));
  }

  /**
   * Returns the copies of a chunk that workers which announced an absence want elsewhere. A
   * superseded copy wants none: the chunk has its place on other workers.
   */
  public int leastElsewhere(int chunk) {
    int least = 0;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      least =
          tables.replicas.isAssigned(slot) ? Math.max(least, holder(slot).leastCopies()) : least;
    }
    return least;
  }

  /**
   * Returns the floor that a plan keeps: what workers that are away hold, and is not given up, is
   * kept beside the copies wanted elsewhere. These are the floor for a chunk that portals do not
   * see, and for one on a worker that is to leave, whose permission to stop does without workers
   * that are away.
   */
  public int plannedFloor(int chunk, int reached, long now) {
    int floor = reached;
    int least = leastElsewhere(chunk);
    if (least == 0) {
      return floor;
    }
    int beside = 0;
    boolean needsFloor = tables.chunks.stateOf(chunk) != ChunkState.VISIBLE;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      WorkerRow holder = holder(slot);
      boolean isKept = holder.isAway() && !givenUp(slot, now);
      beside += isKept && tables.replicas.isAssigned(slot) ? 1 : 0;
      needsFloor |= holder.isToLeave() && holder.isPresent();
    }
    return Math.max(floor, (needsFloor ? Math.max(least, floor) : least) + beside);
  }

  public int cap(int chunk) {
    int standard = tables.fleet.config().maxReplication();
    WeightPolicy.Claim claim = claims.of(chunk);
    return claim == null ? standard : claim.max().orElse(standard);
  }

  public int weight(int chunk) {
    int explicit = tables.chunks.facts.weight(chunk);
    WeightPolicy.Claim claim = explicit == 0 ? claims.of(chunk) : null;
    return claim == null ? Math.max(1, explicit) : claim.weight();
  }

  public Eligibility eligibility(int chunk) {
    WeightPolicy.Claim claim = claims.of(chunk);
    return claim == null ? tables.chunks.eligibilityOf(chunk) : claim.eligibility();
  }

  public void touchSliding(Journal journal) {
    claims.touchSliding(journal);
  }

  public long lastBlock(int dataset) {
    return claims.lastBlock(dataset);
  }

  public int possessedOnCounted(int chunk) {
    int count = 0;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      if (possessed(slot) && counted(slot)) {
        count++;
      }
    }
    return count;
  }

  /** Returns the possessed replicas that last. */
  int possessedAndLasting(int chunk, long now) {
    int count = 0;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      if (possessed(slot) && lasts(slot, now)) {
        count++;
      }
    }
    return count;
  }

  /** Returns P of the deletion rule. */
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

  /** Reports whether section 4, step 2, promotes the chunk. */
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
    return confirmed && (tables.fleet.config().gates() == Gates.NONE || gate >= floor(chunk));
  }

  /** Reports whether a replica counts for no floor: it is missing for too long, or stalled. */
  public boolean givenUp(int slot, long now) {
    return isReplaceable(slot, tables.fleet.config().giveUpAfterTicks(), now)
        || isStalled(slot, now);
  }

  /** Reports whether a replica is stalled, and not missing for too long. */
  public boolean isStalled(int slot, long now) {
    return tables.replicas.isMissing(slot)
        && !isReplaceable(slot, tables.fleet.config().giveUpAfterTicks(), now)
        && isReplaceable(slot, stallPatience(slot), now)
        && isStalled(slot);
  }

  private boolean isReplaceable(int slot, long patience, long now) {
    int chunk = tables.replicas.chunk(slot);
    return tables.replicas.isMissing(slot)
        && isOver(slot, patience, now)
        && !(tables.chunks.isOncePossessed(chunk) && possessedOnCounted(chunk) == 0);
  }

  private boolean isOver(int slot, long patience, long now) {
    return patience != LifecycleConfig.NEVER
        && now - tables.replicas.missingSince(slot) >= patience;
  }

  /** Returns how long a replica may stay missing if its chunk is at risk, and its worker idle. */
  public long stallPatience(int slot) {
    long patience = tables.fleet.config().stallAfterTicks();
    int chunk = tables.replicas.chunk(slot);
    for (int other = first(chunk);
        other != ReplicaTable.NONE;
        other = tables.replicas.next(other)) {
      boolean isEarlier =
          tables.replicas.isMissing(other)
              && tables.replicas.missingSince(other) < tables.replicas.missingSince(slot);
      patience = isEarlier ? SaturatedSum.of(patience, patience) : patience;
    }
    return patience;
  }

  /**
   * Reports whether a missing replica is of a chunk at risk, and its worker possesses nothing that
   * an assignment gave it with the replica or later.
   */
  private boolean isStalled(int slot) {
    int chunk = tables.replicas.chunk(slot);
    if (tables.chunks.stateOf(chunk) != ChunkState.VISIBLE
        || !ChunkBits.isAtRisk(possessedOnCounted(chunk), formerFloor(chunk))) {
      return false;
    }
    int holder = tables.replicas.worker(slot);
    for (int other = tables.workers.firstReplica(holder);
        other != ReplicaTable.NONE;
        other = tables.replicas.nextOfWorker(other)) {
      boolean isAsNew = tables.replicas.since(other) >= tables.replicas.since(slot);
      if (isAsNew && possessed(other)) {
        return false;
      }
      if (!isAsNew && tables.workers.isSorted(holder)) {
        break;
      }
    }
    return true;
  }

  /** Returns the cause of copies of a chunk; {@code arrived} copies do not count as possessed. */
  public CopyCause cause(int chunk, int arrived) {
    if (!tables.chunks.isOncePossessed(chunk)) {
      return CopyCause.NEW;
    }
    int possessed = possessedOnCounted(chunk) - arrived;
    if (possessed < floor(chunk)) {
      return possessed < formerFloor(chunk) ? CopyCause.FLOOR : CopyCause.RAISE;
    }
    CopyCause cause = CopyCause.GROWTH;
    for (int slot = first(chunk); slot != ReplicaTable.NONE; slot = tables.replicas.next(slot)) {
      if (!tables.replicas.isAssigned(slot)) {
        if (holder(slot).isToLeave()) {
          return CopyCause.LEAVE;
        }
        cause = CopyCause.MOVE;
      }
    }
    return cause;
  }

  private int first(int chunk) {
    return tables.chunks.firstReplica(chunk);
  }

  public WorkerRow holder(int slot) {
    return tables.workers.entry(tables.replicas.worker(slot));
  }
}
