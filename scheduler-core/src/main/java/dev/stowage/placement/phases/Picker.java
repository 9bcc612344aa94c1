package dev.stowage.placement.phases;

import dev.stowage.columns.Avalanche;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.fleet.Pool;
import dev.stowage.placement.fleet.Rank;
import dev.stowage.placement.input.PairSet;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Picks the worker for one more replica: consistent hashing with bounded loads (Mirrokni, Thorup
 * and Zadimoghaddam, SODA 2018). The bound is the water level, and the list of a chunk is drawn by
 * hash, in proportion to capacity ({@link Pool}). Room is never waived; the level is, at last.
 *
 * <p>A pin comes first. Then the first draw is taken that has room below its level, keeps the rules
 * and gains the chunk a domain that it lacks: of six in the pool, then of six among those not yet
 * found full. Where none suits, the worker with the most room below its level is taken, one that
 * gains a domain before one that does not. Large chunks are placed so at once, since a few of them
 * make a fleet uneven. Workers within the new share, or in time for an urgent copy, come first.
 *
 * <p>A draw takes constant time. The most room is found by heaps ({@link DomainRooms}), in time by
 * the workers that refuse; by a walk where a chunk lacks a domain in a pool of up to 1,024 workers,
 * or where capacities differ and nobody has room below the level. Draws of a chunk that failed are
 * not repeated until room appears. Nothing is moved to let a replica in; {@link Relocation} does.
 */
public final class Picker {
  /** The divisor of a pool's mean level above which a chunk is placed by search, not by draws. */
  private static final int LARGE_SHARE = 32;

  /** Draws before the open list is used; most replicas need one or two. */
  private static final int DRAWS = 6;

  private static final int MOST_ASKED = 1 << 10;

  private static final int OPEN_DRAWS = 6;

  private static final int NONE = -1;

  private final Board board;
  private final int[] @Nullable [] open;
  private final int[] openCount;
  private final long[] large;

  /** Heaps by pool, then by level of domains; in front the one of all workers. */
  private final @Nullable DomainRooms[][] rooms;

  /** An upper bound of free bytes by pool, learnt by a failed search. */
  private final long[] mostFree;

  /** The number of raised workers at which {@link #mostFree} was reset. */
  private int memoAge;

  private long leastSize = Long.MAX_VALUE;

  private @Nullable Pouring pouring;

  /** The focus, room and levels for which the draws before {@link #resumeAt} fail. */
  private int resumeFocus;

  private int resumeAge;
  private int resumePours;
  private int resumeSpread;

  /** The last successful draw; above {@link #DRAWS} once the open list failed too. */
  private int resumeAt;

  private int instead = NONE;

  /** Accepts a worker beyond room and rules; asked of every worker before one is chosen. */
  private IntPredicate accepts = Picker::any;

  /** Set while only workers that have the chunk in time and within its new share are wanted. */
  private boolean isChoosy;

  final boolean[] reserved;

  public Picker(Board board) {
    this.board = board;
    open = new int[board.fleet.pools.length][];
    openCount = new int[open.length];
    large = new long[open.length];
    rooms = new DomainRooms[open.length][1 + Zones.levels(board)];
    mostFree = new long[open.length];
    Arrays.fill(mostFree, Long.MAX_VALUE);
    reserved = new boolean[board.fleet.count];
  }

  /** Returns the best worker for the chunk in focus, or -1 if none has room. */
  int pick(int chunk) {
    Pool pool = board.pool(chunk);
    if (pool.size() == 0) {
      return NONE;
    }
    if (pouring != null) {
      pouring.pour();
    }
    int spread = Zones.lacking(board, chunk);
    long size = board.chunks.size[chunk];
    int pinned = board.input.pins.length == 0 ? NONE : pinned(chunk, size);
    if (pinned != NONE) {
      return pinned;
    }
    boolean isUrgent = isUrgent(chunk);
    if (!isUrgent && !board.isShared(chunk)) {
      return pick(chunk, pool, size, spread);
    }
    choose(true);
    int chosen = pick(chunk, pool, size, spread);
    choose(false);
    boolean isSpread = spread == Zones.NONE || chosen == NONE || board.inNewDomain(chosen, spread);
    if (chosen != NONE && isSpread) {
      return chosen;
    }
    return isUrgent ? best(chunk, pool, spread) : pick(chunk, pool, size, spread);
  }

  private boolean isUrgent(int chunk) {
    return board.arrivals != null && board.arrivals.isUrgent(chunk);
  }

  private void choose(boolean wanted) {
    isChoosy = wanted;
    resumeFocus = 0;
  }

  private boolean isChosen(int chunk, int worker) {
    return !isChoosy || (board.isInTime(chunk, worker) && board.isWithinShare(chunk, worker));
  }

  private int pick(int chunk, Pool pool, long size, int spread) {
    long hash = board.chunks.keyHash[chunk];
    if (size > large[pool.eligibility]) {
      return widest(chunk, pool, size, spread);
    }
    for (int turn = resume(spread); turn < DRAWS; turn++) {
      int worker = pool.draw(hash, turn);
      if (suits(chunk, worker, size, spread)) {
        resumeAt = turn;
        return worker;
      }
    }
    int found = resumeAt <= DRAWS ? fromOpen(chunk, pool, size, spread) : NONE;
    return found != NONE ? found : widest(chunk, pool, size, spread);
  }

  /** Reports whether each worker is a new domain, so that a heap replaces the walk over all. */
  private boolean isEachNew(Pool pool) {
    boolean isEachAlone =
        board.fleet.inner.length == 0 && board.fleet.zones == board.fleet.order.length;
    return pool.size() > MOST_ASKED && (board.zonesSeen == 0 || isEachAlone);
  }

  private int resume(int spread) {
    int pours = pouring == null ? 0 : pouring.pours();
    boolean same =
        resumeFocus == board.focusCount()
            && resumeAge == board.raised.size()
            && resumePours == pours
            && resumeSpread == spread;
    if (!same) {
      resumeFocus = board.focusCount();
      resumeAge = board.raised.size();
      resumePours = pours;
      resumeSpread = spread;
      resumeAt = 0;
    }
    return resumeAt;
  }

  /**
   * Returns the best worker for a replica leaving {@code from} among those that {@code also}
   * accepts and that spread the chunk no worse, or -1.
   */
  int pickAsSpread(int chunk, int from, IntPredicate also) {
    int[] before = new int[Zones.levels(board)];
    Arrays.setAll(before, level -> Zones.seen(board, level));
    return pickInstead(chunk, from, to -> also.test(to) && keepsSpread(chunk, to, before));
  }

  /**
   * Returns the best worker for a replica leaving {@code from} that {@code also} accepts, or -1.
   */
  int pickInstead(int chunk, int from, IntPredicate also) {
    accepts = also;
    int slot = board.slots.find(chunk, from);
    if (board.domains.isAny()) {
      resumeFocus = 0;
    }
    boolean misplaced = board.fit.isMisplaced(chunk, from);
    for (int level = 0; !misplaced && level < Zones.levels(board); level++) {
      if (!Zones.isShared(board, chunk, slot, level)) {
        board.vacate(from, level);
        resumeFocus = 0;
      }
    }
    int found = pickBesides(chunk, from);
    boolean isAccepted = found != NONE && accepts.test(found);
    accepts = Picker::any;
    return isAccepted ? found : NONE;
  }

  /** Compares the domains once the vacated replica lies on a worker with those of before. */
  private boolean keepsSpread(int chunk, int to, int[] before) {
    for (int level = 0; level < before.length; level++) {
      int wanted = Zones.wanted(board, chunk, level);
      int after = Zones.seen(board, level) + (board.inNewDomain(to, level) ? 1 : 0);
      int order = Integer.compare(Math.min(wanted, after), Math.min(wanted, before[level]));
      if (order != 0) {
        return order > 0;
      }
    }
    return true;
  }

  /** Returns the best worker for a replica leaving {@code from}, which keeps its domains. */
  int pickBesides(int chunk, int from) {
    instead = from;
    int found = pick(chunk);
    instead = NONE;
    if (board.domains.isAny()) {
      resumeFocus = 0;
    }
    return found;
  }

  /** Resets cached state; to be called whenever levels are set. */
  void learnLevels() {
    for (@Nullable DomainRooms[] each : rooms) {
      Arrays.fill(each, null);
    }
    Arrays.fill(open, null);
    resumeFocus = 0;
    leastSize = board.leastSize();
    for (Pool pool : board.fleet.pools) {
      large[pool.eligibility] = largeBytes(pool);
    }
  }

  /** Aims at the level of the bytes to place, so that they spread evenly despite high workers. */
  void beginPouring() {
    pouring = new Pouring(board);
  }

  void endPouring() {
    if (pouring != null) {
      pouring.end();
      pouring = null;
      learnLevels();
    }
  }

  private long largeBytes(Pool pool) {
    long mean = 0;
    for (int worker : pool.placeable) {
      mean += board.level[worker] / pool.size();
    }
    return mean / LARGE_SHARE;
  }

  private int pinned(int chunk, long size) {
    int first = NONE;
    int at = Arrays.binarySearch(board.input.pins, PairSet.pair(chunk, 0));
    for (int i = at < 0 ? -at - 1 : at; i < board.input.pins.length; i++) {
      if (PairSet.chunkOf(board.input.pins[i]) != chunk) {
        break;
      }
      int worker = PairSet.workerOf(board.input.pins[i]);
      if (board.fleet.placeable[worker]
          && board.takes(worker, size)
          && !board.holds(worker)
          && board.mayCome(chunk, worker, instead)
          && (first == NONE || board.fleet.rank[worker] < board.fleet.rank[first])) {
        first = worker;
      }
    }
    return first;
  }

  private boolean suits(int chunk, int worker, long size, int spread) {
    return board.head(worker) >= size
        && board.takes(worker, size)
        && !board.holds(worker)
        && (spread == Zones.NONE || board.inNewDomain(worker, spread))
        && isAllowed(chunk, worker)
        && isChosen(chunk, worker)
        && accepts.test(worker);
  }

  /**
   * Reports whether the chunk in focus may be placed on a worker: room, rules, reservations, and
   * while it is choosy, time and share. {@link Board#refusal} says why not.
   */
  boolean takes(int chunk, int worker) {
    return board.takes(worker, board.chunks.size[chunk])
        && !board.holds(worker)
        && isAllowed(chunk, worker)
        && isChosen(chunk, worker);
  }

  boolean isAccepted(int worker) {
    return accepts.test(worker);
  }

  boolean takesInstead(int chunk, int worker, int from) {
    instead = from;
    boolean takes = takes(chunk, worker);
    instead = NONE;
    return takes;
  }

  boolean isAllowed(int chunk, int worker) {
    return !reserved[worker] && board.mayCome(chunk, worker, instead);
  }

  private int fromOpen(int chunk, Pool pool, long size, int spread) {
    int[] list = open[pool.eligibility];
    if (list == null) {
      list = pool.placeable.clone();
      open[pool.eligibility] = list;
      openCount[pool.eligibility] = list.length;
    }
    int count = openCount[pool.eligibility];
    int before = count;
    long hash = Avalanche.of(board.chunks.keyHash[chunk] ^ 0x5bd1e9955bd1e995L);
    for (int turn = 0; turn < OPEN_DRAWS && count > 0; turn++) {
      hash = Avalanche.of(hash + turn);
      int at = (int) Math.multiplyHigh(hash >>> 1, count * 2L);
      int worker = list[at];
      if (board.head(worker) < leastSize || !board.takes(worker, leastSize)) {
        list[at] = list[--count];
      } else if (suits(chunk, worker, size, spread)) {
        openCount[pool.eligibility] = count;
        resumeAt = DRAWS;
        return worker;
      }
    }
    openCount[pool.eligibility] = count;
    resumeAt = count == before ? DRAWS + 1 : DRAWS;
    return NONE;
  }

  private int widest(int chunk, Pool pool, long size, int lacking) {
    int spread = isEachNew(pool) ? Zones.NONE : lacking;
    if (memoAge != board.raised.size()) {
      Arrays.fill(mostFree, Long.MAX_VALUE);
      memoAge = board.raised.size();
    }
    if (size > mostFree[pool.eligibility]) {
      return NONE;
    }
    boolean isWalked = spread != Zones.NONE && pool.size() <= MOST_ASKED;
    int found = isWalked ? best(chunk, pool, spread) : most(chunk, pool, spread);
    if (found != NONE && board.head(found) < size) {
      found = isWalked || pool.isUniform ? found : best(chunk, pool, spread);
      if (found == NONE) {
        return NONE; // there is room, but nobody is accepted
      }
      if (pouring != null) {
        pouring.spill(size - Math.max(0, board.head(found)));
      }
    }
    if (found == NONE) {
      mostFree[pool.eligibility] = -1;
      for (int worker : pool.placeable) {
        long free = board.spare(worker) > 0 ? board.free[worker] : -1;
        mostFree[pool.eligibility] = Math.max(mostFree[pool.eligibility], free);
      }
    }
    return found;
  }

  /** Returns the worker with the most room in the outermost domain that can be gained. */
  private int most(int chunk, Pool pool, int lacking) {
    for (int level = lacking; level != Zones.NONE && level < Zones.levels(board); level++) {
      if (level == lacking || Zones.seen(board, level) < Zones.wanted(board, chunk, level)) {
        int found = rooms(pool, level).most(chunk, this);
        if (found != NONE) {
          return found;
        }
      }
    }
    return rooms(pool, Zones.NONE).most(chunk, this);
  }

  private DomainRooms rooms(Pool pool, int level) {
    DomainRooms known = rooms[pool.eligibility][1 + level];
    if (known == null) {
      known = new DomainRooms(board, pool, level);
      rooms[pool.eligibility][1 + level] = known;
    }
    return known;
  }

  private static boolean any(int worker) {
    return true;
  }

  private int best(int chunk, Pool pool, int spread) {
    int best = NONE;
    int bestGained = Integer.MAX_VALUE;
    board.searches.spend(pool.size());
    for (int worker : pool.placeable) {
      if (!takes(chunk, worker) || !accepts.test(worker)) {
        continue;
      }
      int gained = spread == Zones.NONE ? 0 : Zones.gained(board, chunk, worker, spread);
      boolean better = gained == bestGained ? isLower(chunk, worker, best) : gained < bestGained;
      if (better) {
        best = worker;
        bestGained = gained;
      }
    }
    return best;
  }

  /** Reports whether a worker has more room, or rises less by share; ties go to the rank. */
  private boolean isLower(int chunk, int worker, int than) {
    if (!isChoosy && board.arrivals != null && board.arrivals.isUrgent(chunk)) {
      int first = board.arrivals.compare(chunk, worker, than);
      if (first != 0) {
        return first < 0;
      }
    }
    long size = board.chunks.size[chunk];
    long head = board.head(worker);
    long other = board.head(than);
    int order =
        head >= size && other >= size
            ? Long.compare(head, other)
            : Zones.compareHeads(board, worker, -size, than, -size);
    if (order != 0) {
      return order > 0;
    }
    long hash = board.chunks.keyHash[chunk];
    return Rank.isWorse(hash, board.fleet.hash[than], board.fleet.hash[worker]);
  }

  /** Forgets full workers; to be called after additions are rolled back. */
  void reopen() {
    resumeFocus = 0;
    Arrays.fill(open, null);
  }
}
