package dev.stowage.content.queue;

import dev.stowage.columns.Growth;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Deficit round robin in logarithmic time: instead of walking the ring, it keeps a heap by the
 * round in which each turn can pay, and adds the credit of skipped visits when needed. A turn
 * refused permits ends a byte short of its next item, so that missing permits earn no credit.
 */
public final class TurnRing {
  private static final @Nullable Turn[] NOBODY = {};

  /** The greatest debt in bytes, so that sums do not overflow. */
  private static final long MOST_DEBT = 1L << 62;

  private final long quantumBytes;
  private @Nullable Turn[] heap = NOBODY;

  /** Two per heap place: the round in which it can pay, and its ring place. */
  private long[] keys = {};

  private int size;
  private long round = 1;
  private long pointer;
  private long nextPosition = 1;
  private @Nullable Turn current;
  private Turn[] passed = {};
  private int passedCount;

  private int[] open = {};

  private int openCount;

  TurnRing(long quantumBytes) {
    this.quantumBytes = quantumBytes;
  }

  boolean isEmpty() {
    return size == 0;
  }

  Turn first() {
    return turnAt(0);
  }

  void join(Turn turn, int weight) {
    turn.weight = weight;
    turn.deficit = 0;
    // Its place is behind the pointer, so this round still visits it.
    turn.credited = round - 1;
    if (size == heap.length) {
      int capacity = Growth.rows(2, size + Math.max(2L, size >> 1), size + 1L);
      heap = Arrays.copyOf(heap, capacity);
      keys = Arrays.copyOf(keys, 2 * capacity);
    }
    up(size++, turn, roundToPay(turn), nextPosition++);
  }

  void leave(Turn turn) {
    if (turn == current) {
      current = null;
    }
    Turn last = turnAt(--size);
    heap[size] = null;
    if (last != turn) {
      place(turn.at, last, keys[2 * size], keys[2 * size + 1]);
    }
  }

  /** Requires {@link #changed} or {@link #leave} afterwards; passes over all turns before it. */
  void payInTurn(Turn turn, long charge) {
    round = keys[2 * turn.at];
    pointer = keys[2 * turn.at + 1];
    current = turn;
    turn.deficit += (round - turn.credited) * quantum(turn) - charge;
    turn.credited = round;
    if (turn.at > 0) {
      passOver();
    }
  }

  private void passOver() {
    passedCount = 0;
    collectPassed(0);
    for (int i = 0; i < passedCount; i++) {
      Turn turn = passed[i];
      long position = keys[2 * turn.at + 1];
      turn.deficit = turn.headCharge() - 1;
      turn.credited = position <= pointer ? round : round - 1;
      place(turn.at, turn, turn.credited + 1, position);
    }
  }

  private void collectPassed(int place) {
    if (place >= size || !isBefore(keys[2 * place], keys[2 * place + 1], round, pointer)) {
      return;
    }
    if (passedCount == passed.length) {
      passed = Arrays.copyOf(passed, Growth.capacity(2L * passedCount + 2, passedCount + 1L));
    }
    passed[passedCount++] = turnAt(place);
    collectPassed(2 * place + 1);
    collectPassed(2 * place + 2);
  }

  /** Requires {@link #changed} or {@link #leave} afterwards. */
  void payOutOfTurn(Turn turn, long charge) {
    settle(turn);
    turn.deficit = Math.max(turn.deficit - charge, -MOST_DEBT);
  }

  void changed(Turn turn) {
    settle(turn);
    place(turn.at, turn, roundToPay(turn), keys[2 * turn.at + 1]);
  }

  /** Returns the deficit of a walk in bytes. */
  public long deficit(Turn turn) {
    if (size > 0) {
      settle(turn);
    }
    return turn.deficit;
  }

  /** Forbids changes until the iteration ends. */
  void beginTurns() {
    openCount = 0;
    open(0);
  }

  @Nullable Turn nextTurn() {
    if (openCount == 0) {
      return null;
    }
    int next = open[0];
    int last = open[--openCount];
    int at = 0;
    for (int child = 1; child < openCount; child = 2 * at + 1) {
      if (child + 1 < openCount && isBefore(open[child + 1], open[child])) {
        child++;
      }
      if (isBefore(last, open[child])) {
        break;
      }
      open[at] = open[child];
      at = child;
    }
    open[at] = last;
    open(2 * next + 1);
    open(2 * next + 2);
    return turnAt(next);
  }

  private void open(int place) {
    if (place >= size) {
      return;
    }
    if (openCount == open.length) {
      open = Arrays.copyOf(open, Growth.capacity(2L * openCount + 8, openCount + 1L));
    }
    int at = openCount++;
    while (at > 0 && isBefore(place, open[(at - 1) >> 1])) {
      open[at] = open[(at - 1) >> 1];
      at = (at - 1) >> 1;
    }
    open[at] = place;
  }

  private boolean isBefore(int place, int other) {
    return isBefore(keys[2 * place], keys[2 * place + 1], other);
  }

  private void settle(Turn turn) {
    long visited = keys[2 * turn.at + 1] <= pointer ? round : round - 1;
    if (visited > turn.credited) {
      turn.deficit += (visited - turn.credited) * quantum(turn);
      turn.credited = visited;
    }
  }

  private long quantum(Turn turn) {
    return quantumBytes * turn.weight;
  }

  private long roundToPay(Turn turn) {
    long missing = turn.headCharge() - turn.deficit;
    if (missing <= 0 && turn == current && turn.credited == round) {
      return round;
    }
    long quantum = quantum(turn);
    long visits = missing <= quantum ? 1 : (missing - 1) / quantum + 1;
    return turn.credited + visits;
  }

  private Turn turnAt(int position) {
    Turn turn = heap[position];
    if (turn == null) {
      throw new IllegalStateException("no turn at " + position + " of " + size);
    }
    return turn;
  }

  private void place(int at, Turn turn, long itsRound, long position) {
    if (at > 0 && isBefore(itsRound, position, (at - 1) >> 1)) {
      up(at, turn, itsRound, position);
    } else {
      down(at, turn, itsRound, position);
    }
  }

  private void up(int from, Turn turn, long itsRound, long position) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >> 1;
      if (!isBefore(itsRound, position, parent)) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    put(at, turn, itsRound, position);
  }

  private void down(int from, Turn turn, long itsRound, long position) {
    int at = from;
    int child = 2 * at + 1;
    while (child < size) {
      if (child + 1 < size && isBefore(keys[2 * child + 2], keys[2 * child + 3], child)) {
        child++;
      }
      if (!isBefore(keys[2 * child], keys[2 * child + 1], itsRound, position)) {
        break;
      }
      move(child, at);
      at = child;
      child = 2 * at + 1;
    }
    put(at, turn, itsRound, position);
  }

  private boolean isBefore(long itsRound, long itsPosition, int place) {
    return isBefore(itsRound, itsPosition, keys[2 * place], keys[2 * place + 1]);
  }

  private static boolean isBefore(long round, long position, long otherRound, long other) {
    return round != otherRound ? round < otherRound : position < other;
  }

  private void move(int from, int to) {
    Turn turn = turnAt(from);
    heap[to] = turn;
    keys[2 * to] = keys[2 * from];
    keys[2 * to + 1] = keys[2 * from + 1];
    turn.at = to;
  }

  private void put(int place, Turn turn, long itsRound, long position) {
    heap[place] = turn;
    keys[2 * place] = itsRound;
    keys[2 * place + 1] = position;
    turn.at = place;
  }
}
