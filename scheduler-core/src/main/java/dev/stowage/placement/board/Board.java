package dev.stowage.placement.board;

import dev.stowage.columns.IntColumn;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.model.InvariantViolation;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.fleet.Fit;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.Pool;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.input.ChunkColumns;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.HeldReplicas;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The working state of one plan, with an undo log (the trail of a constraint solver). All changes
 * go through it, so slots and sums agree: a worker's capacity is its free bytes, its leftover and
 * its wanted ones. An addition without room is an {@link InvariantViolation}.
 *
 * <p>From {@link #mark} on, additions, redirections, supersessions and readoptions are noted in
 * four numbers each, and {@link #rollBack} undoes them, the last first. A change and its undoing
 * take time by the replicas of the chunk. Preemptions are not noted; {@link #restore} undoes one.
 *
 * <p>One chunk is in focus. Its workers and domains carry the number of the focus as a stamp, so
 * that the next focus clears none of them, and whether a worker holds the chunk is one comparison.
 * The stamps follow additions alone: after another change the chunk is brought into focus again.
 *
 * <p>{@link #raised} grows whenever wanted bytes shrink, by undoing too. That a search found
 * nothing may be remembered until it does.
 */
public final class Board {
  private static final int NOBODY = DomainRule.NOBODY;
  private static final int PER_NOTE = 4;

  public final FlatInput input;
  public final Fleet fleet;
  public final Fit fit;
  public final ChunkColumns chunks;
  public final Slots slots;

  public final DomainRule domains;

  public final Searches searches = new Searches();

  public final Catalogue catalogue;

  /** Capacity less footprint in bytes, by worker; negative above a reduced capacity. */
  public final long[] free;

  /** Superseded and draining bytes, by worker. */
  public final long[] leftover;

  /** Wanted bytes that are not possessed, by worker; of no use unless the fleet is paced. */
  final long[] coming;

  /** When workers have urgent copies; null if there is none, or no link is described. */
  public @Nullable ArrivalTimes arrivals;

  /** The number of further replicas allowed, by worker; negative above a reduced limit. */
  final int[] spare;

  /** The number of superseded and draining replicas, by worker; 0 unless replicas are counted. */
  private final int[] leftoverCopies;

  /** The bytes each worker can be expected to hold, also bounded by its replica limit. */
  public long[] reach;

  /** Wanted bytes of ending chunks, by worker; they take room but count for no level. */
  final long[] ending;

  /** The water level in bytes, by worker, above which no new replica should raise the worker. */
  public final long[] level;

  /** The number of the common fill of each worker; 0 without a level. */
  public final int[] basin;

  /** The wanted number of replicas by floor and weight, by chunk. */
  public final IntColumn target;

  /** The target less recent losses, by chunk; the target column itself without losses. */
  public final IntColumn goal;

  /** Workers whose wanted bytes or replicas exceeded their capacity or limit at the start. */
  public final boolean[] cut;

  /** Workers whose wanted bytes shrank, in order of the changes. */
  public final IntList raised = new IntList();

  /** The chunk and worker of each addition, in turn, since {@link #logAdditions}. */
  public final IntList additions = new IntList();

  /** A counter of permanent gains of room that may exceed the need. */
  public long reliefs;

  /** A counter of preemptions, undone ones included. */
  public long preemptions;

  /** The copies of new chunks by worker; null without new chunks. */
  public @Nullable NewCopies newCopies;

  /** Additions made possible by preemption, which must stay in place. */
  public final Set<Long> anchored = new HashSet<>();

  /** Chunks with a preempted routed replica. */
  private final Set<Integer> thinned = new HashSet<>();

  /** Chunk, former worker, worker and former bits of each change since the first mark. */
  private final IntList journal = new IntList();

  private boolean isMarked;
  private boolean logging;
  private final int[] holderStamp;
  private final int[] zoneStamp;
  private final int[][] innerStamp;
  private int stamp;

  /** The number of outermost domains that matter with a replica of the chunk in focus. */
  public int zonesSeen;

  /** The number of domains with a replica of the chunk in focus, by further level. */
  public final int[] innerSeen;

  public Board(FlatInput input, Fleet fleet) {
    this(input, fleet, input.held);
  }

  public Board(FlatInput input, Fleet fleet, HeldReplicas held) {
    this(input, fleet, held, new ScannedCatalogue(input.chunks));
  }

  public Board(FlatInput input, Fleet fleet, ReplicationTargets targets) {
    this(input, fleet, input.held, new ScannedCatalogue(input.chunks, targets));
  }

  private Board(FlatInput input, Fleet fleet, HeldReplicas held, Catalogue catalogue) {
    this(input, fleet, held, Aims.none(input.chunks, fleet.count), catalogue);
  }

  private Board(FlatInput input, Fleet fleet, HeldReplicas held, Aims aims, Catalogue catalogue) {
    this(input, fleet, new Slots(held, aims.target(), fleet.present), aims, catalogue);
  }

  public Board(FlatInput input, Fleet fleet, Slots slots, Aims aims, Catalogue catalogue) {
    this.input = input;
    this.fleet = fleet;
    fit = new Fit(input, fleet);
    chunks = input.chunks;
    free = fleet.capacity.clone();
    leftover = new long[fleet.count];
    coming = new long[fleet.count];
    spare = fleet.limit.clone();
    leftoverCopies = new int[fleet.count];
    reach = fleet.capacity;
    ending = new long[fleet.count];
    level = new long[fleet.count];
    cut = new boolean[fleet.count];
    basin = new int[fleet.count];
    target = aims.target();
    goal = aims.goal();
    this.slots = slots;
    this.catalogue = catalogue;
    domains = new DomainRule(this);
    holderStamp = new int[fleet.count];
    zoneStamp = new int[fleet.count];
    innerSeen = new int[fleet.inner.length];
    innerStamp = new int[fleet.inner.length][fleet.count];
  }

  public void learnCuts() {
    for (int worker = 0; worker < fleet.count; worker++) {
      boolean isOver = wantedBytes(worker) > fleet.capacity[worker] || copiesOver(worker) > 0;
      cut[worker] = fleet.present[worker] && isOver;
    }
  }

  void countCopies(Tally tally) {
    for (int worker : fleet.order) {
      spare[worker] = fleet.limit[worker] - tally.copies[worker];
      leftoverCopies[worker] = tally.leftoverCopies[worker];
    }
  }

  public boolean takes(int worker, long size) {
    return free[worker] >= size && spare[worker] > 0;
  }

  /** Returns how many more replicas a worker may hold; negative above its limit. */
  public int spare(int worker) {
    return spare[worker];
  }

  /** Returns the free bytes of a worker, or 0 if negative or at its replica limit. */
  public long usable(int worker) {
    return spare[worker] > 0 ? Math.max(0, free[worker]) : 0;
  }

  /** Returns the wanted replicas above a worker's limit; at most 0 within the limit. */
  public int copiesOver(int worker) {
    return -spare[worker] - leftoverCopies[worker];
  }

  boolean wasOver(Tally tally, int worker) {
    return fleet.isLimited
        && tally.copies[worker] - tally.leftoverCopies[worker] > fleet.limit[worker];
  }

  /** Returns the least chunk size with any bytes, or {@code Long.MAX_VALUE}. */
  public long leastSize() {
    return catalogue.leastSize();
  }

  /** Returns the largest chunk size, or 0. */
  public long largestSize() {
    return catalogue.largestSize();
  }

  public WorkerIndex chunksOn(boolean[] wanted) {
    return catalogue.chunksOn(slots, wanted);
  }

  /** Returns the chunks that this plan adds to workers, in canonical order. */
  public WorkerIndex additionsOn(boolean[] wanted) {
    int[] touched = slots.touched.toArray();
    Order.canonically(touched, 0, touched.length, input.chunkOrder);
    return slots.additionsOn(wanted, touched);
  }

  public WorkerIndex chunksOnAll() {
    boolean[] all = new boolean[fleet.count];
    Arrays.fill(all, true);
    return chunksOn(all);
  }

  public Pool pool(int chunk) {
    return fleet.pools[chunks.pool(chunk)];
  }

  /** Reports whether no copy of a chunk is urgent or on the way, or a worker has it in time. */
  public boolean isInTime(int chunk, int worker) {
    return arrivals == null
        || !(arrivals.isUrgent(chunk) || isComing(chunk))
        || arrivals.isInTime(chunk, worker);
  }

  private boolean isComing(int chunk) {
    boolean isComing = false;
    for (int at = input.held.begin(chunk); at < input.held.end(chunk); at++) {
      isComing |= Slots.isComing(input.held.bits()[at]);
    }
    return isComing;
  }

  /** Returns the wanted bytes on a worker without those of ending chunks. */
  public long wantedBytes(int worker) {
    return fleet.capacity[worker] - free[worker] - leftover[worker] - ending[worker];
  }

  /** Returns the wanted bytes on a worker and on those whose copies it takes over. */
  public long expectedBytes(int worker) {
    long bytes = wantedBytes(worker);
    for (int i = 0; i < fleet.bonds.length; i += 2) {
      bytes += fleet.bonds[i + 1] == worker ? wantedBytes(fleet.bonds[i]) : 0;
    }
    return bytes;
  }

  /** Returns the bytes of all wanted replicas on a worker, those of ending chunks included. */
  public long assignedBytes(int worker) {
    return fleet.capacity[worker] - free[worker] - leftover[worker];
  }

  /** Reports whether a replica was wanted before the plan. */
  public boolean wasWanted(int chunk, int worker) {
    for (int at = input.held.begin(chunk); at < input.held.end(chunk); at++) {
      if (input.held.worker()[at] == worker) {
        return (input.held.bits()[at] & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
      }
    }
    return false;
  }

  long endingBytes(int chunk) {
    return chunks.isEnding(chunk) ? chunks.size[chunk] : 0;
  }

  /** Returns the bytes by which a worker lies below its water level; negative above it. */
  public long head(int worker) {
    return level[worker] - wantedBytes(worker);
  }

  public boolean isWanted(int chunk, int worker) {
    int slot = slots.find(chunk, worker);
    return slot >= 0 && Slots.isWanted(slots.bits(slot));
  }

  /**
   * Reports whether the rules let a worker have a replica of a chunk, room and status aside, once
   * that of {@code instead} is gone ({@link DomainRule#NOBODY} if none goes). Every phase asks
   * here; {@link #refusal} says why not.
   */
  public boolean mayCome(int chunk, int worker, int instead) {
    return fit.admits(chunk, worker) && domains.admitsInstead(chunk, worker, instead);
  }

  /** Returns why a worker is given no replica of a chunk now, or null if it has room for it. */
  public @Nullable Reason refusal(int chunk, int worker) {
    Reason fixed = fit.refuses(chunk, worker);
    if (fixed != null) {
      return fixed;
    }
    if (fleet.capacity[worker] < chunks.size[chunk]) {
      return Reason.LARGER_THAN_ANY_WORKER;
    }
    if (!domains.admits(chunk, worker)) {
      return Reason.DOMAIN_LIMIT;
    }
    if (free[worker] < chunks.size[chunk]) {
      return Reason.NO_ROOM;
    }
    if (spare[worker] <= 0) {
      return Reason.MAX_REPLICAS;
    }
    return isWithinShare(chunk, worker) ? null : Reason.NEW_SHARE;
  }

  public boolean isPinnedPair(int chunk, int worker) {
    return PairSet.contains(input.pins, chunk, worker);
  }

  public boolean isSpreadWanted(int chunk) {
    return fleet.zones > 1 && fleet.isSpreadWanted(chunks.floor(chunk), chunks.pool(chunk));
  }

  /** Returns the number of wanted replicas on present workers that are not given up. */
  public int soundCount(int chunk) {
    return slots.soundCount(chunk);
  }

  /** Sets the chunk in focus; misplaced replicas count for no domain, because they will go. */
  public void focus(int chunk) {
    stamp++;
    zonesSeen = 0;
    Arrays.fill(innerSeen, 0);
    int end = slots.end(chunk);
    for (int slot = slots.begin(chunk); slot < end; slot++) {
      int worker = slots.worker(slot);
      holderStamp[worker] = stamp;
      if (Slots.isSound(slots.bits(slot))
          && fleet.present[worker]
          && !fit.isMisplaced(chunk, worker)) {
        seeZone(worker);
      }
    }
  }

  public int focusCount() {
    return stamp;
  }

  public boolean holds(int worker) {
    return holderStamp[worker] == stamp;
  }

  public boolean inNewDomain(int worker, int level) {
    return level == 0
        ? zoneStamp[fleet.zone[worker]] != stamp
        : innerStamp[level - 1][fleet.inner[level - 1][worker]] != stamp;
  }

  /** Ignores the replica in the worker's domain of a level until the next focus. */
  public void vacate(int worker, int level) {
    if (level == 0) {
      zoneStamp[fleet.zone[worker]] = 0;
      zonesSeen--;
    } else {
      innerStamp[level - 1][fleet.inner[level - 1][worker]] = 0;
      innerSeen[level - 1]--;
    }
  }

  private void seeZone(int worker) {
    int zone = fleet.zone[worker];
    if (zoneStamp[zone] != stamp) {
      zoneStamp[zone] = stamp;
      zonesSeen++;
    }
    for (int level = 0; level < innerSeen.length; level++) {
      int domain = fleet.inner[level][worker];
      if (innerStamp[level][domain] != stamp) {
        innerStamp[level][domain] = stamp;
        innerSeen[level]++;
      }
    }
  }

  public void add(int chunk, int worker, int because) {
    note(chunk, NOBODY, worker, 0);
    slots.add(chunk, worker, because);
    occupy(chunk, worker);
    holderStamp[worker] = stamp;
    seeZone(worker);
    if (logging) {
      additions.add(chunk);
      additions.add(worker);
    }
  }

  /** Reports whether the new share of workers bounds where a chunk is placed. */
  public boolean isShared(int chunk) {
    return newCopies != null && newCopies.isBounded(chunk);
  }

  /** Reports whether a worker may be given a chunk beside the fixed rules: its new share. */
  public boolean isWithinShare(int chunk, int worker) {
    return newCopies == null || newCopies.admits(chunk, worker);
  }

  public void settle() {
    raised.clear();
    additions.clear();
  }

  public boolean isFreeToGo(int chunk, int worker, int bits) {
    return Slots.isAdded(bits)
        && (anchored.isEmpty() || !anchored.contains(PairSet.pair(chunk, worker)));
  }

  public boolean isThinned() {
    return !thinned.isEmpty();
  }

  /** Reports whether no routed replica of the chunk was preempted, or the floor stays routed. */
  public boolean mayGiveUp(int chunk, int worker) {
    if (thinned.isEmpty() || !thinned.contains(chunk)) {
      return true;
    }
    int slot = slots.find(chunk, worker);
    return slot < 0
        || (slots.bits(slot) & ReplicaBits.ROUTED) == 0
        || keepsRoutedFloor(chunk, slot);
  }

  /** Excludes additions that replicas were preempted for, because moving them would waste that. */
  public boolean isMovable(int chunk, int slot) {
    int bits = slots.bits(slot);
    int worker = slots.worker(slot);
    return Slots.isSound(bits)
        && (!Slots.isAdded(bits) || isFreeToGo(chunk, worker, bits))
        && !chunks.is(chunk, ChunkBits.PINNED)
        && !isPinnedPair(chunk, worker)
        && mayGiveUp(chunk, worker);
  }

  public boolean keepsRoutedFloor(int chunk, int without) {
    int routed = 0;
    int end = slots.end(chunk);
    for (int slot = slots.begin(chunk); slot < end; slot++) {
      int bits = slots.bits(slot);
      if (slot != without
          && Slots.isWanted(bits)
          && (bits & ReplicaBits.ROUTED) != 0
          && fleet.counted[slots.worker(slot)]) {
        routed++;
      }
    }
    return routed >= chunks.floor(chunk);
  }

  public void logAdditions() {
    logging = true;
  }

  /** Returns a mark of this moment for {@link #rollBack}, until {@link #keep}. */
  public int mark() {
    isMarked = true;
    return journal.size();
  }

  /** Reverts the notes since a mark. */
  public void rollBack(int mark) {
    for (int at = journal.size() - PER_NOTE; at >= mark; at -= PER_NOTE) {
      int chunk = journal.get(at);
      int from = journal.get(at + 1);
      int to = journal.get(at + 2);
      int bits = journal.get(at + 3);
      int slot = slots.find(chunk, to);
      if (from == NOBODY) {
        undoAdd(chunk, slot);
      } else if (from != to) {
        redirect(chunk, slot, from);
      } else if (Slots.isWanted(bits)) {
        readopt(chunk, slot, Slots.because(bits));
      } else {
        supersede(chunk, slot, Slots.because(bits));
      }
    }
    journal.truncate(mark);
  }

  /** Ends all marks; returns the chunk and worker of each addition since the first, in turn. */
  public IntList keep() {
    IntList added = new IntList(0);
    for (int at = 0; at < journal.size(); at += PER_NOTE) {
      if (journal.get(at + 1) == NOBODY) {
        added.add(journal.get(at));
        added.add(journal.get(at + 2));
      }
    }
    journal.clear();
    isMarked = false;
    return added;
  }

  /** Takes changes from the budget; each addition must follow the supersession of its source. */
  public boolean tryCharge(MovementLedger ledger, int mark) {
    boolean granted = true;
    int at = mark;
    for (; at < journal.size() && granted; at += PER_NOTE) {
      long size = chunks.size[journal.get(at)];
      int from = journal.get(at + 1);
      int to = journal.get(at + 2);
      granted =
          from == NOBODY
              ? ledger.take(journal.get(at - 2), to, size)
              : from == to || ledger.redirect(from, to, size);
    }
    for (at -= 2 * PER_NOTE; at >= mark && !granted; at -= PER_NOTE) {
      int from = journal.get(at + 1);
      if (from != NOBODY && from != journal.get(at + 2)) {
        ledger.redirect(journal.get(at + 2), from, chunks.size[journal.get(at)]);
      }
    }
    return granted;
  }

  private void note(int chunk, int from, int to, int bits) {
    if (isMarked) {
      journal.add(chunk);
      journal.add(from);
      journal.add(to);
      journal.add(bits);
    }
  }

  private void occupy(int chunk, int worker) {
    long size = chunks.size[chunk];
    if (!takes(worker, size)) {
      throw new InvariantViolation(
          "placement.no-overcommit",
          "worker "
              + worker
              + " has "
              + free[worker]
              + " free bytes, and room for "
              + spare[worker]
              + " replicas; "
              + size
              + " bytes are placed");
    }
    free[worker] -= size;
    coming[worker] += size;
    spare[worker]--;
    ending[worker] += endingBytes(chunk);
    if (newCopies != null) {
      newCopies.count(chunk, worker, 1);
    }
  }

  private void release(int chunk, int worker) {
    free[worker] += chunks.size[chunk];
    coming[worker] -= chunks.size[chunk];
    spare[worker]++;
    ending[worker] -= endingBytes(chunk);
    raised.add(worker);
    if (newCopies != null) {
      newCopies.count(chunk, worker, -1);
    }
  }

  public void undoAdd(int chunk, int slot) {
    release(chunk, slots.worker(slot));
    slots.remove(chunk, slot);
  }

  /** Returns free bytes by worker after drains (may be negative), then free replicas if counted. */
  public long[] roomAfterDrains() {
    long[] room = new long[fleet.isLimited ? 2 * fleet.count : fleet.count];
    for (int worker = 0; worker < fleet.count; worker++) {
      room[worker] = free[worker] + leftover[worker];
    }
    for (int at = fleet.count; at < room.length; at++) {
      room[at] = -copiesOver(at - fleet.count);
    }
    return room;
  }

  /** Reports whether a worker can want {@code size} more of its held bytes. */
  public boolean fitsAgain(int worker, long size) {
    return free[worker] + leftover[worker] >= size && copiesOver(worker) < 0;
  }

  /** Wants a held replica again; its bytes are charged already. */
  public int readopt(int chunk, int slot, int because) {
    return drain(chunk, slot, -1, because);
  }

  /** Wants the replica of a slot again, in place of the one on a worker. */
  public void exchange(int chunk, int known, int instead, int because) {
    boolean isDropped = (slots.bits(known) & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
    readopt(chunk, known, isDropped ? 0 : because);
    int slot = slots.find(chunk, instead);
    if (Slots.isAdded(slots.bits(slot))) {
      undoAdd(chunk, slot);
    } else {
      supersede(chunk, slot, because);
    }
  }

  /** Stops wanting a held replica; its bytes stay charged until it has drained. */
  public int supersede(int chunk, int slot, int because) {
    raised.add(slots.worker(slot));
    return drain(chunk, slot, 1, because);
  }

  private int drain(int chunk, int slot, int sign, int because) {
    int worker = slots.worker(slot);
    note(chunk, worker, worker, slots.bits(slot));
    leftover[worker] += sign * chunks.size[chunk];
    coming[worker] -= Slots.isPossessed(slots.bits(slot)) ? 0 : sign * chunks.size[chunk];
    leftoverCopies[worker] += sign;
    ending[worker] -= sign * endingBytes(chunk);
    return slots.mark(chunk, slot, sign < 0 ? Slots.WANTED : 0, because);
  }

  public int preempt(int chunk, int slot, int because) {
    preemptions++;
    int worker = slots.worker(slot);
    int bits = slots.bits(slot);
    if (!Slots.isWanted(bits)) {
      leftover[worker] -= chunks.size[chunk];
      leftoverCopies[worker]--;
    } else {
      ending[worker] -= endingBytes(chunk);
    }
    free[worker] += chunks.size[chunk];
    spare[worker]++;
    raised.add(worker);
    if ((bits & ReplicaBits.ROUTED) != 0) {
      thinned.add(chunk);
    }
    return slots.mark(chunk, slot, 0, because);
  }

  public void restore(int chunk, int slot) {
    int worker = slots.worker(slot);
    boolean assigned = (slots.bits(slot) & ReplicaBits.STATE_MASK) == 0;
    if (!assigned) {
      leftover[worker] += chunks.size[chunk];
      leftoverCopies[worker]++;
    } else {
      ending[worker] += endingBytes(chunk);
    }
    free[worker] -= chunks.size[chunk];
    spare[worker]--;
    slots.mark(chunk, slot, assigned ? Slots.WANTED : 0, 0);
  }

  public void redirect(int chunk, int slot, int to) {
    reliefs++;
    note(chunk, slots.worker(slot), to, 0);
    release(chunk, slots.worker(slot));
    occupy(chunk, to);
    slots.redirect(chunk, slot, to);
  }
}
