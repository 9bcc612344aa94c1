package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.input.PairSet;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The fleet as it will be once all that the plan wants so far is there and nothing else is. It does
 * not depend on how far copies and drains have come: so what is worked out on it stays as it is
 * while one plan after another carries it out. What is tried here is done at once, and can be taken
 * back.
 */
final class Outlook {
  /** A replica leaves a worker for another one. */
  static final int MOVE = 0;

  /** A bonus replica leaves a worker for good. */
  static final int DROP = 1;

  /** A deferred chunk has one more replica. */
  static final int PLACE = 2;

  private static final int NOWHERE = -1;
  private static final int PER_NOTE = 4;

  final Board board;
  private final int workers;

  /** Free bytes on each worker, and behind these, where they are counted, free places. */
  private final long[] room;

  /** Workers that may have bonus replicas. */
  private final boolean[] mayBeBonus;

  /** The chunks that are, or were, on each worker, canonically. */
  private final IntList[] chunksOn;

  /** The pairs that are wanted otherwise than on the board. */
  private final Map<Long, Boolean> changed = new HashMap<>();

  /** The chunks of all pairs here about which anything is to be said. */
  private final BitSet known = new BitSet();

  /** How many replicas of a chunk were dropped. */
  private final Map<Integer, Integer> dropped = new HashMap<>();

  /** Pairs that others count on: these neither leave their worker, nor come to it. */
  private final Set<Long> spoken;

  /** Pairs that were moved, or made, since {@link #begin}: a replica moves but once. */
  private final Set<Long> settled = new HashSet<>();

  /** Workers that nothing leaves for another one, or comes to from there. */
  final boolean[] closed;

  /** Kind, chunk, from and to of what was done, in turn. */
  private final IntList log = new IntList();

  private boolean mixed;

  /**
   * The outlook of a board.
   *
   * @param free bytes, and where they are counted places, that will be free on each worker
   * @param spoken pairs that others count on
   */
  Outlook(Board board, long[] free, Set<Long> spoken) {
    this.board = board;
    this.spoken = spoken;
    workers = board.fleet.count;
    room = free.clone();
    mayBeBonus = new boolean[workers];
    chunksOn = new IntList[workers];
    spoken.forEach(pair -> known.set(PairSet.chunkOf(pair)));
    closed = new boolean[workers];
    long leastSize = board.leastSize();
    WorkerIndex index = board.chunksOnAll();
    for (int worker = 0; worker < workers; worker++) {
      chunksOn[worker] = new IntList(index.start[worker + 1] - index.start[worker]);
      for (int i = index.start[worker]; i < index.start[worker + 1]; i++) {
        int chunk = index.chunk[i];
        mixed |= board.chunks.size[chunk] != leastSize;
        chunksOn[worker].add(chunk);
        mayBeBonus[worker] |= isBonus(chunk, worker);
      }
    }
  }

  /** Whether chunks have more than one size, beside one of so many bytes. */
  boolean isMixed(long size) {
    return mixed || size != board.leastSize();
  }

  boolean isCounted() {
    return room.length > workers;
  }

  /** What will be free on each worker. */
  long[] room() {
    return room.clone();
  }

  /** What will be free on a worker. */
  long room(int worker) {
    return room[worker];
  }

  /** From here on replicas may move that have moved before. */
  void begin() {
    settled.clear();
  }

  /** What was done so far, for {@link #takeBackTo}. */
  int mark() {
    return log.size();
  }

  /** What was done after that. */
  int next(int at) {
    return at + PER_NOTE;
  }

  int kind(int at) {
    return log.get(at);
  }

  int chunk(int at) {
    return log.get(at + 1);
  }

  int from(int at) {
    return log.get(at + 2);
  }

  int to(int at) {
    return log.get(at + 3);
  }

  /** The first move or drop since a mark, or the mark of now. */
  int firstChange(int mark) {
    int at = mark;
    while (at < log.size() && kind(at) == PLACE) {
      at = next(at);
    }
    return at;
  }

  /** The chunks that may be on a worker, canonically; some are not any more. */
  IntList chunksOn(int worker) {
    return chunksOn[worker];
  }

  /** Whether one more replica of so many bytes will have room on a worker. */
  boolean hasRoom(int worker, long bytes) {
    return room[worker] >= bytes && (!isCounted() || room[workers + worker] > 0);
  }

  /** The same, once bonus replicas that may go are gone as well. */
  boolean couldHaveRoom(int worker, long bytes) {
    if (hasRoom(worker, bytes) || !mayBeBonus[worker]) {
      return hasRoom(worker, bytes);
    }
    long free = room[worker];
    long places = isCounted() ? room[workers + worker] : 1;
    IntList chunks = chunksOn[worker];
    for (int i = 0; i < chunks.size() && (free < bytes || places <= 0); i++) {
      boolean isBonus = isBonus(chunks.get(i), worker);
      free += isBonus ? board.chunks.size[chunks.get(i)] : 0;
      places += isBonus ? 1 : 0;
    }
    return free >= bytes && places > 0;
  }

  /** Whether a worker will have room for one replica once another one has left it. */
  boolean suffices(int worker, long leaves, long bytes) {
    return room[worker] + leaves >= bytes;
  }

  /** Whether a chunk will have a replica on a worker. */
  boolean wants(int chunk, int worker) {
    Boolean change = known.get(chunk) ? changed.get(PairSet.pair(chunk, worker)) : null;
    if (change != null) {
      return change;
    }
    int slot = board.slots.find(chunk, worker);
    return slot >= 0 && Slots.isWanted(board.slots.bits(slot));
  }

  /** Whether a replica that will be on a worker may leave it for another one. */
  boolean mayLeave(int chunk, int worker) {
    return !closed[worker] && mayGo(chunk, worker);
  }

  private boolean mayGo(int chunk, int worker) {
    return wants(chunk, worker)
        && (board.chunks.size[chunk] > 0 || isCounted())
        && isSoundOrMoved(chunk, worker)
        && !board.chunks.is(chunk, ChunkBits.PINNED)
        && !board.isPinnedPair(chunk, worker)
        && isFree(chunk, worker);
  }

  /** Whether a chunk may come to a placeable worker of its pool, room aside, from another. */
  boolean mayCome(int chunk, int worker, int from) {
    return !closed[worker] && mayTake(chunk, worker, from);
  }

  /** The same, whether or not anything may move there. */
  boolean mayTake(int chunk, int worker, int from) {
    return !wants(chunk, worker)
        && board.mayHold(chunk, worker)
        && isFree(chunk, worker)
        && isOpen(chunk, worker, from);
  }

  private boolean isFree(int chunk, int worker) {
    long pair = PairSet.pair(chunk, worker);
    return !known.get(chunk) || !(settled.contains(pair) || spoken.contains(pair));
  }

  private boolean isSoundOrMoved(int chunk, int worker) {
    int slot = board.slots.find(chunk, worker);
    return slot < 0
        || !Slots.isWanted(board.slots.bits(slot))
        || Slots.isSound(board.slots.bits(slot));
  }

  /** Whether the domains of a worker may have one more of a chunk once another one has left. */
  boolean isOpen(int chunk, int worker, int from) {
    for (int level = 0; level < board.fleet.limits.levels(); level++) {
      int[] domain = board.fleet.limits.domain[level];
      int in = 0;
      for (int other = 0; other < workers; other++) {
        boolean near = other != from && domain[other] == domain[worker];
        in += near && countsOn(chunk, other) ? 1 : 0;
        if (in >= board.fleet.limits.most[level]) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean countsOn(int chunk, int worker) {
    Boolean change = known.get(chunk) ? changed.get(PairSet.pair(chunk, worker)) : null;
    if (change != null && !change) {
      return false;
    }
    int slot = board.slots.find(chunk, worker);
    boolean isThere = slot >= 0 && Slots.isWanted(board.slots.bits(slot));
    return isThere ? board.domains.counts(chunk, slot) : change != null;
  }

  /** Whether a replica that will be on a worker is one more than its chunk has to have. */
  boolean isBonus(int chunk, int worker) {
    int spare = spare(chunk);
    return spare > 0
        && (dropped.isEmpty() || spare > dropped.getOrDefault(chunk, 0))
        && mayGo(chunk, worker);
  }

  /** How many replicas a chunk had beyond its floor, before any was dropped. */
  private int spare(int chunk) {
    return board.soundCount(chunk) - board.chunks.floor(chunk);
  }

  /** Bytes of the bonus replicas on a worker. */
  long bonusBytes(int worker) {
    long sum = 0;
    for (int i = 0; i < chunksOn[worker].size() && mayBeBonus[worker]; i++) {
      int chunk = chunksOn[worker].get(i);
      sum += isBonus(chunk, worker) ? board.chunks.size[chunk] : 0;
    }
    return sum;
  }

  void move(int chunk, int from, int to) {
    note(MOVE, chunk, from, to);
    leave(chunk, from);
    come(chunk, to);
    settled.add(PairSet.pair(chunk, from));
    settled.add(PairSet.pair(chunk, to));
  }

  void place(int chunk, int worker) {
    note(PLACE, chunk, NOWHERE, worker);
    come(chunk, worker);
    settled.add(PairSet.pair(chunk, worker));
  }

  private void drop(int chunk, int worker) {
    note(DROP, chunk, worker, NOWHERE);
    leave(chunk, worker);
    dropped.merge(chunk, 1, Integer::sum);
    settled.add(PairSet.pair(chunk, worker));
  }

  /** Chunks and the workers that they moved to since a mark. */
  Set<Long> arrivalsSince(int mark) {
    Set<Long> found = new HashSet<>();
    for (int at = mark; at < log.size(); at = next(at)) {
      if (kind(at) == MOVE) {
        found.add(PairSet.pair(chunk(at), to(at)));
      }
    }
    return found;
  }

  /** Drops bonus replicas until so many bytes fit, or else none; whether they fit. */
  boolean shed(int worker, long bytes) {
    int mark = mark();
    IntList chunks = chunksOn[worker];
    for (int i = 0; i < chunks.size() && !hasRoom(worker, bytes); i++) {
      if (isBonus(chunks.get(i), worker)) {
        drop(chunks.get(i), worker);
      }
    }
    boolean fits = hasRoom(worker, bytes);
    if (!fits) {
      takeBackTo(mark);
    }
    return fits;
  }

  private void leave(int chunk, int worker) {
    make(worker, board.chunks.size[chunk], 1);
    changed.put(PairSet.pair(chunk, worker), false);
    known.set(chunk);
  }

  private void come(int chunk, int worker) {
    make(worker, -board.chunks.size[chunk], -1);
    changed.put(PairSet.pair(chunk, worker), true);
    known.set(chunk);
    mayBeBonus[worker] |= spare(chunk) > 0;
    list(chunk, chunksOn[worker]);
  }

  /** Puts a chunk in its canonical place, where it will be looked for when this is real. */
  private void list(int chunk, IntList chunks) {
    int place = chunks.size();
    while (place > 0 && board.input.chunkOrder.compare(chunks.get(place - 1), chunk) > 0) {
      place--;
    }
    if (place == 0 || chunks.get(place - 1) != chunk) {
      chunks.add(chunk);
      System.arraycopy(chunks.array(), place, chunks.array(), place + 1, chunks.size() - 1 - place);
      chunks.set(place, chunk);
    }
  }

  private void make(int worker, long bytes, int copies) {
    room[worker] += bytes;
    if (isCounted()) {
      room[workers + worker] += copies;
    }
  }

  private void note(int kind, int chunk, int from, int to) {
    log.add(kind);
    log.add(chunk);
    log.add(from);
    log.add(to);
  }

  /** Takes back all that was done since a mark, last first. */
  void takeBackTo(int mark) {
    for (int at = log.size() - PER_NOTE; at >= mark; at -= PER_NOTE) {
      int chunk = chunk(at);
      if (kind(at) != PLACE) {
        come(chunk, from(at));
        settled.remove(PairSet.pair(chunk, from(at)));
      }
      if (kind(at) != DROP) {
        leave(chunk, to(at));
        settled.remove(PairSet.pair(chunk, to(at)));
      } else {
        dropped.merge(chunk, -1, Integer::sum);
      }
    }
    log.truncate(mark);
  }

  /** The same, but for one move or drop, which stays. */
  void takeBackTo(int mark, int except) {
    int kind = kind(except);
    int chunk = chunk(except);
    int from = from(except);
    int to = to(except);
    takeBackTo(mark);
    if (kind == MOVE) {
      move(chunk, from, to);
    } else {
      drop(chunk, from);
    }
  }
}
