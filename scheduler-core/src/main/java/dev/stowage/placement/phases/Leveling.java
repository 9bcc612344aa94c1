package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.MergeSort;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.fleet.Fill;
import dev.stowage.placement.fleet.Rank;
import dev.stowage.placement.input.Order;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings workers within the slack of their level: local search by single moves (Kleinberg and
 * Tardos, "Algorithm Design", ch. 12), as HDFS's balancer does between nodes outside a threshold.
 * Workers below are filled, the lowest first, by the fullest holders; workers above are drained.
 *
 * <p>After a move the giver is still fuller than the taker was, and both are nearer to their level,
 * as a share of capacity, than the farther one was. So the distances, sorted from the largest, fall
 * lexicographically: no moves lead back, and leveling ends. With a level of 100, a giver at 130 and
 * a taker at 80, a chunk of 20 moves and one of 50 does not. Exempt is only a copy in flight that
 * gives way to bytes that the taker still has, which leaves one copy in flight less.
 *
 * <p>No worker is filled beyond its level before all are filled up to it. Givers that end at most
 * half the slack below their level come first, then those not above theirs, then coarser ones. Each
 * pass looks at the hash of every chunk in up to six windows, as long as {@link Givers} know a
 * giver. To drain a worker takes a sort of its chunks, and a pick for each of them in two passes.
 *
 * <p>The end is a local optimum: no two replicas change places, and what a single one puts above
 * the level stays (decision 9).
 */
final class Leveling {
  private static final int LEVEL = Slots.because(Cause.BALANCE, Reason.OFF_LEVEL);

  /** The divisor of the slack within which a worker is at its level. */
  private static final int NEAR = 64;

  private static final int EXCHANGE = 0;

  private static final int WHOLE = 1;

  private static final int GENTLE = 2;
  private static final int WITHIN_SLACK = 3;
  private static final int COARSE = 4;
  private static final int FIXED = ChunkBits.PINNED | ChunkBits.COOLING | ChunkBits.ENDING;

  private final Board board;
  private final Picker picker;
  private final MovementLedger ledger;
  private final boolean[] relieved;
  private final int slack;
  private final long leastSize;

  /** The workers that may give while others are filled, above their level and in all. */
  private @Nullable Givers above;

  private @Nullable Givers all;

  /** False while a chunk waits for room, which taking back could undo. */
  private boolean isAllPlaced;

  Leveling(Board board, Picker picker, MovementLedger ledger) {
    this.board = board;
    this.picker = picker;
    this.ledger = ledger;
    relieved = new boolean[board.fleet.count];
    for (int worker : board.input.relieved) {
      relieved[worker] = true;
    }
    slack = board.input.config.balanceSlackMillionths();
    leastSize = board.leastSize();
  }

  /** Starts with the side of fewer workers, which made the fleet uneven. */
  void level(boolean isAllPlaced) {
    this.isAllPlaced = isAllPlaced;
    if (!isAnyLeftover()) {
      moveAdditions();
    }
    if (offLevel(-1).length < offLevel(1).length) {
      drainAll();
      fillAll();
    } else {
      fillAll();
      drainAll();
    }
  }

  /**
   * Returns about the bytes that moves would bring to workers below their level, or off those above
   * it, if nothing kept them back: those of workers that are further from it than slack and the
   * largest chunk, less what growth and leaving workers are to bring there.
   */
  long leftBytes() {
    long above = 0;
    long below = 0;
    long over = 0;
    long under = 0;
    for (int worker : board.fleet.order) {
      if (board.fleet.placeable[worker] && !relieved[worker]) {
        long head = board.head(worker);
        boolean isFar = Math.abs(head) > board.largestSize();
        over = SaturatedSum.of(over, Math.max(0, -head));
        under = SaturatedSum.of(under, Math.max(0, head));
        above = SaturatedSum.of(above, isFar && isOff(worker, -1) ? -head : 0);
        below = SaturatedSum.of(below, isFar && isOff(worker, 1) ? head : 0);
      }
    }
    return Math.max(above, below - Math.max(0, under - over));
  }

  private void fillAll() {
    int[] takers = offLevel(1);
    boolean[] keeps = new boolean[board.fleet.count];
    boolean any = false;
    for (int taker : takers) {
      keeps[taker] = isAllPlaced && board.leftover[taker] > 0 && !picker.reserved[taker];
      any |= keeps[taker];
    }
    WorkerIndex index = any ? board.chunksOn(keeps) : null;
    above = null;
    all = null;
    for (int taker : takers) {
      if (index != null && keeps[taker]) {
        takeBack(taker, index);
      }
      fill(taker, WHOLE, WHOLE);
    }
    for (int taker : takers) {
      fill(taker, GENTLE, COARSE);
    }
  }

  private void takeBack(int taker, WorkerIndex index) {
    int count = 0;
    int[] there = new int[index.start[taker + 1] - index.start[taker]];
    for (int i = index.start[taker]; i < index.start[taker + 1]; i++) {
      int slot = board.slots.find(index.chunk[i], taker);
      if (slot >= 0 && Slots.isStillThere(board.slots.bits(slot))) {
        there[count++] = index.chunk[i];
      }
    }
    long hash = board.fleet.hash[taker];
    int[] order =
        Order.by(there, count, chunk -> (int) (Rank.of(board.chunks.keyHash[chunk], hash) >>> 33));
    for (int i = 0; i < order.length && stillWants(taker, EXCHANGE); i++) {
      pull(order[i], taker, EXCHANGE);
    }
  }

  private boolean isAnyLeftover() {
    boolean any = false;
    for (int worker : board.fleet.order) {
      any |= board.leftover[worker] > 0;
    }
    return any;
  }

  /** Redirects additions directly if no held replica could serve instead. */
  private void moveAdditions() {
    if (board.slots.actions() == 0) {
      return;
    }
    giveAdditions(offLevel(-1));
    if (offLevel(1).length > 0) {
      giveAdditions(beyond(-1, worker -> board.head(worker) < 0));
    }
  }

  private void giveAdditions(int[] givers) {
    if (givers.length > 0) {
      WorkerIndex added = board.additionsOn(marked(givers));
      for (int giver : givers) {
        drain(giver, added, true);
      }
    }
  }

  private boolean[] marked(int[] workers) {
    boolean[] marked = new boolean[board.fleet.count];
    for (int worker : workers) {
      marked[worker] = true;
    }
    return marked;
  }

  /** Looks through all replicas only of workers that may be more than one of them too high. */
  private void drainAll() {
    int[] givers = offLevel(-1);
    if (givers.length == 0) {
      return;
    }
    boolean[] forFree = marked(givers);
    boolean[] searched = new boolean[board.fleet.count];
    boolean any = false;
    for (int giver : givers) {
      forFree[giver] = !board.cut[giver] && -board.head(giver) <= leastSize;
      searched[giver] = !forFree[giver];
      any |= searched[giver];
    }
    WorkerIndex added = board.additionsOn(forFree);
    WorkerIndex index = any ? board.chunksOn(searched) : added;
    for (int giver : givers) {
      if (forFree[giver]) {
        drain(giver, added, true);
      } else {
        drain(giver, index, !board.cut[giver] && isOneReplicaAbove(giver, index));
      }
    }
  }

  private boolean isOneReplicaAbove(int giver, WorkerIndex index) {
    return -board.head(giver) <= largestOn(giver, index);
  }

  private long largestOn(int giver, WorkerIndex index) {
    long largest = 0;
    for (int i = index.start[giver]; i < index.start[giver + 1]; i++) {
      int chunk = index.chunk[i];
      int slot = board.slots.find(chunk, giver);
      boolean weighs =
          slot >= 0 && Slots.isSound(board.slots.bits(slot)) && !board.chunks.isEnding(chunk);
      largest = weighs ? Math.max(largest, board.chunks.size[chunk]) : largest;
    }
    return largest;
  }

  /** Returns placeable workers too far below (1) or above (-1) their level, worst first. */
  private int[] offLevel(int side) {
    return beyond(side, worker -> isOff(worker, side) && (side < 0 || !relieved[worker]));
  }

  private int[] beyond(int side, IntPredicate kind) {
    int[] found = new int[board.fleet.count];
    int count = 0;
    for (int worker : board.fleet.order) {
      if (board.fleet.placeable[worker] && kind.test(worker)) {
        found[count++] = worker;
      }
    }
    new MergeSort(found, (one, other) -> -side * Zones.compareHeads(board, one, other))
        .sort(0, count);
    return Arrays.copyOf(found, count);
  }

  private boolean isOff(int worker, int side) {
    long allowed = Fill.scaled(board.level[worker], slack, PlacementConfig.ONE);
    long head = board.head(worker);
    return side > 0 ? head > allowed : -head > allowed;
  }

  private void fill(int taker, int first, int last) {
    if (picker.reserved[taker] || board.spare(taker) <= 0 || ledger.isExhausted(taker)) {
      return;
    }
    for (int each = first; each <= last; each++) {
      int pass = each;
      RankedChunks ranked = new RankedChunks(board, taker, chunk -> mayCome(chunk, taker, pass));
      while (stillWants(taker, pass) && seekGiver(taker, pass) && ranked.next(board.head(taker))) {
        for (int i = 0; i < ranked.count() && stillWants(taker, pass); i++) {
          if (ledger.isExhausted(taker)) {
            return;
          }
          pull(ranked.chunk(i), taker, pass);
        }
      }
    }
  }

  private boolean seekGiver(int taker, int pass) {
    return givers(pass).seekFor(taker);
  }

  private Givers givers(int pass) {
    Givers known = pass == WITHIN_SLACK ? all : above;
    if (known == null) {
      known = new Givers(board, pass != WITHIN_SLACK);
      if (pass == WITHIN_SLACK) {
        all = known;
      } else {
        above = known;
      }
    }
    return known;
  }

  private void noteMoved(int from, int to) {
    for (Givers each : new Givers[] {above, all}) {
      if (each != null) {
        each.update(from);
        each.update(to);
      }
    }
  }

  /** Reports whether a giver stays fuller; during one fill a false result stays false. */
  private boolean couldGive(int giver, int taker, long size, int pass) {
    return (board.head(giver) < 0 || pass == WITHIN_SLACK)
        && Zones.compareHeads(board, giver, size, taker, 0) < 0;
  }

  private boolean mayCome(int chunk, int taker, int pass) {
    long size = board.chunks.size[chunk];
    if (!isNearer(taker, size) || isFixed(chunk) || !admits(chunk, taker)) {
      return false;
    }
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      int worker = board.slots.worker(slot);
      if (couldGive(worker, taker, size, pass)
          && isMovable(chunk, board.slots.bits(slot), worker)
          && board.domains.admitsInstead(chunk, taker, worker)) {
        return true;
      }
    }
    return false;
  }

  /** Reports whether a worker may hold a chunk, and be given it where level does not ask for it. */
  private boolean admits(int chunk, int worker) {
    return !relieved[worker]
        && board.fit.admits(chunk, worker)
        && board.isWithinShare(chunk, worker)
        && board.isInTime(chunk, worker);
  }

  private boolean isNearer(int taker, long size) {
    long head = board.head(taker);
    return size <= head || size - head < head;
  }

  private boolean stillWants(int taker, int pass) {
    boolean isOpen =
        pass == EXCHANGE
            || (board.spare(taker) > 0
                && (pass != WHOLE || board.head(taker) >= board.largestSize()));
    return isOpen && (pass <= GENTLE ? isWorthFilling(taker) : isOff(taker, 1));
  }

  private boolean isWorthFilling(int taker) {
    long head = board.head(taker);
    long near = Fill.scaled(board.level[taker], slack, PlacementConfig.ONE) / NEAR;
    return head > near && head >= leastSize - head;
  }

  private void pull(int chunk, int taker, int pass) {
    long size = board.chunks.size[chunk];
    if (!isNearer(taker, size) || isFixed(chunk) || !admits(chunk, taker)) {
      return;
    }
    int known = board.slots.find(chunk, taker);
    boolean possible =
        known < 0
            ? pass != EXCHANGE && board.takes(taker, size)
            : Slots.isStillThere(board.slots.bits(known)) && board.fitsAgain(taker, size);
    boolean isThere = possible && known >= 0 && Slots.isPossessed(board.slots.bits(known));
    int giver = isThere ? giverInFlight(chunk, taker) : -1;
    if (possible && giver < 0) {
      giver = fullestGiver(chunk, taker, pass);
    }
    if (giver < 0) {
      return;
    }
    int from = board.slots.worker(giver);
    if (known < 0) {
      move(chunk, giver, taker);
    } else {
      exchange(chunk, known, from);
    }
    noteMoved(from, taker);
  }

  private void exchange(int chunk, int known, int giver) {
    int bits = board.slots.bits(known);
    boolean dropped = (bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
    board.exchange(chunk, known, giver, dropped ? Slots.because(bits) : LEVEL);
  }

  private boolean isGentle(int giver, int taker, long size, int pass) {
    long after = board.head(giver) + size;
    long allowed = Fill.scaled(board.level[giver], slack, PlacementConfig.ONE);
    if (after <= allowed / 2 || pass == EXCHANGE) {
      return true;
    }
    if (pass != COARSE) {
      return false;
    }
    long near = board.head(taker) / 2;
    return after <= Math.abs(board.head(giver))
        || Fill.compare(after, board.fleet.capacity[giver], near, board.fleet.capacity[taker]) <= 0;
  }

  private boolean isFixed(int chunk) {
    return (board.chunks.bits[chunk] & FIXED) != 0 || isShrunkByScores(chunk);
  }

  /** Reports whether this plan shrank the chunk by scores, which leveling would undo. */
  private boolean isShrunkByScores(int chunk) {
    if (!board.input.scores.knows(chunk)) {
      return false;
    }
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      int bits = board.slots.bits(slot);
      if (!Slots.isWanted(bits) && Slots.cause(bits) == Cause.SHRINK) {
        return true;
      }
    }
    return false;
  }

  /** Returns the slot of the fullest of the holders that may give a chunk, additions first. */
  private int fullestGiver(int chunk, int taker, int pass) {
    if (board.isSpreadWanted(chunk)) {
      board.focus(chunk);
    }
    int best = -1;
    boolean bestAdded = false;
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      boolean added = Slots.isAdded(board.slots.bits(slot));
      int worker = board.slots.worker(slot);
      boolean better =
          added == bestAdded
              ? best < 0 || Zones.isFuller(board, worker, board.slots.worker(best))
              : added;
      if (better
          && mayGive(chunk, slot, taker, pass)
          && Zones.keepsSpread(board, chunk, worker, taker)) {
        best = slot;
        bestAdded = added;
      }
    }
    return best;
  }

  private int giverInFlight(int chunk, int taker) {
    if (board.isSpreadWanted(chunk)) {
      board.focus(chunk);
    }
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      int bits = board.slots.bits(slot);
      int worker = board.slots.worker(slot);
      if (!Slots.isPossessed(bits)
          && !Slots.isAdded(bits)
          && board.fleet.placeable[worker]
          && board.isMovable(chunk, slot)
          && board.domains.admitsInstead(chunk, taker, worker)
          && Zones.keepsSpread(board, chunk, worker, taker)) {
        return slot;
      }
    }
    return -1;
  }

  private boolean mayGive(int chunk, int slot, int taker, int pass) {
    int worker = board.slots.worker(slot);
    long size = board.chunks.size[chunk];
    return (board.head(worker) < 0 || pass == WITHIN_SLACK)
        && isMovable(chunk, board.slots.bits(slot), worker)
        && board.domains.admitsInstead(chunk, taker, worker)
        && improves(worker, taker, size)
        && isGentle(worker, taker, size, pass);
  }

  /** Excludes copies in flight, which are not sent elsewhere. */
  private boolean isMovable(int chunk, int bits, int worker) {
    return Slots.isSound(bits)
        && (board.isFreeToGo(chunk, worker, bits) || Slots.isPossessed(bits))
        && board.fleet.placeable[worker]
        && !board.isPinnedPair(chunk, worker)
        && board.mayGiveUp(chunk, worker);
  }

  private boolean improves(int giver, int taker, long size) {
    long giverHead = board.head(giver);
    long takerHead = board.head(taker);
    long giverCapacity = board.fleet.capacity[giver];
    long takerCapacity = board.fleet.capacity[taker];
    if (Fill.compare(giverHead + size, giverCapacity, takerHead, takerCapacity) >= 0) {
      return false;
    }
    boolean giverFarther =
        Fill.compare(Math.abs(giverHead), giverCapacity, Math.abs(takerHead), takerCapacity) > 0;
    long far = Math.abs(giverFarther ? giverHead : takerHead);
    long farCapacity = giverFarther ? giverCapacity : takerCapacity;
    return Fill.compare(Math.abs(giverHead + size), giverCapacity, far, farCapacity) < 0
        && Fill.compare(Math.abs(takerHead - size), takerCapacity, far, farCapacity) < 0;
  }

  private boolean move(int chunk, int slot, int to) {
    int from = board.slots.worker(slot);
    if (Slots.isAdded(board.slots.bits(slot))) {
      boolean may = ledger.redirect(from, to, board.chunks.size[chunk]);
      if (may) {
        board.redirect(chunk, slot, to);
      }
      return may;
    }
    if (!ledger.take(from, to, board.chunks.size[chunk])) {
      return false;
    }
    board.supersede(chunk, slot, LEVEL);
    board.add(chunk, to, LEVEL);
    return true;
  }

  /** Brings a worker down to its level, additions first; {@code forFree} only additions. */
  private void drain(int giver, WorkerIndex index, boolean forFree) {
    int count = index.start[giver + 1] - index.start[giver];
    int[] chunks = new int[count];
    System.arraycopy(index.chunk, index.start[giver], chunks, 0, count);
    long hash = board.fleet.hash[giver];
    int[] order =
        Order.by(
            chunks,
            count,
            chunk -> {
              int slot = board.slots.find(chunk, giver);
              int added = Slots.isAdded(board.slots.bits(slot)) ? 0 : 1 << 30;
              long rank = Rank.of(board.chunks.keyHash[chunk], hash);
              return added | (int) (~rank >>> 34);
            });
    for (int pass = GENTLE; pass <= COARSE; pass += COARSE - GENTLE) {
      boolean onlyAdded =
          forFree || (pass == COARSE && !board.cut[giver] && isOneReplicaAbove(giver, index));
      for (int i = 0; i < order.length && wantsOut(giver, pass); i++) {
        if ((onlyAdded && !isAdded(order[i], giver)) || !giveOne(order[i], giver, pass)) {
          return;
        }
      }
    }
  }

  private boolean isAdded(int chunk, int worker) {
    int slot = board.slots.find(chunk, worker);
    return slot >= 0 && Slots.isAdded(board.slots.bits(slot));
  }

  private boolean wantsOut(int giver, int pass) {
    return pass == GENTLE ? board.head(giver) < 0 : isOff(giver, -1);
  }

  private boolean giveOne(int chunk, int giver, int pass) {
    int slot = board.slots.find(chunk, giver);
    if (slot < 0) {
      return true;
    }
    int bits = board.slots.bits(slot);
    if (!Slots.isAdded(bits) && ledger.isExhausted()) {
      return false;
    }
    boolean isOf = Slots.isAdded(bits) || pass != GENTLE || isNearerWithout(giver, chunk);
    if (isOf && !isFixed(chunk) && isMovable(chunk, bits, giver)) {
      push(chunk, slot, giver, pass);
    }
    return true;
  }

  /** Reports whether a giver is as near to its level without a chunk, or hardly below it. */
  private boolean isNearerWithout(int giver, int chunk) {
    long after = board.head(giver) + board.chunks.size[chunk];
    long allowed = Fill.scaled(board.level[giver], slack, PlacementConfig.ONE);
    return after <= Math.max(-board.head(giver), allowed / 2);
  }

  private void push(int chunk, int slot, int giver, int pass) {
    long size = board.chunks.size[chunk];
    board.focus(chunk);
    int to =
        picker.pickAsSpread(
            chunk,
            giver,
            worker ->
                !relieved[worker]
                    && (pass != GENTLE || board.head(worker) >= size)
                    && improves(giver, worker, size)
                    && board.isWithinShare(chunk, worker)
                    && board.isInTime(chunk, worker));
    if (to >= 0) {
      move(chunk, slot, to);
    }
  }
}
