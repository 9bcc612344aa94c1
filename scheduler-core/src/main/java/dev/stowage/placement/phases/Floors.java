package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.placement.Cause;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.Reason;
import dev.stowage.placement.Refusal;
import dev.stowage.placement.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.fleet.Pool;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Places floor replicas, first those of established chunks, then new chunks. Tries in turn what is
 * cheapest: a replica that is still held, free room, room that is taken from others.
 */
final class Floors {
  private static final int REPAIR = Slots.because(Cause.REPAIR, Reason.BELOW_FLOOR);
  private static final int NEW = Slots.because(Cause.NEW, Reason.BELOW_FLOOR);

  private static final boolean[] NOWHERE = new boolean[0];

  final List<Shortage> shortfalls = new ArrayList<>();
  final List<Shortage> deferrals = new ArrayList<>();

  /** Bytes free or draining on each worker once room was made; empty if nothing was short. */
  long[] roomWhenRelieved = new long[0];

  private final Board board;
  private final Picker picker;
  private final Preemption preemption;
  private final MovementLedger ledger;
  private @Nullable Relocation relocation;
  private @Nullable Repacking repacking;

  Floors(Board board, Picker picker, Preemption preemption, MovementLedger ledger) {
    this.board = board;
    this.picker = picker;
    this.preemption = preemption;
    this.ledger = ledger;
  }

  /**
   * Restores the floors of established chunks, the first missing replica of each before a second.
   */
  void restore(IntList starved) {
    if (starved.isEmpty() || placeTogether(starved, REPAIR)) {
      return;
    }
    int count = starved.size();
    int[] waiting = Order.by(starved.array(), count, this::urgency).clone();
    List<Integer> short_ = new ArrayList<>();
    while (count > 0) {
      int kept = 0;
      for (int i = 0; i < count; i++) {
        int chunk = waiting[i];
        board.focus(chunk);
        if (!placeOne(chunk, REPAIR) && !repack(chunk, 1, REPAIR)) {
          short_.add(chunk);
        } else if (board.soundCount(chunk) < board.chunks.floor(chunk)) {
          waiting[kept++] = chunk;
        }
      }
      count = kept;
    }
    short_.sort(Order.boxed(board.input.chunkOrder));
    for (int chunk : short_) {
      shortfalls.add(shortage(chunk, missing(chunk)));
    }
  }

  /** Fewest possessed replicas first, then visible, then restricted ones, then canonical order. */
  private int urgency(int chunk) {
    int possessed = 0;
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      int bits = board.slots.bits(slot);
      if (Slots.isPossessed(bits) && Slots.isWanted(bits)) {
        possessed += board.fleet.present[board.slots.worker(slot)] ? 1 : 0;
      }
    }
    int hidden = board.chunks.is(chunk, ChunkBits.VISIBLE) ? 0 : 1;
    int open = board.chunks.eligibility(chunk) == 0 ? 1 : 0;
    return Math.min(possessed, 1 << 28) << 2 | hidden << 1 | open;
  }

  /** Places all new chunks at once if all of them fit without force; else one at a time. */
  void place(IntList fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    if (board.input.swaps.count() > 0 || !placeTogether(fresh, NEW)) {
      new NewChunks(board, this).place(fresh);
    }
  }

  /** Places all floors largest chunk first, or none if one of them does not fit without force. */
  private boolean placeTogether(IntList chunks, int because) {
    int[] order =
        Order.by(
            chunks.array(), chunks.size(), chunk -> Order.largestFirst(board.chunks.size[chunk]));
    for (int i = 0; i < order.length; i++) {
      int chunk = order[i];
      board.focus(chunk);
      for (int missing = missing(chunk); missing > 0; missing--) {
        if (!placeFreely(chunk, because)) {
          for (int undo = 0; undo <= i; undo++) {
            takeBack(order[undo]);
          }
          picker.reopen();
          return false;
        }
      }
    }
    return true;
  }

  /** Places the whole floor of a new chunk, or nothing of it. */
  boolean placeWhole(int chunk) {
    long preemptions = board.preemptions;
    board.focus(chunk);
    for (int missing = missing(chunk); missing > 0; missing--) {
      if (!placeOne(chunk, NEW)) {
        if (repack(chunk, missing, NEW)) {
          break;
        }
        takeBack(chunk);
        return false;
      }
    }
    board.reliefs += board.preemptions - preemptions;
    return true;
  }

  /** Takes back all that this plan gave a new chunk. */
  void takeBack(int chunk) {
    for (int slot = board.slots.end(chunk) - 1; slot >= board.slots.begin(chunk); slot--) {
      int bits = board.slots.bits(slot);
      if (Slots.isAdded(bits)) {
        int worker = board.slots.worker(slot);
        board.undoAdd(chunk, slot);
        preemption.undo(chunk, worker);
      } else if (Slots.isAction(bits) && Slots.isWanted(bits)) {
        board.supersede(chunk, slot, 0);
      }
    }
  }

  /** Replicas missing of the floor. */
  int missing(int chunk) {
    return board.chunks.floor(chunk) - board.soundCount(chunk);
  }

  private boolean placeOne(int chunk, int because) {
    if (placeFreely(chunk, because)) {
      return true;
    }
    boolean lastResort = board.chunks.is(chunk, ChunkBits.VISIBLE) && !board.chunks.isNew(chunk);
    int worker = preemption.makeRoom(chunk, lastResort);
    if (worker < 0) {
      worker = relocateAdditions(chunk);
    }
    if (worker < 0) {
      return false;
    }
    board.add(chunk, worker, because);
    return true;
  }

  /** Makes room by sending elsewhere what this plan added; free of cost, so always worth a try. */
  private int relocateAdditions(int chunk) {
    int worker = relocation().makeRoomNow(chunk);
    board.focus(chunk);
    return worker;
  }

  private boolean repack(int chunk, int missing, int because) {
    Repacking known = repacking;
    if (known == null) {
      known = new Repacking(board, relocation());
      repacking = known;
    }
    return known.place(chunk, missing, because);
  }

  /** Made when it is needed first: it looks at all replicas. */
  Relocation relocation() {
    Relocation known = relocation;
    if (known == null) {
      known = new Relocation(board);
      relocation = known;
    }
    return known;
  }

  /** Frees in the orderly way what is still missing, and keeps growth away from it. */
  void relieve() {
    if (shortfalls.isEmpty() && deferrals.isEmpty()) {
      return;
    }
    relocation().refreshPending();
    Shedding shedding = new Shedding(board, picker, relocation(), ledger);
    shedding.relieveEstablished(shortfalls);
    shedding.relieveNew(deferrals);
    roomWhenRelieved = board.roomAfterDrains();
  }

  /**
   * Places deferred chunks that fit after all: chains and leveling send elsewhere what this plan
   * added, and may leave room where there was none when a chunk was refused. What was kept from
   * growth and moves was kept for these.
   */
  void reconsider() {
    Arrays.fill(picker.reserved, false);
    RefusalMemo memo = new RefusalMemo();
    deferrals.removeIf(deferral -> {
      int chunk = deferral.chunk();
      if (board.input.swaps.swapOf(chunk) >= 0 || memo.refuses(board, chunk)) {
        return false;
      }
      boolean placed = placeWholeFreely(chunk);
      if (placed) {
        charge(chunk);
      } else {
        memo.remember(board, chunk);
      }
      return placed;
    });
  }

  private boolean placeWholeFreely(int chunk) {
    board.focus(chunk);
    for (int missing = missing(chunk); missing > 0; missing--) {
      if (!placeFreely(chunk, NEW)) {
        takeBack(chunk);
        return false;
      }
    }
    return true;
  }

  private boolean placeFreely(int chunk, int because) {
    if (Readoption.readopt(board, chunk, because, NOWHERE)) {
      board.focus(chunk);
      return true;
    }
    int worker = picker.pick(chunk);
    if (worker < 0) {
      return false;
    }
    board.add(chunk, worker, because);
    return true;
  }

  /** Charges the budget with all floor replicas that were placed. */
  void chargeAll(IntList chunks) {
    for (int i = 0; i < chunks.size(); i++) {
      charge(chunks.get(i));
    }
  }

  private void charge(int chunk) {
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      if (Slots.isAdded(board.slots.bits(slot))) {
        ledger.charge(board.slots.worker(slot), board.chunks.size[chunk]);
      }
    }
  }

  Shortage shortage(int chunk, int missing) {
    Pool pool = board.pool(chunk);
    board.focus(chunk);
    int eligible = 0;
    long largestRoom = 0;
    long largestCapacity = 0;
    for (int worker : pool.placeable) {
      if (PairSet.contains(board.input.bans, chunk, worker)) {
        continue;
      }
      eligible++;
      largestCapacity = Math.max(largestCapacity, board.fleet.capacity[worker]);
      if (!board.holds(worker)) {
        largestRoom = Math.max(largestRoom, board.free[worker]);
      }
    }
    Refusal reason = Refusal.NO_ROOM;
    if (eligible < board.chunks.floor(chunk)) {
      reason = Refusal.TOO_FEW_WORKERS;
    } else if (largestCapacity < board.chunks.size[chunk]) {
      reason = Refusal.LARGER_THAN_ANY_WORKER;
    }
    return new Shortage(chunk, missing, reason, eligible, largestRoom);
  }
}
