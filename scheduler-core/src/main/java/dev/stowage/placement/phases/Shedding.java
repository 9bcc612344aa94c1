package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.placement.Cause;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.Reason;
import dev.stowage.placement.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.DomainRule;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.fleet.Rank;
import dev.stowage.placement.input.Order;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Makes room for starved chunks by drains, bonus replicas and chains of moves. */
final class Shedding {
  private static final int SHED = Slots.because(Cause.SHED, Reason.MAKES_ROOM);

  private static final IntList NOTHING = new IntList();

  private final Board board;
  private final Picker picker;
  private final Relocation relocation;
  private final WorkerIndex index;

  private final int[] cursor;

  private final MovementLedger ledger;

  private final IntList waitingOn = new IntList();

  /** The chunk and worker of each copy on the way. */
  private final IntList copies = new IntList();

  /** Workers with room promised to each established chunk, one replica each. */
  private final Map<Integer, IntList> promisedOn = new HashMap<>();

  /** Free or draining bytes by worker at the last promises. */
  private long[] seen;

  /** Workers held by or promised to the chunk of the last attempt. */
  private boolean[] reached = new boolean[0];

  Shedding(Board board, Picker picker, Relocation relocation, MovementLedger ledger) {
    this.board = board;
    this.ledger = ledger;
    this.picker = picker;
    this.relocation = relocation;
    index = board.chunksOnAll();
    cursor = index.start.clone();
    relocation.refreshPending();
    seen = board.roomAfterDrains();
    for (int worker = 0; worker < board.fleet.count; worker++) {
      for (int i = index.start[worker]; i < index.start[worker + 1]; i++) {
        int chunk = index.chunk[i];
        if (maySupersede(chunk, board.slots.find(chunk, worker))) {
          relocation.maySend(worker, board.chunks.size[chunk]);
        }
      }
    }
  }

  /** Relieves shortfalls, lowest replica count first, even with too few workers. */
  void relieveEstablished(List<Shortage> shortfalls, IntPredicate isCharged) {
    followRoom();
    List<Integer> waiting = shortfalls.stream().map(Shortage::chunk).toList();
    boolean isOver = false;
    while (!waiting.isEmpty() && !isOver) {
      int lowest = waiting.stream().mapToInt(this::standing).min().orElseThrow();
      List<Integer> left = new ArrayList<>();
      for (int chunk : waiting) {
        boolean isRefused = standing(chunk) == lowest && !relieveOne(chunk);
        isOver |= isRefused && mayFindLater(chunk);
        if (!isRefused && standing(chunk) < board.chunks.floor(chunk)) {
          left.add(chunk);
        }
      }
      waiting = left;
    }
    waiting.forEach(this::leaveAlone);
    keep(isCharged);
  }

  /** Reports whether the next plan may move replicas that this plan must keep. */
  boolean mayFindLater(int chunk) {
    return board.isThinned() && byRank(chunk, board.chunks.size[chunk], takenBy(chunk)).length > 0;
  }

  private void leaveAlone(int chunk) {
    for (int worker : byRank(chunk, board.chunks.size[chunk], takenBy(chunk))) {
      waitingOn.add(worker);
    }
  }

  int standing(int chunk) {
    return board.soundCount(chunk) + promisedOn.getOrDefault(chunk, NOTHING).size();
  }

  boolean relieveOne(int chunk) {
    followRoom();
    boolean[] taken = takenBy(chunk);
    boolean isRelieved = relieve(chunk);
    for (int worker = 0; worker < taken.length && isRelieved; worker++) {
      if (reached[worker] && !taken[worker]) {
        promisedOn.computeIfAbsent(chunk, none -> new IntList()).add(worker);
      }
    }
    IntList added = board.keep();
    for (int i = 0; i < added.size(); i++) {
      copies.add(added.get(i));
    }
    seen = board.roomAfterDrains();
    return isRelieved;
  }

  private void followRoom() {
    relocation.followRoom(seen);
    seen = board.roomAfterDrains();
  }

  void guardPromises(boolean[] workers) {
    for (IntList each : promisedOn.values()) {
      for (int i = 0; i < each.size(); i++) {
        workers[each.get(i)] = true;
      }
    }
    for (int worker = 0; worker < workers.length; worker++) {
      workers[worker] |= relocation.onChain[worker];
    }
  }

  private void keep(IntPredicate isCharged) {
    for (int i = 0; i < copies.size(); i += 2) {
      if (!isCharged.test(copies.get(i))) {
        ledger.charge(copies.get(i + 1), board.chunks.size[copies.get(i)]);
      }
    }
    for (int i = 0; i < waitingOn.size(); i++) {
      picker.reserved[waitingOn.get(i)] = true;
    }
    waitingOn.truncate(0);
    for (int worker = 0; worker < picker.reserved.length; worker++) {
      picker.reserved[worker] |= relocation.onChain[worker];
    }
  }

  private boolean relieve(int chunk) {
    boolean[] taken = takenBy(chunk);
    int[] order = byRank(chunk, board.chunks.size[chunk], taken);
    boolean isRelieved = order.length > 0 && tryBoth(order, chunk, taken);
    for (int i = 0; i < order.length && isRelieved; i++) {
      waitingOn.add(order[i]);
    }
    return isRelieved;
  }

  private boolean[] takenBy(int chunk) {
    boolean[] taken = new boolean[board.fleet.count];
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      taken[board.slots.worker(slot)] = true;
    }
    IntList promised = promisedOn.getOrDefault(chunk, NOTHING);
    for (int i = 0; i < promised.size(); i++) {
      taken[promised.get(i)] = true;
    }
    return taken;
  }

  private boolean tryBoth(int[] order, int chunk, boolean[] taken) {
    Relocation.Moment before = relocation.now();
    if (attempt(order, chunk, taken)) {
      return true;
    }
    relocation.rollBack(before);
    System.arraycopy(index.start, 0, cursor, 0, cursor.length);
    int[] scarceFirst =
        Order.by(order, order.length, worker -> clamped(relocation.sheddableBytes(worker)));
    return attempt(scarceFirst, chunk, taken);
  }

  private boolean attempt(int[] order, int chunk, boolean[] held) {
    boolean[] taken = held.clone();
    reached = taken;
    return waitFor(order, chunk, taken)
        || shedFor(order, chunk, taken)
        || relocation.makeRoomLater(chunk, taken, this::shed);
  }

  private static int clamped(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  private boolean waitFor(int[] order, int chunk, boolean[] taken) {
    long size = board.chunks.size[chunk];
    for (int worker : order) {
      if (relocation.awaitsRoom(worker, size)) {
        return promise(worker, size, taken);
      }
    }
    return false;
  }

  private boolean shedFor(int[] order, int chunk, boolean[] taken) {
    long size = board.chunks.size[chunk];
    for (int worker : order) {
      if (relocation.couldHaveRoom(worker, size) && shed(worker, size)) {
        return promise(worker, size, taken);
      }
    }
    return false;
  }

  private boolean promise(int worker, long size, boolean[] taken) {
    relocation.promise(worker, size);
    taken[worker] = true;
    return true;
  }

  private boolean isOpen(int chunk, int worker, boolean[] taken) {
    return board.domains.admitsBeside(chunk, worker, DomainRule.NOBODY, taken);
  }

  private int[] byRank(int chunk, long size, boolean[] taken) {
    int[] found = new int[board.fleet.count];
    int count = 0;
    for (int worker : board.pool(chunk).placeable) {
      if (!taken[worker]
          && board.fleet.capacity[worker] >= size
          && board.fit.admits(chunk, worker)
          && isOpen(chunk, worker, taken)) {
        found[count++] = worker;
      }
    }
    long hash = board.chunks.keyHash[chunk];
    return Order.by(found, count, worker -> (int) (Rank.of(hash, board.fleet.hash[worker]) >>> 33));
  }

  boolean shed(int worker, long size) {
    int mark = board.mark();
    IntList gone = new IntList(0);
    int i = cursor[worker];
    for (; i < index.start[worker + 1] && !relocation.awaitsRoom(worker, size); i++) {
      int chunk = index.chunk[i];
      int slot = board.slots.find(chunk, worker);
      if (maySupersede(chunk, slot)) {
        board.supersede(chunk, slot, SHED);
        relocation.regain(worker, board.chunks.size[chunk]);
        gone.add(chunk);
      }
    }
    if (relocation.awaitsRoom(worker, size)) {
      cursor[worker] = i;
      return true;
    }
    board.rollBack(mark);
    for (int each = 0; each < gone.size(); each++) {
      relocation.promise(worker, board.chunks.size[gone.get(each)]);
    }
    if (gone.isEmpty()) {
      relocation.cannotShed(worker);
    } else {
      relocation.cannotShed(worker, size);
    }
    return false;
  }

  boolean maySupersede(int chunk, int slot) {
    if (slot < 0 || board.chunks.is(chunk, ChunkBits.PINNED) || isWithoutRoom(chunk)) {
      return false;
    }
    int bits = board.slots.bits(slot);
    boolean held =
        Slots.isSound(bits)
            && (bits & Slots.HELD) != 0
            && !board.isPinnedPair(chunk, board.slots.worker(slot));
    int floor = board.chunks.floor(chunk);
    return held
        && board.mayGiveUp(chunk, board.slots.worker(slot))
        && board.soundCount(chunk) > floor
        && (!Slots.isPossessed(bits) || possessedCount(chunk) > floor);
  }

  private boolean isWithoutRoom(int chunk) {
    return board.chunks.size[chunk] == 0 && !board.fleet.isLimited;
  }

  private int possessedCount(int chunk) {
    int count = 0;
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      int bits = board.slots.bits(slot);
      boolean proof = Slots.isSound(bits) && Slots.isPossessed(bits);
      count += proof && board.fleet.counted[board.slots.worker(slot)] ? 1 : 0;
    }
    return count;
  }
}
