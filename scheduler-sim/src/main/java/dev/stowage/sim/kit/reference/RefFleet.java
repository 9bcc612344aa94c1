package dev.stowage.sim.kit.reference;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.PlacementWish;
import dev.stowage.config.HoldUntil;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.config.Reason.MaskRule;
import dev.stowage.lifecycle.Origin;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.rules.MaskRules;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All facts of a fleet, and the predicates of sections 1 and 2 over them. */
final class RefFleet {
  record Era(Lineage token, long beganTick, long lastNumber) {}

  /** A drain window that was longer than the present one, and until when it counts. */
  record FormerWindow(long ticks, long untilTick) {}

  record Told(ChunkNumber number, long since) {}

  record WorkerBook(Map<ChunkKey, Map<WorkerId, Told>> pairs, Map<WorkerId, Incarnation> lives) {}

  LifecycleConfig config;
  long configVersion = 1;
  long workerAssignment;
  long portalAssignment;
  List<Era> eras = new ArrayList<>();
  long lastSwap;

  /** The largest incarnation of a worker that was purged. */
  long purgedLife;

  long watermark;
  List<FormerWindow> formerWindows = new ArrayList<>();
  long largestWindow;
  boolean isFrozen;
  TreeSet<PlacementWish> wishes = new TreeSet<>(PlacementWish.ORDER);
  long wishesVersion;
  long largestTick;

  /** The tick from which silence counts; below 0 before the first cycle. */
  long listeningTick = -1;

  boolean isTimeBelieved;

  /** The least floors of segments since all their chunks had theirs. */
  TreeMap<RefPolicy.Segment, Integer> raises = new TreeMap<>();

  /** True once the fleet had what it was to wait for. */
  boolean isHoldOver;

  TreeMap<ChunkKey, RefChunk> chunks = new TreeMap<>();
  TreeMap<WorkerId, RefWorker> workers = new TreeMap<>();
  TreeMap<Long, RefSwap> swaps = new TreeMap<>();

  /** The newest portal assignment: visible chunks, to whom portals are sent, and the zones. */
  Map<ChunkKey, TreeMap<WorkerId, String>> routes = new TreeMap<>();

  WorkerBook published = new WorkerBook(Map.of(), Map.of());

  List<String> stuck = List.of();

  RefFleet(LifecycleConfig config, Lineage lineage) {
    this.config = config;
    largestWindow = config.drainWindowTicks();
    eras.add(new Era(lineage, 0, 0));
  }

  RefFleet copy() {
    RefFleet copy = new RefFleet(config, eras.get(0).token());
    copy.configVersion = configVersion;
    copy.workerAssignment = workerAssignment;
    copy.portalAssignment = portalAssignment;
    copy.eras = new ArrayList<>(eras);
    copy.lastSwap = lastSwap;
    copy.purgedLife = purgedLife;
    copy.watermark = watermark;
    copy.formerWindows = new ArrayList<>(formerWindows);
    copy.largestWindow = largestWindow;
    copy.isFrozen = isFrozen;
    copy.wishes = new TreeSet<>(wishes);
    copy.wishesVersion = wishesVersion;
    copy.largestTick = largestTick;
    copy.listeningTick = listeningTick;
    copy.isTimeBelieved = isTimeBelieved;
    copy.isHoldOver = isHoldOver;
    copy.raises.putAll(raises);
    chunks.forEach((key, chunk) -> copy.chunks.put(key, chunk.copy()));
    workers.forEach((id, worker) -> copy.workers.put(id, worker.copy()));
    copy.swaps = new TreeMap<>(swaps);
    copy.routes = routes;
    copy.published = published;
    copy.stuck = stuck;
    return copy;
  }

  RefFleet copyOf(WorkerId id) {
    RefFleet copy = new RefFleet(config, eras.get(0).token());
    copy.workerAssignment = workerAssignment;
    copy.eras = eras;
    copy.watermark = watermark;
    copy.largestTick = largestTick;
    copy.listeningTick = listeningTick;
    copy.workers.put(id, holder(id).copy());
    chunks.forEach((key, chunk) -> {
      RefReplica replica = chunk.replicas.get(id);
      if (replica != null) {
        RefChunk alone = chunk.copyWithout();
        alone.replicas.put(id, replica.copy());
        copy.chunks.put(key, alone);
      }
    });
    return copy;
  }

  // ---- looking things up ----

  List<RefChunk> canonicalChunks() {
    List<RefChunk> all = new ArrayList<>(chunks.values());
    all.sort(RefChunk.CANONICAL);
    return all;
  }

  @Nullable RefChunk chunkOf(ChunkNumber number) {
    for (RefChunk chunk : chunks.values()) {
      if (number.equals(chunk.number)) {
        return chunk;
      }
    }
    return null;
  }

  RefWorker holder(WorkerId id) {
    return java.util.Objects.requireNonNull(workers.get(id), "holder");
  }

  Era era() {
    return eras.get(eras.size() - 1);
  }

  ChunkNumber nextNumber() {
    Era now = era();
    eras.set(eras.size() - 1, new Era(now.token(), now.beganTick(), now.lastNumber() + 1));
    return new ChunkNumber(now.token(), now.lastNumber() + 1);
  }

  @Nullable RefSwap replacing(ChunkKey key) {
    return pendingWith(key, true);
  }

  @Nullable RefSwap producing(ChunkKey key) {
    return pendingWith(key, false);
  }

  private @Nullable RefSwap pendingWith(ChunkKey key, boolean onOldSide) {
    for (RefSwap swap : swaps.values()) {
      List<ChunkKey> side = onOldSide ? swap.oldSide() : swap.newSide();
      if (swap.isPending() && side.contains(key)) {
        return swap;
      }
    }
    return null;
  }

  // ---- predicates ----

  /** Returns the floor, from the configuration and explicit weight policies alone. */
  int floor(RefChunk chunk) {
    return RefPolicy.of(this, chunk).floor();
  }

  /** Returns the cap, from the configuration and explicit weight policies alone. */
  int cap(RefChunk chunk) {
    return RefPolicy.of(this, chunk).cap();
  }

  boolean possessed(RefChunk chunk, WorkerId worker) {
    return possessed(replica(chunk, worker), holder(worker));
  }

  boolean possessed(RefReplica replica, RefWorker holder) {
    return !replica.isMissing() && holder.lastApplied >= replica.since;
  }

  boolean confirmed(RefReplica replica, RefWorker holder) {
    boolean byWatermark = !config.confirmation().isPerWorker() && holder.isCaughtUp;
    long upTo = byWatermark ? watermark : holder.lastApplied;
    return !replica.isMissing() && upTo >= replica.since;
  }

  boolean confirmed(RefChunk chunk, WorkerId worker) {
    return confirmed(replica(chunk, worker), holder(worker));
  }

  /** Reports whether a replica would be routed if its chunk were visible. */
  boolean routable(RefChunk chunk, WorkerId worker) {
    RefReplica replica = replica(chunk, worker);
    RefWorker holder = holder(worker);
    return holder.isPresent()
        && confirmed(replica, holder)
        && !replica.isDraining()
        && (!holder.isAway() || isMissedByReaders(chunk, holder));
  }

  /** Reports whether readers still need a worker that is to go, and it has not gone. */
  private boolean isMissedByReaders(RefChunk chunk, RefWorker away) {
    long others =
        chunk.replicas.keySet().stream()
            .filter(id -> holder(id).isCounted() && !holder(id).mayStop())
            .filter(id -> replica(chunk, id).isAssigned() && confirmed(chunk, id))
            .count();
    return away.absence == null && others < away.copiesElsewhere;
  }

  /** Returns the copies that the announced absences of its holders ask for on other workers. */
  int askedElsewhere(RefChunk chunk) {
    return chunk.replicas.keySet().stream()
        .filter(id -> replica(chunk, id).isAssigned())
        .mapToInt(id -> holder(id).copiesElsewhere)
        .max()
        .orElse(0);
  }

  /**
   * Returns the floor that a plan is told. What workers hold that are away stays with them unless
   * it is given up, and comes on top of what is asked for elsewhere: the floor, until portals see
   * the chunk, and while a present worker that holds it is to leave.
   */
  int plannedFloor(RefChunk chunk, int reached, long now) {
    int elsewhere = askedElsewhere(chunk);
    if (elsewhere == 0) {
      return reached;
    }
    boolean isLeft =
        chunk.replicas.keySet().stream()
            .map(this::holder)
            .anyMatch(it -> it.isPresent() && it.description.status() == WorkerStatus.LEAVING);
    if (isLeft || !chunk.isVisible()) {
      elsewhere = Math.max(elsewhere, reached);
    }
    int kept = 0;
    for (WorkerId id : chunk.replicas.keySet()) {
      boolean isKept = holder(id).isAway() && !givenUp(chunk, id, now);
      kept += isKept && replica(chunk, id).isAssigned() ? 1 : 0;
    }
    return Math.max(reached, elsewhere + kept);
  }

  /** Returns the floor from which each chunk is raised, its own if it is not. */
  Map<ChunkKey, Integer> formerFloors() {
    Map<ChunkKey, Integer> floors = new TreeMap<>();
    chunks.forEach((key, chunk) -> floors.put(key, formerFloor(chunk)));
    return floors;
  }

  /** Begins to raise the segments of chunks that had a lower floor under a former configuration. */
  void beginRaises(Map<ChunkKey, Integer> floorsBefore) {
    raises.clear();
    for (RefChunk chunk : chunks.values()) {
      int before = Objects.requireNonNull(floorsBefore.get(chunk.key));
      if (chunk.isVisible() && before < floor(chunk)) {
        raises.merge(RefPolicy.of(this, chunk).segment(), before, Math::min);
      }
    }
  }

  /** Ends the raises of segments whose chunks all have their floors. */
  void endRaises() {
    raises
        .keySet()
        .removeIf(segment ->
            chunks.values().stream()
                .filter(it -> it.isVisible() && it.isOncePossessed)
                .filter(it -> RefPolicy.of(this, it).segment().equals(segment))
                .allMatch(it -> possessedOnCounted(it) >= floor(it)));
  }

  int formerFloor(RefChunk chunk) {
    RefPolicy policy = RefPolicy.of(this, chunk);
    return chunk.isVisible()
        ? Math.min(policy.floor(), raises.getOrDefault(policy.segment(), policy.floor()))
        : policy.floor();
  }

  /** Returns the copies that a chunk has or is to have, up to its floor. */
  int reached(RefChunk chunk, long now) {
    int wanted = 0;
    for (WorkerId id : chunk.replicas.keySet()) {
      boolean isThere = holder(id).isPresent() && !givenUp(chunk, id, now);
      wanted += isThere && replica(chunk, id).isAssigned() ? 1 : 0;
    }
    return Math.min(floor(chunk), Math.max(wanted, possessedOnPresent(chunk)));
  }

  /** Returns the floor of a chunk that is not raised now. */
  int reachedFloor(RefChunk chunk, long now) {
    return Math.max(formerFloor(chunk), reached(chunk, now));
  }

  /**
   * Returns the floors that a plan with these bytes to move raises, in canonical order: first of
   * chunks that some worker has room for.
   */
  Map<ChunkKey, Integer> raised(long movementBytes, long now) {
    long budget = config.raiseBudgetBytes();
    long most = budget == LifecycleConfig.LIKE_MOVES ? movementBytes : budget;
    long left = most;
    Map<ChunkKey, Integer> raised = new TreeMap<>();
    List<RefChunk> order = new ArrayList<>();
    List<RefChunk> roomless = new ArrayList<>();
    for (RefChunk chunk : canonicalChunks()) {
      int reached = reached(chunk, now);
      if (reached >= formerFloor(chunk) && reached < floor(chunk)) {
        (hasTaker(chunk) ? order : roomless).add(chunk);
      }
    }
    order.addAll(roomless);
    for (RefChunk chunk : order) {
      for (int more = reached(chunk, now); left > 0 && more < floor(chunk); more++) {
        long size = Math.max(1, chunk.sizeBytes);
        if (size > left && left < most) {
          break;
        }
        raised.put(chunk.key, more + 1);
        left = Math.max(0, left - size);
      }
    }
    return raised;
  }

  private boolean hasTaker(RefChunk chunk) {
    return workers.keySet().stream()
        .anyMatch(id ->
            holder(id).isPlaceable()
                && !chunk.replicas.containsKey(id)
                && RefPolicy.of(this, chunk).eligibility().admits(holder(id).description)
                && !isBanned(chunk, id)
                && !isForbidden(chunk, id, Set.of())
                && hasRoom(id, chunk.sizeBytes)
                && isWithinDomains(id, it -> isWantedThere(chunk, it)));
  }

  /** Reports whether rules about datasets count the replicas of a chunk. */
  boolean isRuled(RefChunk chunk) {
    return MaskRules.isAnyOf(config.placement(), chunk.key.dataset());
  }

  /** Reports whether a rule forbids a worker a chunk beside what it has and is given. */
  boolean isForbidden(RefChunk chunk, WorkerId id, Set<DatasetId> given) {
    MaskRule.Holdings holdings = holdings(id, it -> given.contains(it) || hasAny(id, it));
    return MaskRules.broken(config.placement(), chunk.key.dataset(), holdings) != null;
  }

  /** Reports whether a rule may keep a chunk off a worker for the sake of others. */
  boolean mayRefuse(RefChunk chunk, WorkerId id) {
    return MaskRules.isAny(config.placement())
        && MaskRules.mayRefuse(
            config.placement(), chunk.key.dataset(), holdings(id, it -> hasAny(id, it)));
  }

  private MaskRule.Holdings holdings(WorkerId id, Predicate<DatasetId> hasAny) {
    return new MaskRule.Holdings(holder(id).description, hasAny);
  }

  private boolean hasAny(WorkerId id, DatasetId dataset) {
    return chunks.values().stream()
        .anyMatch(it -> it.key.dataset().equals(dataset) && it.replicas.containsKey(id));
  }

  private boolean isBanned(RefChunk chunk, WorkerId id) {
    return wishes.stream()
        .anyMatch(wish ->
            wish.kind() == PlacementWish.Kind.BAN
                && wish.worker().equals(id)
                && wish.dataset().equals(chunk.key.dataset())
                && wish.chunkId().map(chunk.key.id()::equals).orElse(true));
  }

  private boolean hasRoom(WorkerId id, long bytes) {
    long count = 0;
    BigInteger held = BigInteger.ZERO;
    for (RefChunk other : chunks.values()) {
      boolean isThere = other.replicas.containsKey(id);
      count += isThere ? 1 : 0;
      held = isThere ? held.add(BigInteger.valueOf(other.sizeBytes)) : held;
    }
    BigInteger then = held.add(BigInteger.valueOf(bytes));
    return count < holder(id).description.maxReplicas()
        && then.compareTo(BigInteger.valueOf(holder(id).description.capacityBytes())) <= 0;
  }

  /** Reports whether the domains of a worker have room for it beside those that count. */
  boolean isWithinDomains(WorkerId taker, Predicate<WorkerId> counts) {
    return config.placement().maxPerDomain().entrySet().stream()
        .allMatch(limit -> {
          String domain = holder(taker).description.domain(limit.getKey());
          long in =
              workers.keySet().stream()
                  .filter(id -> !id.equals(taker) && counts.test(id))
                  .filter(id -> holder(id).description.domain(limit.getKey()).equals(domain))
                  .count();
          return in < limit.getValue();
        });
  }

  private boolean isWantedThere(RefChunk chunk, WorkerId id) {
    RefReplica replica = chunk.replicas.get(id);
    return replica != null && replica.isAssigned() && holder(id).isPresent();
  }

  boolean routed(RefChunk chunk, WorkerId worker) {
    return chunk.isVisible() && routable(chunk, worker);
  }

  boolean readable(RefChunk chunk, WorkerId worker, long now) {
    RefReplica replica = replica(chunk, worker);
    return readable(replica, routed(chunk, worker), now);
  }

  boolean readable(RefReplica replica, boolean isRouted, long now) {
    return !replica.isMissing() && (isRouted || replica.isNamed || now < replica.readableUntil);
  }

  RefReplica replica(RefChunk chunk, WorkerId worker) {
    return java.util.Objects.requireNonNull(chunk.replicas.get(worker), "replica");
  }

  int possessedOnCounted(RefChunk chunk) {
    int count = 0;
    for (WorkerId worker : chunk.replicas.keySet()) {
      count += possessed(chunk, worker) && holder(worker).isCounted() ? 1 : 0;
    }
    return count;
  }

  int possessedOnPresent(RefChunk chunk) {
    int count = 0;
    for (WorkerId worker : chunk.replicas.keySet()) {
      count += possessed(chunk, worker) && holder(worker).isPresent() ? 1 : 0;
    }
    return count;
  }

  /** Reports whether a chunk may become visible (section 4, step 2), apart from its swap. */
  boolean promotable(RefChunk chunk) {
    if (chunk.state != ChunkState.ADMITTED || chunk.isMarked) {
      return false;
    }
    boolean isThere = false;
    int proved = 0;
    for (WorkerId worker : chunk.replicas.keySet()) {
      isThere |= routable(chunk, worker);
      boolean drains = replica(chunk, worker).isDraining();
      proved += !drains && possessed(chunk, worker) && holder(worker).isCounted() ? 1 : 0;
    }
    return isThere && (config.gates() == Gates.NONE || proved >= floor(chunk));
  }

  /** Reports whether a missing replica has been given up (section 2). */
  boolean givenUp(RefChunk chunk, WorkerId worker, long now) {
    return isStalled(chunk, worker, now)
        || isMissingFor(config.giveUpAfterTicks(), chunk, worker, now);
  }

  private boolean isMissingFor(long patience, RefChunk chunk, WorkerId worker, long now) {
    RefReplica replica = replica(chunk, worker);
    boolean isSourceMissing = chunk.isOncePossessed && possessedOnCounted(chunk) == 0;
    return replica.isMissing()
        && patience != LifecycleConfig.NEVER
        && now - replica.missingSince >= patience
        && !isSourceMissing;
  }

  /** Reports whether a replica is made elsewhere too, and kept. */
  boolean isStalled(RefChunk chunk, WorkerId worker, long now) {
    RefReplica replica = replica(chunk, worker);
    int there = possessedOnCounted(chunk);
    int floor = formerFloor(chunk);
    boolean isAtRisk =
        chunk.state == ChunkState.VISIBLE && there < floor && (there <= 1 || 2 * there < floor);
    return isAtRisk
        && isMissingFor(stallPatience(chunk, replica), chunk, worker, now)
        && !isMissingFor(config.giveUpAfterTicks(), chunk, worker, now)
        && !isTaking(worker, replica.since);
  }

  private boolean isTaking(WorkerId worker, long since) {
    return chunks.values().stream()
        .filter(chunk -> chunk.replicas.containsKey(worker))
        .anyMatch(it -> replica(it, worker).since >= since && possessed(it, worker));
  }

  private long stallPatience(RefChunk chunk, RefReplica replica) {
    long patience = config.stallAfterTicks();
    for (RefReplica other : chunk.replicas.values()) {
      boolean isEarlier = other.isMissing() && other.missingSince < replica.missingSince;
      patience = isEarlier ? plus(patience, patience) : patience;
    }
    return patience;
  }

  /** Marks possessed chunks as once possessed, and replicas of lost disks as restored. */
  void notePossession() {
    for (RefChunk chunk : chunks.values()) {
      chunk.replicas.forEach((worker, replica) -> {
        if (possessed(replica, holder(worker))) {
          chunk.isOncePossessed = true;
          replica.isOfLostDisk = false;
        }
      });
    }
  }

  /** Returns what the first placement waits for; empty if it does not wait. */
  Optional<HoldUntil.Wait> hold() {
    HoldUntil until = config.holdUntil();
    if (until.equals(HoldUntil.NONE) || isHoldOver) {
      return Optional.empty();
    }
    BigInteger have = BigInteger.ZERO;
    for (RefWorker worker : workers.values()) {
      if (worker.isCounted()) {
        have =
            have.add(
                until.measure() == HoldUntil.Measure.WORKERS
                    ? BigInteger.ONE
                    : BigInteger.valueOf(worker.description.capacityBytes()));
      }
    }
    boolean isPlaced =
        chunks.values().stream()
            .flatMap(chunk -> chunk.replicas.values().stream())
            .anyMatch(replica -> replica.origin != Origin.FOUND);
    boolean isMet = have.compareTo(BigInteger.valueOf(until.least())) >= 0 || isPlaced;
    return isMet ? Optional.empty() : Optional.of(new HoldUntil.Wait(until, have.longValue()));
  }

  // ---- time ----

  /**
   * Reports whether a cycle is further ahead of the largest tick than the configuration allows;
   * never while a clock vouches for the time.
   */
  boolean isTooFarAhead(long now) {
    return !isTimeBelieved && listeningTick >= 0 && now > plus(largestTick, config.maxStepTicks());
  }

  void advance(long tick, boolean isAdmission) {
    boolean isPause = config.trust().isGuarded() && tick - largestTick > config.suspectAfterTicks();
    if (listeningTick < 0 ? !isAdmission : isPause) {
      listeningTick = tick;
    }
    largestTick = tick;
  }

  long silentSince(RefWorker worker) {
    long since = Math.max(worker.lastSeen, listeningTick);
    return worker.isAway() ? since : Math.max(since, worker.awayUntil);
  }

  static long plus(long tick, long ticks) {
    return tick > Long.MAX_VALUE - ticks ? Long.MAX_VALUE : tick + ticks;
  }

  long windowAt(long tick) {
    long window = config.drainWindowTicks();
    for (FormerWindow former : formerWindows) {
      if (tick < former.untilTick()) {
        window = Math.max(window, former.ticks());
      }
    }
    return window;
  }

  boolean hasDomainLimits() {
    return !config.placement().maxPerDomain().isEmpty();
  }

  boolean isPaused(long tick) {
    long pause = Math.max(config.lineagePauseTicks(), largestWindow);
    return eras.size() > 1 && tick < plus(era().beganTick(), pause);
  }
}
