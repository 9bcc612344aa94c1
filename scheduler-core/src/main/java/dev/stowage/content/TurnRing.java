package dev.stowage.content;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Deficit round robin in logarithmic time.
 *
 * <p>The textbook walks a ring: every visit brings a quantum, and whoever can pay for his next item
 * sends it and goes on until he cannot. With items much larger than a quantum most visits only
 * bring credit. This ring computes for everybody the round in which he will be able to pay, keeps
 * all in a heap by (round, place in the ring), and jumps to the first; the credit of the visits in
 * between is added up when it is needed. Whom it serves, and every deficit it shows, are those of
 * the walk.
 *
 * <p>Who sends out of turn (a rescue, a deadline, permits missing for who is first) pays as well;
 * the turn stays where it is. Sequential members are served before all turns, first come first, and
 * pay nothing.
 */
final class TurnRing {
  private static final int LEAST_CAPACITY = 2;

  private final long quantumBytes;
  private @Nullable Turn[] heap = new Turn[LEAST_CAPACITY];

  /** Two per place of the heap, round and position, so that moving looks at few turns. */
  private long[] keys = new long[2 * LEAST_CAPACITY];

  private int size;
  private long round = 1;
  private long pointer;
  private long nextPosition = 1;
  private @Nullable Turn current;

  TurnRing(long quantumBytes) {
    this.quantumBytes = quantumBytes;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** Whose turn it is. */
  Turn first() {
    return turnAt(0);
  }

  void join(Turn turn, int weight, Flow.Sharing sharing) {
    turn.position = nextPosition++;
    turn.quantum = quantumBytes * weight;
    turn.deficit = 0;
    // its place is behind the pointer, so it is still to be visited in this round
    turn.credited = round - 1;
    boolean sequential = sharing == Flow.Sharing.SEQUENTIAL;
    turn.round = sequential ? 0 : roundToPay(turn);
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
      keys = Arrays.copyOf(keys, size * 4);
    }
    up(size++, turn);
  }

  void leave(Turn turn) {
    if (turn == current) {
      current = null;
    }
    Turn last = turnAt(--size);
    heap[size] = null;
    if (last != turn) {
      place(turn.at, last);
    }
  }

  /** The turn goes to who is first, and he pays; follow with {@link #changed} or {@link #leave}. */
  void payInTurn(Turn first, long charge) {
    if (first.round == 0) {
      return;
    }
    round = first.round;
    pointer = first.position;
    current = first;
    first.deficit += (round - first.credited) * first.quantum - charge;
    first.credited = round;
  }

  /** Somebody pays out of turn; follow with {@link #changed} or {@link #leave}. */
  void payOutOfTurn(Turn turn, long charge) {
    if (turn.round != 0) {
      settle(turn);
      turn.deficit -= charge;
    }
  }

  /** Somebody's next item, or his deficit, has changed. */
  void changed(Turn turn) {
    if (turn.round == 0) {
      return;
    }
    settle(turn);
    turn.round = roundToPay(turn);
    place(turn.at, turn);
  }

  /** The deficit as the walk would show it now. */
  long deficit(Turn turn) {
    if (turn.round != 0) {
      settle(turn);
    }
    return turn.deficit;
  }

  /** Everybody by turn, first first, into an array of at least {@link #size()} places. */
  void inTurnOrder(Turn[] into) {
    System.arraycopy(heap, 0, into, 0, size);
    Arrays.sort(into, 0, size, (a, b) -> a == b ? 0 : before(a, b) ? -1 : 1);
  }

  /** Adds the credit of the visits since it was last added. */
  private void settle(Turn turn) {
    long visited = turn.position <= pointer ? round : round - 1;
    if (visited > turn.credited) {
      turn.deficit += (visited - turn.credited) * turn.quantum;
      turn.credited = visited;
    }
  }

  private long roundToPay(Turn turn) {
    long missing = turn.headCharge() - turn.deficit;
    if (missing <= 0 && turn == current && turn.credited == round) {
      return round;
    }
    long visits = missing <= turn.quantum ? 1 : (missing - 1) / turn.quantum + 1;
    return turn.credited + visits;
  }

  private Turn turnAt(int position) {
    Turn turn = heap[position];
    if (turn == null) {
      throw new IllegalStateException("nobody at " + position + " of " + size);
    }
    return turn;
  }

  private void place(int position, Turn turn) {
    if (position > 0 && isBefore(turn.round, turn.position, (position - 1) >> 1)) {
      up(position, turn);
    } else {
      down(position, turn);
    }
  }

  private void up(int from, Turn turn) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >> 1;
      if (!isBefore(turn.round, turn.position, parent)) {
        break;
      }
      move(parent, at);
      at = parent;
    }
    put(at, turn);
  }

  private void down(int from, Turn turn) {
    int at = from;
    int child = 2 * at + 1;
    while (child < size) {
      if (child + 1 < size && isBefore(keys[2 * child + 2], keys[2 * child + 3], child)) {
        child++;
      }
      boolean above =
          keys[2 * child] != turn.round
              ? keys[2 * child] > turn.round
              : keys[2 * child + 1] >= turn.position;
      if (above) {
        break;
      }
      move(child, at);
      at = child;
      child = 2 * at + 1;
    }
    put(at, turn);
  }

  /** Whether a round and a position come before those at a place of the heap. */
  private boolean isBefore(long itsRound, long itsPosition, int place) {
    long other = keys[2 * place];
    return itsRound != other ? itsRound < other : itsPosition < keys[2 * place + 1];
  }

  private static boolean before(Turn a, Turn b) {
    return a.round != b.round ? a.round < b.round : a.position < b.position;
  }

  private void move(int from, int to) {
    Turn turn = turnAt(from);
    heap[to] = turn;
    keys[2 * to] = keys[2 * from];
    keys[2 * to + 1] = keys[2 * from + 1];
    turn.at = to;
  }

  private void put(int place, Turn turn) {
    heap[place] = turn;
    keys[2 * place] = turn.round;
    keys[2 * place + 1] = turn.position;
    turn.at = place;
  }
}
