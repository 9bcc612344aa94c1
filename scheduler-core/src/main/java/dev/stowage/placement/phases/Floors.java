package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.fleet.Pool;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places floor replicas, of established chunks, then of new ones. Each kind is first tried at once,
 * the largest chunk first, as in first-fit decreasing. If one finds no room, all are taken back.
 * Established chunks are then served by max-min fairness (progressive filling: Bertsekas and
 * Gallager, "Data Networks", ch. 6): who has the fewest replicas gets one more. New ones get their
 * whole floor or nothing, in turn ({@link NewChunkPlacement}).
 *
 * <p>A replica is placed by the cheapest means: wanting again one that is held, {@link Picker},
 * {@link Preemption}, {@link Relocation}. Where all fail, room that drains is promised ({@link
 * Shedding}), and a promise counts as a replica. So a round raises the least number of replicas or
 * drops chunks: at most as many rounds as the largest floor, with one try a chunk in each.
 *
 * <p>Greedy: with mixed sizes, an order in which all would fit may remain untried. If routed
 * replicas were preempted, the next plan may find room for who lacks it, and all others wait.
 */
public final class Floors {
  private static final int REPAIR = Slots.because(Cause.REPAIR, Reason.BELOW_FLOOR);
  private static final int RAISE = Slots.because(Cause.RAISE, Reason.BELOW_FLOOR);
  private static final int NEW = Slots.because(Cause.NEW, Reason.BELOW_FLOOR);

  public final List<Shortage> shortfalls = new ArrayList<>();
  public final List<Shortage> deferrals = new ArrayList<>();

  /** Free or draining bytes by worker after relief; null if nothing was short. */
  long @Nullable [] roomWhenRelieved;

  private final Board board;
  private final Picker picker;
  private final Preemption preemption;
  private final MovementLedger ledger;
  private @Nullable Relocation relocation;
  private @Nullable Shedding shedding;

  /** Workers with promised room, which are left alone; null if none. */
  private boolean @Nullable [] guarded;

  /** Established chunks whose floors were restored one by one. */
  private final Set<Integer> mended = new HashSet<>();

  public Floors(Board board, Picker picker, Preemption preemption, MovementLedger ledger) {
    this.board = board;
    this.picker = picker;
    this.preemption = preemption;
    this.ledger = ledger;
  }

  void restore(IntList starved) {
    if (starved.isEmpty() || placeTogether(starved, REPAIR)) {
      return;
    }
    for (int i = 0; i < starved.size(); i++) {
      mended.add(starved.get(i));
    }
    int[] waiting = Order.by(starved.array(), starved.size(), this::urgency).clone();
    Set<Integer> refused = new HashSet<>();
    for (int count = waiting.length; count > 0; ) {
      count = raiseLowest(waiting, count, refused);
    }
    releaseWorkers();
    List<Integer> short_ = new ArrayList<>(refused);
    short_.sort(Order.boxed(board.input.chunkOrder));
    for (int chunk : short_) {
      shortfalls.add(shortage(chunk, missing(chunk)));
    }
  }

  /** Raises the lowest chunks or promises them room; returns the number waiting, in front. */
  private int raiseLowest(int[] waiting, int count, Set<Integer> refused) {
    List<Integer> lacking = placeLowest(waiting, count);
    refused.addAll(lacking);
    Set<Integer> without = new HashSet<>(lacking);
    if (!lacking.isEmpty() && isAnyWaiting(waiting, count, without)) {
      promise(lacking, without);
      if (without.stream().anyMatch(shedding()::mayFindLater)) {
        Arrays.stream(waiting, 0, count).filter(it -> missing(it) > 0).forEach(refused::add);
        return 0;
      }
    }
    return stillWaiting(waiting, count, without);
  }

  private List<Integer> placeLowest(int[] waiting, int count) {
    int lowest = Arrays.stream(waiting, 0, count).map(this::standing).min().orElseThrow();
    List<Integer> lacking = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int chunk = waiting[i];
      board.focus(chunk);
      if (standing(chunk) == lowest && !placeOne(chunk, REPAIR)) {
        lacking.add(chunk);
      }
    }
    lacking.sort(Order.boxed(board.input.chunkOrder));
    return lacking;
  }

  /** Promises and guards room; {@code without} keeps the chunks without a promise. */
  private void promise(List<Integer> lacking, Set<Integer> without) {
    releaseWorkers();
    for (int chunk : lacking) {
      if (shedding().relieveOne(chunk)) {
        without.remove(chunk);
      }
    }
    shedding().guardPromises(picker.reserved);
    relocation().closed = picker.reserved;
    guarded = picker.reserved;
  }

  private boolean isAnyWaiting(int[] waiting, int count, Set<Integer> without) {
    return Arrays.stream(waiting, 0, count)
        .anyMatch(it -> !without.contains(it) && standing(it) < board.chunks.floor(it));
  }

  private int stillWaiting(int[] waiting, int count, Set<Integer> without) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int chunk = waiting[i];
      if (!without.contains(chunk) && standing(chunk) < board.chunks.floor(chunk)) {
        waiting[kept++] = chunk;
      }
    }
    return kept;
  }

  private int standing(int chunk) {
    return shedding == null ? board.soundCount(chunk) : shedding.standing(chunk);
  }

  private Shedding shedding() {
    Shedding known = shedding;
    if (known == null) {
      known = new Shedding(board, picker, relocation(), ledger);
      shedding = known;
    }
    return known;
  }

  private void releaseWorkers() {
    if (guarded != null) {
      Arrays.fill(picker.reserved, false);
      relocation().closed = new boolean[guarded.length];
      guarded = null;
    }
  }

  /** Returns the key: fewest possessed replicas first, then visible, then restricted chunks. */
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
    int open = board.chunks.pool(chunk) == 0 ? 1 : 0;
    return Math.min(possessed, 1 << 28) << 2 | hidden << 1 | open;
  }

  void place(IntList fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    if (board.input.swaps.count() > 0 || !placeTogether(fresh, NEW)) {
      new NewChunkPlacement(board, this).place(fresh);
    }
  }

  /**
   * Places all chunks or none: pinned ones first, then the largest. Equal ones follow in the order
   * of their hashes: the last ones get the room that is left on few workers, and must not be the
   * newest.
   */
  private boolean placeTogether(IntList chunks, int because) {
    int[] byHash =
        Order.byHash(chunks.array(), chunks.size(), board.chunks.keyHash, board.input.chunkOrder);
    int[] order =
        Order.by(byHash, byHash.length, chunk -> Order.largestFirst(board.chunks.size[chunk]));
    long[] pins = board.input.pins;
    if (pins.length > 0) {
      order = Order.by(order, order.length, chunk -> PairSet.containsAny(pins, chunk) ? 0 : 1);
    }
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

  boolean placeWhole(int chunk) {
    long preemptions = board.preemptions;
    board.focus(chunk);
    for (int missing = missing(chunk); missing > 0; missing--) {
      if (!placeOne(chunk, NEW)) {
        takeBack(chunk);
        return false;
      }
    }
    board.reliefs += board.preemptions - preemptions;
    return true;
  }

  public void takeBack(int chunk) {
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

  public int missing(int chunk) {
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
    board.add(chunk, worker, because(chunk, because));
    return true;
  }

  private int relocateAdditions(int chunk) {
    int worker = relocation().makeRoomNow(chunk);
    board.focus(chunk);
    return worker;
  }

  /** Creates it on first use, because it scans all replicas. */
  Relocation relocation() {
    Relocation known = relocation;
    if (known == null) {
      known = new Relocation(board);
      relocation = known;
    }
    return known;
  }

  /** Reports whether no floor is short and no new chunk waits. */
  boolean isAllPlaced() {
    return shortfalls.isEmpty() && deferrals.isEmpty();
  }

  /** Makes room that drains first, and keeps growth away from it. */
  void relieve() {
    if (isAllPlaced()) {
      return;
    }
    shedding().relieveEstablished(shortfalls, mended::contains);
    shedding().relieveNew(deferrals);
    roomWhenRelieved = board.roomAfterDrains();
  }

  /** Places deferred chunks that fit after leveling; reservations were made for them. */
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

  /** Returns the cause of a chunk: a raise is none of the repairs among which it is placed. */
  private int because(int chunk, int usual) {
    return usual == REPAIR && board.chunks.is(chunk, ChunkBits.RAISING) ? RAISE : usual;
  }

  private boolean placeFreely(int chunk, int usual) {
    int because = because(chunk, usual);
    if (Readoption.readopt(board, chunk, because, guarded)) {
      board.focus(chunk);
      return true;
    }
    int worker = picker.pick(chunk);
    for (int i = 1; worker < 0 && i < board.fleet.bonds.length; i += 2) {
      int successor = board.fleet.bonds[i];
      worker = board.fleet.active[successor] && picker.takes(chunk, successor) ? successor : -1;
    }
    if (worker < 0) {
      return false;
    }
    board.add(chunk, worker, because);
    return true;
  }

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

  public Shortage shortage(int chunk, int missing) {
    Pool pool = board.pool(chunk);
    board.focus(chunk);
    int eligible = 0;
    long largestRoom = 0;
    long largestCapacity = 0;
    for (int worker : pool.placeable) {
      if (!board.fit.admits(chunk, worker)) {
        continue;
      }
      eligible++;
      largestCapacity = Math.max(largestCapacity, board.fleet.capacity[worker]);
      if (!board.holds(worker) && board.domains.admits(chunk, worker)) {
        largestRoom = Math.max(largestRoom, board.usable(worker));
      }
    }
    Reason reason = Reason.NO_ROOM;
    if (eligible < board.chunks.floor(chunk)) {
      reason = board.fit.lacksWorkers(chunk, board.chunks.floor(chunk), worker -> true);
    } else if (board.domains.isAny() && board.domains.mostMore(chunk, missing) < missing) {
      reason = Reason.DOMAIN_LIMIT;
    } else if (largestCapacity < board.chunks.size[chunk]) {
      reason = Reason.LARGER_THAN_ANY_WORKER;
    }
    boolean isRaise = board.chunks.is(chunk, ChunkBits.RAISING);
    return new Shortage(chunk, missing, reason, eligible, largestRoom, isRaise);
  }
}
