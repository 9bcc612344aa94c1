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
 * The fleet once all wanted replicas exist; it does not depend on the progress of copies, so
 * results stay valid while plans carry them out. Changes can be rolled back.
 */
final class Outlook {
  static final int MOVE = 0;

  static final int DROP = 1;

  static final int PLACE = 2;

  private static final int NOWHERE = -1;
  private static final int PER_NOTE = 4;

  final Board board;
  private final int workers;

  /** Free bytes by worker, followed by free replica places by worker if replicas are counted. */
  private final long[] room;

  private final boolean[] mayBeBonus;

  private final IntList[] chunksOn;

  /** The pairs whose wanted state differs from the board's. */
  private final Map<Long, Boolean> changed = new HashMap<>();

  /** The chunks of all pairs recorded here, as a fast filter. */
  private final BitSet known = new BitSet();

  private final Map<Integer, Integer> dropped = new HashMap<>();

  /** Pairs promised to other work, which neither leave nor arrive. */
  private final Set<Long> spoken;

  /** Pairs moved or placed since {@link #begin}; a replica moves only once. */
  private final Set<Long> settled = new HashSet<>();

  /** Workers that take no part in moves. */
  final boolean[] closed;

  /** Kind, chunk, source and target of each change, in turn. */
  private final IntList log = new IntList();

  private boolean mixed;

  /** Creates an outlook; {@code free} is bytes by worker, then places by worker if counted. */
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

  boolean isMixed(long size) {
    return mixed || size != board.leastSize();
  }

  boolean isCounted() {
    return room.length > workers;
  }

  long[] room() {
    return room.clone();
  }

  long room(int worker) {
    return room[worker];
  }

  void begin() {
    settled.clear();
  }

  int mark() {
    return log.size();
  }

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

  int firstChange(int mark) {
    int at = mark;
    while (at < log.size() && kind(at) == PLACE) {
      at = next(at);
    }
    return at;
  }

  IntList chunksOn(int worker) {
    return chunksOn[worker];
  }

  boolean hasRoom(int worker, long bytes) {
    return room[worker] >= bytes && (!isCounted() || room[workers + worker] > 0);
  }

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

  boolean suffices(int worker, long leaves, long bytes) {
    return room[worker] + leaves >= bytes;
  }

  boolean wants(int chunk, int worker) {
    Boolean change = known.get(chunk) ? changed.get(PairSet.pair(chunk, worker)) : null;
    if (change != null) {
      return change;
    }
    return board.isWanted(chunk, worker);
  }

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

  boolean mayCome(int chunk, int worker, int from) {
    return !closed[worker] && mayTake(chunk, worker, from);
  }

  boolean mayTake(int chunk, int worker, int from) {
    return !wants(chunk, worker)
        && board.fit.admits(chunk, worker)
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

  boolean isBonus(int chunk, int worker) {
    int spare = spare(chunk);
    return spare > 0
        && (dropped.isEmpty() || spare > dropped.getOrDefault(chunk, 0))
        && mayGo(chunk, worker);
  }

  private int spare(int chunk) {
    return board.soundCount(chunk) - board.chunks.floor(chunk);
  }

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

  Set<Long> arrivalsSince(int mark) {
    Set<Long> found = new HashSet<>();
    for (int at = mark; at < log.size(); at = next(at)) {
      if (kind(at) == MOVE) {
        found.add(PairSet.pair(chunk(at), to(at)));
      }
    }
    return found;
  }

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

  /** Inserts a chunk in canonical order, in which a later plan will find it. */
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
