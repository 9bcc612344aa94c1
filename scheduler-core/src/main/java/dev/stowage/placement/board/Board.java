package dev.stowage.placement.board;

import dev.stowage.columns.IntColumn;
import dev.stowage.columns.IntList;
import dev.stowage.model.InvariantViolation;
import dev.stowage.placement.ReplicaBits;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.Pool;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.input.ChunkColumns;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.HeldReplicas;
import dev.stowage.placement.input.PairSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The working state of one plan: every replica's slot, and the room on every worker. All changes go
 * through here, so that the two can never disagree.
 */
public final class Board {
  public final FlatInput input;
  public final Fleet fleet;
  public final ChunkColumns chunks;
  public final Slots slots;

  /** Where the domains of workers let a chunk have a replica. */
  public final DomainRule domains;

  /** Bounds the searches of this plan, and notes those that gave up. */
  public final Searches searches = new Searches();

  /** What is asked about all chunks at once. */
  public final Catalogue catalogue;

  /** Capacity less footprint; negative where a capacity was cut below what is held. */
  public final long[] free;

  /** Footprint that is not wanted: superseded and draining bytes. */
  public final long[] leftover;

  /** How many more replicas each worker may hold; negative where that was cut, never asked else. */
  final int[] spare;

  /** Replicas on each worker that are not wanted there; only known where replicas are counted. */
  private final int[] leftoverCopies;

  /** The bytes that each worker can be expected to hold, which its number of replicas may bound. */
  public long[] reach;

  /** Wanted bytes of chunks that are about to go: they take room, but weigh on no level. */
  final long[] ending;

  /** The water level of each worker in bytes; no new replica should raise it further. */
  public final long[] level;

  /** Workers of one number share one common fill; 0 for those that have no level. */
  public final int[] basin;

  /** How many replicas each chunk should have, as far as its floor and weight go. */
  public final IntColumn target;

  /**
   * The target less what was lost too recently to be made again; growth aims at it. The very same
   * column where that is nothing.
   */
  public final IntColumn goal;

  /** Workers that wanted more than their capacity when the plan began. */
  public final boolean[] cut;

  /** Workers whose wanted bytes shrank, in the order in which that happened. */
  public final IntList raised = new IntList();

  /** Chunk and worker of each addition, in turn, since {@link #logAdditions} was called. */
  public final IntList additions = new IntList();

  /** How often room was made for good and may be more than was needed; only ever counts up. */
  public long reliefs;

  /** How often room was made by preemption, for good or not; only ever counts up. */
  public long preemptions;

  /** Additions that room was made for by preemption: these stay where they are. */
  public final Set<Long> anchored = new HashSet<>();

  /** Chunks of which a routed replica was taken away at once. */
  private final Set<Integer> thinned = new HashSet<>();

  private boolean logging;
  private final int[] holderStamp;
  private final int[] zoneStamp;
  private final int[][] innerStamp;
  private int stamp;

  /** In how many domains of the outermost level that matters the chunk in focus lies. */
  public int zonesSeen;

  /** The same of each further level that matters. */
  public final int[] innerSeen;

  public Board(FlatInput input, Fleet fleet) {
    this(input, fleet, input.held);
  }

  /** A board on which something else is held than the input says. */
  public Board(FlatInput input, Fleet fleet, HeldReplicas held) {
    this(input, fleet, held, new ScannedCatalogue(input.chunks));
  }

  /** A board for which the classes of the chunks have been counted. */
  public Board(FlatInput input, Fleet fleet, ReplicationTargets targets) {
    this(input, fleet, input.held, new ScannedCatalogue(input.chunks, targets));
  }

  private Board(FlatInput input, Fleet fleet, HeldReplicas held, Catalogue catalogue) {
    this.input = input;
    this.fleet = fleet;
    chunks = input.chunks;
    free = fleet.capacity.clone();
    leftover = new long[fleet.count];
    spare = fleet.limit.clone();
    leftoverCopies = new int[fleet.count];
    reach = fleet.capacity;
    ending = new long[fleet.count];
    level = new long[fleet.count];
    cut = new boolean[fleet.count];
    basin = new int[fleet.count];
    target = IntColumn.ofAtMost(chunks.count, fleet.count);
    goal = chunks.isAnyGoalLower() ? IntColumn.ofAtMost(chunks.count, fleet.count) : target;
    slots = new Slots(held, target, fleet.present);
    this.catalogue = catalogue;
    domains = new DomainRule(this);
    holderStamp = new int[fleet.count];
    zoneStamp = new int[fleet.count];
    innerSeen = new int[fleet.inner.length];
    innerStamp = new int[fleet.inner.length][fleet.count];
  }

  /** A board over slots and a catalogue that are kept from plan to plan. */
  public Board(FlatInput input, Fleet fleet, Slots slots, Aims aims, Catalogue catalogue) {
    this.input = input;
    this.fleet = fleet;
    chunks = input.chunks;
    free = new long[fleet.count];
    leftover = new long[fleet.count];
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

  /** Notes the workers whose capacity was cut below what they want; to be called before changes. */
  public void learnCuts() {
    for (int worker = 0; worker < fleet.count; worker++) {
      boolean isOver = wantedBytes(worker) > fleet.capacity[worker] || copiesOver(worker) > 0;
      cut[worker] = fleet.present[worker] && isOver;
    }
  }

  /** Takes over how many replicas there are; to be called before changes. */
  void countCopies(Tally tally) {
    for (int worker : fleet.order) {
      spare[worker] = fleet.limit[worker] - tally.copies[worker];
      leftoverCopies[worker] = tally.leftoverCopies[worker];
    }
  }

  /** Whether a worker has room for one more replica of so many bytes. */
  public boolean takes(int worker, long size) {
    return free[worker] >= size && spare[worker] > 0;
  }

  /** How many more replicas a worker may hold; negative above its limit. */
  public int spare(int worker) {
    return spare[worker];
  }

  /** Free bytes of a worker that may hold one more replica, at least 0. */
  public long usable(int worker) {
    return spare[worker] > 0 ? Math.max(0, free[worker]) : 0;
  }

  /** How many replicas are wanted on a worker above its limit; not above 0 where it keeps it. */
  public int copiesOver(int worker) {
    return -spare[worker] - leftoverCopies[worker];
  }

  /** Whether more replicas were wanted on a worker than it may hold when the plan began. */
  boolean wasOver(Tally tally, int worker) {
    return fleet.isLimited
        && tally.copies[worker] - tally.leftoverCopies[worker] > fleet.limit[worker];
  }

  /** The size of the smallest chunk that has any bytes; the largest long if none has. */
  public long leastSize() {
    return catalogue.leastSize();
  }

  /** The size of the largest chunk; 0 if none has any bytes. */
  public long largestSize() {
    return catalogue.largestSize();
  }

  /** The chunks with a slot on each of the wanted workers. */
  public WorkerIndex chunksOn(boolean[] wanted) {
    return catalogue.chunksOn(slots, wanted);
  }

  /** The chunks with a slot on each worker. */
  public WorkerIndex chunksOnAll() {
    boolean[] all = new boolean[fleet.count];
    Arrays.fill(all, true);
    return chunksOn(all);
  }

  public Pool pool(int chunk) {
    return fleet.pools[chunks.eligibility(chunk)];
  }

  /** Wanted bytes on a worker, but for those of chunks that are about to go. */
  public long wantedBytes(int worker) {
    return fleet.capacity[worker] - free[worker] - leftover[worker] - ending[worker];
  }

  /** The bytes of a chunk if it is about to go, else 0. */
  long endingBytes(int chunk) {
    return chunks.isEnding(chunk) ? chunks.size[chunk] : 0;
  }

  /** How far a worker's wanted bytes lie below its water level; negative above it. */
  public long head(int worker) {
    return level[worker] - wantedBytes(worker);
  }

  /** Reports whether a chunk is wanted on a worker. */
  public boolean isWanted(int chunk, int worker) {
    int slot = slots.find(chunk, worker);
    return slot >= 0 && Slots.isWanted(slots.bits(slot));
  }

  /** Whether a worker may hold a chunk, room aside. */
  public boolean mayHold(int chunk, int worker) {
    return pool(chunk).admits[worker] && !PairSet.contains(input.bans, chunk, worker);
  }

  public boolean isPinnedPair(int chunk, int worker) {
    return PairSet.contains(input.pins, chunk, worker);
  }

  /** A wanted replica that has to leave its worker: it is leaving, or may not hold the chunk. */
  public boolean isMisplaced(int chunk, int worker) {
    return fleet.leaving[worker] || !mayHold(chunk, worker);
  }

  /** Whether the wanted replicas of a chunk should lie in more than one domain of any level. */
  public boolean isSpreadWanted(int chunk) {
    return fleet.zones > 1 && fleet.isSpreadWanted(chunks.floor(chunk), chunks.eligibility(chunk));
  }

  /** Wanted replicas on present workers whose bytes have not been given up. */
  public int soundCount(int chunk) {
    return slots.soundCount(chunk);
  }

  /**
   * Turns to a chunk: until the next call {@link #holds} and {@link #inNewDomain} answer for it.
   * Misplaced replicas do not count for the domains, since they will go.
   */
  public void focus(int chunk) {
    stamp++;
    zonesSeen = 0;
    Arrays.fill(innerSeen, 0);
    int end = slots.end(chunk);
    for (int slot = slots.begin(chunk); slot < end; slot++) {
      int worker = slots.worker(slot);
      holderStamp[worker] = stamp;
      if (Slots.isSound(slots.bits(slot)) && fleet.present[worker] && !isMisplaced(chunk, worker)) {
        seeZone(worker);
      }
    }
  }

  /** How often a chunk came into focus. */
  public int focusCount() {
    return stamp;
  }

  /** Whether the chunk in focus has a slot on the worker. */
  public boolean holds(int worker) {
    return holderStamp[worker] == stamp;
  }

  /** Whether the chunk in focus has no wanted replica in the worker's domain of a level. */
  public boolean inNewDomain(int worker, int level) {
    return level == 0
        ? zoneStamp[fleet.zone[worker]] != stamp
        : innerStamp[level - 1][fleet.inner[level - 1][worker]] != stamp;
  }

  /** Until the next focus, the chunk in focus has no replica in the worker's domain of a level. */
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

  /** Adds a replica of the chunk in focus. */
  public void add(int chunk, int worker, int because) {
    slots.add(chunk, worker, because);
    occupy(worker, chunks.size[chunk]);
    ending[worker] += endingBytes(chunk);
    holderStamp[worker] = stamp;
    seeZone(worker);
    if (logging) {
      additions.add(chunk);
      additions.add(worker);
    }
  }

  /** Drops what only the making of a plan needs; what explains it stays. */
  public void settle() {
    raised.clear();
    additions.clear();
  }

  /** Whether a slot was added by this plan, and may as well be added elsewhere. */
  public boolean isFreeToGo(int chunk, int worker, int bits) {
    return Slots.isAdded(bits)
        && (anchored.isEmpty() || !anchored.contains(PairSet.pair(chunk, worker)));
  }

  /** Whether replicas have to stay because others of their chunks were taken away in this plan. */
  public boolean isThinned() {
    return !thinned.isEmpty();
  }

  /**
   * Whether a held replica may be wanted no longer: not if a routed one of its chunk was taken away
   * at once because of the others.
   */
  public boolean mayGiveUp(int chunk, int worker) {
    if (thinned.isEmpty() || !thinned.contains(chunk)) {
      return true;
    }
    int slot = slots.find(chunk, worker);
    return slot < 0
        || (slots.bits(slot) & ReplicaBits.ROUTED) == 0
        || keepsRoutedFloor(chunk, slot);
  }

  /** Whether routed replicas for the floor that are wanted are left without this one. */
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

  /** From here on additions are noted, for whoever keeps an index. */
  public void logAdditions() {
    logging = true;
  }

  private void occupy(int worker, long size) {
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
    spare[worker]--;
  }

  /** Takes back an addition of this plan. */
  public void undoAdd(int chunk, int slot) {
    free[slots.worker(slot)] += chunks.size[chunk];
    spare[slots.worker(slot)]++;
    ending[slots.worker(slot)] -= endingBytes(chunk);
    raised.add(slots.worker(slot));
    slots.remove(chunk, slot);
  }

  /**
   * Bytes on each worker that are free, or will be once what is not wanted has drained, below 0
   * where more is wanted than it has room for; and, where replicas are counted, behind those of all
   * workers for how many replicas.
   */
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

  /** Whether a worker could want so many more of the bytes it holds without exceeding capacity. */
  public boolean fitsAgain(int worker, long size) {
    return free[worker] + leftover[worker] >= size && copiesOver(worker) < 0;
  }

  /** Wants a held replica again; its bytes are charged already. */
  public int readopt(int chunk, int slot, int because) {
    leftover[slots.worker(slot)] -= chunks.size[chunk];
    leftoverCopies[slots.worker(slot)]--;
    ending[slots.worker(slot)] += endingBytes(chunk);
    return slots.mark(chunk, slot, Slots.WANTED, because);
  }

  /** No longer wants a held replica; its bytes stay charged until it has drained. */
  public int supersede(int chunk, int slot, int because) {
    leftover[slots.worker(slot)] += chunks.size[chunk];
    leftoverCopies[slots.worker(slot)]++;
    ending[slots.worker(slot)] -= endingBytes(chunk);
    raised.add(slots.worker(slot));
    return slots.mark(chunk, slot, 0, because);
  }

  /** Takes a held replica away at once, so that its room is free now. */
  public int preempt(int chunk, int slot, int because) {
    preemptions++;
    int worker = slots.worker(slot);
    if (!Slots.isWanted(slots.bits(slot))) {
      leftover[worker] -= chunks.size[chunk];
      leftoverCopies[worker]--;
    } else {
      ending[worker] -= endingBytes(chunk);
    }
    free[worker] += chunks.size[chunk];
    spare[worker]++;
    raised.add(worker);
    if ((slots.bits(slot) & ReplicaBits.ROUTED) != 0) {
      thinned.add(chunk);
    }
    return slots.mark(chunk, slot, 0, because);
  }

  /** Takes back a preemption. */
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

  /** Sends an addition of this plan to another worker; costs nothing. */
  public void redirect(int chunk, int slot, int to) {
    reliefs++;
    free[slots.worker(slot)] += chunks.size[chunk];
    spare[slots.worker(slot)]++;
    ending[slots.worker(slot)] -= endingBytes(chunk);
    ending[to] += endingBytes(chunk);
    raised.add(slots.worker(slot));
    occupy(to, chunks.size[chunk]);
    slots.redirect(chunk, slot, to);
  }
}
