package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.Avalanche;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.fleet.Pool;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deletes replicas at once for a starved floor: a greedy cover of what one worker lacks, then
 * reverse deletion, as the scheduler of Kubernetes reprieves pods. The kinds of victims, in order:
 * unreadable leftovers, unreadable bonuses, readable leftovers, readable bonuses; the last two only
 * for a visible chunk, if no worker has enough of the first two. All victims of a plan together
 * obey the deletion rule of the lifecycle design, section 2.
 *
 * <p>Workers are tried in the order of the domains gained, then by hash. On each, victims are taken
 * by kind, then canonically, until they suffice, at most 256; then those that the rest can do
 * without are restored. So none of them could be spared, but others might be fewer.
 *
 * <p>Takes time by the replicas on the workers tried, for each kind. Upper bounds of what a worker
 * can free, which a failed try makes exact, keep most workers from being tried in vain.
 */
public final class Preemption {
  private static final int CLASSES = 4;

  private final Board board;
  private final Picker picker;
  private final Map<Long, Long> rooms = new HashMap<>();
  private @Nullable WorkerIndex index;

  /** Upper bounds of unreadable bytes that may go, by worker; then their replicas, by worker. */
  private long[] gentle = new long[0];

  /** Upper bounds like {@link #gentle} that include readable replicas. */
  private long[] all = new long[0];

  private final int[] victims = new int[256];

  public Preemption(Board board, Picker picker) {
    this.board = board;
    this.picker = picker;
  }

  Map<Long, Long> rooms() {
    return rooms;
  }

  /** Makes room for the chunk in focus; returns the worker or -1. */
  int makeRoom(int chunk, boolean lastResort) {
    if (board.input.deletionsHeld) {
      return -1;
    }
    WorkerIndex known = index();
    long size = board.chunks.size[chunk];
    int[] candidates = candidates(chunk, size, lastResort);
    for (int classes = 2; classes <= (lastResort ? CLASSES : 2); classes += 2) {
      for (int worker : candidates) {
        if (isEnough(worker, size, classes == CLASSES ? all : gentle)
            && tryWorker(known, chunk, worker, classes)) {
          return worker;
        }
      }
    }
    return -1;
  }

  private int[] candidates(int chunk, long size, boolean lastResort) {
    Pool pool = board.pool(chunk);
    int[] found = new int[pool.size()];
    int count = 0;
    for (int worker : pool.placeable) {
      boolean enough = isEnough(worker, size, lastResort ? all : gentle);
      if (enough
          && board.fleet.capacity[worker] >= size
          && !board.holds(worker)
          && picker.isAllowed(chunk, worker)) {
        found[count++] = worker;
      }
    }
    long hash = board.chunks.keyHash[chunk];
    int spread = Zones.lacking(board, chunk);
    int levels = Zones.levels(board);
    int shift = 31 - (32 - Integer.numberOfLeadingZeros(levels));
    return Order.by(
        found,
        count,
        worker -> {
          int rank = (int) (Avalanche.of(hash ^ board.fleet.hash[worker]) >>> (64 - shift));
          int gained = spread == Zones.NONE ? 0 : Zones.gained(board, chunk, worker, spread);
          return gained << shift | rank;
        });
  }

  private boolean isEnough(int worker, long size, long[] gain) {
    return board.free[worker] >= size - gain[worker]
        && board.spare(worker) + gain[board.fleet.count + worker] > 0;
  }

  private boolean tryWorker(WorkerIndex known, int chunk, int worker, int classes) {
    long need = board.chunks.size[chunk] - board.free[worker];
    int taken = 0;
    long gained = 0;
    int lacking = 1 - board.spare(worker);
    for (int kind = 0; kind < classes && (gained < need || taken < lacking); kind++) {
      for (int i = known.start[worker];
          i < known.start[worker + 1] && (gained < need || taken < lacking);
          i++) {
        int victim = known.chunk[i];
        int slot = board.slots.find(victim, worker);
        if (taken < victims.length && victim != chunk && mayTake(victim, slot, kind)) {
          victims[taken++] = victim;
          gained += board.chunks.size[victim];
          preempt(victim, slot, kind);
        }
      }
    }
    if (gained < need || taken < lacking) {
      learn(worker, classes, gained, taken);
      while (taken > 0) {
        restore(victims[--taken], worker);
      }
      return false;
    }
    spare(worker, taken, gained - need, lacking);
    record(chunk, worker, taken);
    return true;
  }

  private void learn(int worker, int classes, long gained, int taken) {
    long[] of = classes == CLASSES ? all : gentle;
    int copies = board.fleet.count + worker;
    of[worker] = Math.min(of[worker], gained);
    of[copies] = Math.min(of[copies], taken);
  }

  /** Restores unneeded victims, last taken first, since those are readable. */
  private void spare(int worker, int taken, long surplus, int lacking) {
    long left = surplus;
    int copies = taken;
    for (int i = taken - 1; i >= 0; i--) {
      long size = board.chunks.size[victims[i]];
      if (size <= left && copies > lacking) {
        left -= size;
        copies--;
        restore(victims[i], worker);
        victims[i] = -1;
      }
    }
  }

  private void record(int chunk, int worker, int taken) {
    for (int i = 0; i < taken; i++) {
      if (victims[i] >= 0) {
        long size = board.chunks.size[victims[i]];
        takeOff(gentle, worker, size);
        takeOff(all, worker, size);
        board.anchored.add(PairSet.pair(chunk, worker));
        rooms.put(PairSet.pair(victims[i], worker), PairSet.pair(chunk, worker));
      }
    }
  }

  /** Reverts preemptions for a pair; room in use by another addition is attributed to it. */
  void undo(int chunk, int worker) {
    long made = PairSet.pair(chunk, worker);
    if (!board.anchored.remove(made)) {
      return;
    }
    int[] undone =
        rooms.entrySet().stream()
            .filter(entry -> entry.getValue() == made)
            .mapToInt(entry -> PairSet.chunkOf(entry.getKey()))
            .toArray();
    Order.canonically(undone, 0, undone.length, board.input.chunkOrder);
    for (int victim : undone) {
      long pair = PairSet.pair(victim, worker);
      long size = board.chunks.size[victim];
      boolean isFree = board.takes(worker, size);
      int user = isFree ? -1 : anyAddition(worker);
      if (user < 0) {
        rooms.remove(pair);
        restore(victim, worker);
        putOn(gentle, worker, size);
        putOn(all, worker, size);
      } else {
        long other = PairSet.pair(user, worker);
        rooms.put(pair, other);
        board.anchored.add(other);
      }
    }
  }

  private int anyAddition(int worker) {
    int first = -1;
    for (int i = 0; i < board.slots.touched.size(); i++) {
      int chunk = board.slots.touched.get(i);
      int slot = board.slots.find(chunk, worker);
      boolean added = slot >= 0 && Slots.isAdded(board.slots.bits(slot));
      if (added && (first < 0 || board.input.chunkOrder.compare(chunk, first) < 0)) {
        first = chunk;
      }
    }
    return first;
  }

  private void preempt(int victim, int slot, int kind) {
    Reason reason =
        kind == 0
            ? Reason.UNREADABLE_LEFTOVER
            : kind == 1 ? Reason.UNREADABLE_BONUS : Reason.READABLE;
    board.preempt(victim, slot, Slots.because(Cause.REPAIR, reason));
  }

  private void restore(int victim, int worker) {
    board.restore(victim, board.slots.find(victim, worker));
  }

  private boolean mayTake(int victim, int slot, int kind) {
    if (slot < 0 || board.chunks.is(victim, ChunkBits.PINNED)) {
      return false;
    }
    int bits = board.slots.bits(slot);
    boolean readable = (bits & (ReplicaBits.READABLE | ReplicaBits.ROUTED)) != 0;
    boolean wanted = Slots.isWanted(bits);
    return (bits & Slots.HELD) != 0
        && !Slots.isPreempted(bits)
        && wanted == ((kind & 1) == 1)
        && wanted == ((bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED)
        && readable == (kind >= 2)
        && !board.isPinnedPair(victim, board.slots.worker(slot))
        && (!wanted || isBonus(victim, slot))
        && ((bits & ReplicaBits.ROUTED) == 0 || board.keepsRoutedFloor(victim, slot))
        && obeysDeletionRule(victim, slot);
  }

  private boolean isBonus(int victim, int slot) {
    int sound = board.soundCount(victim);
    int left = Slots.isSound(board.slots.bits(slot)) ? sound - 1 : sound;
    return left >= board.chunks.floor(victim);
  }

  private boolean obeysDeletionRule(int victim, int slot) {
    int before = 0;
    int left = 0;
    int staying = 0;
    int end = board.slots.end(victim);
    for (int other = board.slots.begin(victim); other < end; other++) {
      int bits = board.slots.bits(other);
      int worker = board.slots.worker(other);
      if (Slots.isPossessed(bits) && board.fleet.present[worker]) {
        before++;
        boolean isKept = other != slot && !Slots.isPreempted(bits);
        left += isKept && board.fleet.counted[worker] ? 1 : 0;
        boolean stays = board.fleet.counted[worker] && !board.fleet.leaving[worker];
        staying += isKept && stays ? 1 : 0;
      }
    }
    boolean guarded =
        board.chunks.is(victim, ChunkBits.ESTABLISHED)
            && (before > 0 || board.chunks.is(victim, ChunkBits.ONCE_POSSESSED));
    if (guarded && left == 0) {
      return false;
    }
    int floor = board.chunks.floor(victim);
    return !Slots.isPossessed(board.slots.bits(slot))
        || (left >= Math.min(floor, before) && (staying >= floor || !lasts(slot)));
  }

  private boolean lasts(int slot) {
    int worker = board.slots.worker(slot);
    boolean isReadable = (board.slots.bits(slot) & ReplicaBits.READABLE) != 0;
    return board.fleet.counted[worker] && (!board.fleet.leaving[worker] || isReadable);
  }

  private void takeOff(long[] of, int worker, long size) {
    int copies = board.fleet.count + worker;
    of[worker] -= Math.min(of[worker], size);
    of[copies] -= Math.min(of[copies], 1);
  }

  private void putOn(long[] of, int worker, long size) {
    of[worker] = capped(of[worker], size);
    of[board.fleet.count + worker]++;
  }

  private static long capped(long sum, long size) {
    return Math.min(sum + Math.min(size, Long.MAX_VALUE / 4), Long.MAX_VALUE / 4);
  }

  private WorkerIndex index() {
    WorkerIndex known = index;
    if (known == null) {
      known = board.chunksOnAll();
      index = known;
      gentle = new long[2 * board.fleet.count];
      all = new long[2 * board.fleet.count];
      for (int worker = 0; worker < board.fleet.count; worker++) {
        for (int i = known.start[worker]; i < known.start[worker + 1]; i++) {
          int victim = known.chunk[i];
          int slot = board.slots.find(victim, worker);
          long size = board.chunks.size[victim];
          if (mayTake(victim, slot, 0) || mayTake(victim, slot, 1)) {
            putOn(gentle, worker, size);
            putOn(all, worker, size);
          } else if (mayTake(victim, slot, 2) || mayTake(victim, slot, 3)) {
            putOn(all, worker, size);
          }
        }
      }
    }
    return known;
  }

  void settleCauses() {
    rooms.forEach((victim, made) -> {
      if (board.chunks.isNew(PairSet.chunkOf(made))) {
        int chunk = PairSet.chunkOf(victim);
        int slot = board.slots.find(chunk, PairSet.workerOf(victim));
        Reason reason = Slots.reason(board.slots.bits(slot));
        board.slots.mark(chunk, slot, 0, Slots.because(Cause.NEW, reason));
      }
    });
  }
}
