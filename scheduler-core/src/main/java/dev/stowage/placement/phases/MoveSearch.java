package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.placement.board.Board;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The last resort before a replica is called stuck: every sequence of moves, the shortest first,
 * until one ends with that replica on another worker. A chain of {@link Relocation} asks each
 * worker for one replica and comes to it once; but two replicas may have to make room for a larger
 * one, a chunk may have to move twice, or another replica of it has to leave a domain first. Only
 * for small fleets: the number of arrangements grows beyond all bounds.
 */
final class MoveSearch {
  /** The first of some moves, and the workers that all of them touch. */
  record Found(int chunk, int from, int to, boolean[] touched) {
    /** Whether the replica is given up, rather than moved. */
    boolean isDrop() {
      return to == Arrangement.NOWHERE;
    }
  }

  /** One of the ways to search. */
  interface Way {
    /** The beginning of a shortest sequence that takes a chunk off a worker, if one is found. */
    Optional<Found> search(int chunk, int worker, Relocation relocation);
  }

  /** A fleet of more replicas is not searched. */
  private static final int MOST_REPLICAS = 1_000;

  /** Moves that are looked at in one plan. */
  private static final long MOST_STEPS = 2_000_000;

  private static final int ROOT = -1;

  private final Board board;
  private final Moves moves;
  private long steps;

  /** Whether replicas above floors may be given up. */
  private boolean drops;

  /** What led to each arrangement: the one before, the replica that moved, and where to. */
  private final IntList before = new IntList();

  private final IntList moved = new IntList();
  private final IntList target = new IntList();

  MoveSearch(Board board, Moves moves) {
    this.board = board;
    this.moves = moves;
  }

  /** Looks for moves only. */
  Optional<Found> byMoves(int chunk, int worker, Relocation relocation) {
    drops = false;
    return search(chunk, worker, relocation);
  }

  /** The same, where replicas above floors may be given up as well. */
  Optional<Found> byMovesAndDrops(int chunk, int worker, Relocation relocation) {
    drops = true;
    return search(chunk, worker, relocation);
  }

  private Optional<Found> search(int chunk, int worker, Relocation relocation) {
    if (steps >= MOST_STEPS || relocation.replicas() > MOST_REPLICAS) {
      return Optional.empty();
    }
    Arrangement now = new Arrangement(board, moves, relocation.chunks());
    int leaver = now.find(chunk, worker);
    int last = leaver < 0 ? ROOT : lastMove(now, leaver);
    if (last == ROOT) {
      return Optional.empty();
    }
    boolean[] touched = new boolean[board.fleet.count];
    int first = last;
    for (int move = last; move != ROOT; move = before.get(move)) {
      if (target.get(move) != Arrangement.NOWHERE) {
        touched[target.get(move)] = true;
      }
      touched[now.worker(moved.get(move))] = true;
      first = move;
    }
    int replica = moved.get(first);
    int from = now.worker(replica);
    return Optional.of(new Found(now.chunk(replica), from, target.get(first), touched));
  }

  /** The number of the move that ends a shortest sequence; all moves are taken back. */
  private int lastMove(Arrangement now, int leaver) {
    before.truncate(0);
    moved.truncate(0);
    target.truncate(0);
    Set<Long> seen = new HashSet<>();
    seen.add(now.hash());
    for (int state = ROOT; state < before.size(); state++) {
      int[] path = pathTo(state);
      int[] origins = carryOut(now, path);
      int found = moveFrom(now, leaver, state, seen);
      for (int i = path.length - 1; i >= 0; i--) {
        now.move(moved.get(path[i]), origins[i]);
      }
      if (found != ROOT || steps >= MOST_STEPS) {
        return found;
      }
    }
    return ROOT;
  }

  /** The moves that led to an arrangement, the first one first. */
  private int[] pathTo(int state) {
    int length = 0;
    for (int move = state; move != ROOT; move = before.get(move)) {
      length++;
    }
    int[] path = new int[length];
    for (int move = state; move != ROOT; move = before.get(move)) {
      path[--length] = move;
    }
    return path;
  }

  /** The worker that each of these moves takes its replica from. */
  private int[] carryOut(Arrangement now, int[] path) {
    int[] origins = new int[path.length];
    for (int i = 0; i < path.length; i++) {
      origins[i] = now.worker(moved.get(path[i]));
      now.move(moved.get(path[i]), target.get(path[i]));
    }
    return origins;
  }

  /** Notes the arrangements that one more move leads to; the move that ends it, if one does. */
  private int moveFrom(Arrangement now, int leaver, int state, Set<Long> seen) {
    for (int to : now.candidates(leaver)) {
      if (now.mayMove(leaver, to)) {
        note(state, leaver, to);
        return before.size() - 1;
      }
    }
    for (int replica = 0; replica < now.size(); replica++) {
      if (drops && now.mayDrop(replica)) {
        steps++;
        if (seen.add(now.hashAfter(replica, Arrangement.NOWHERE))) {
          note(state, replica, Arrangement.NOWHERE);
          if (replica == leaver) {
            return before.size() - 1;
          }
        }
      }
      for (int to : now.candidates(replica)) {
        steps++;
        if (now.mayMove(replica, to) && seen.add(now.hashAfter(replica, to))) {
          note(state, replica, to);
        }
      }
    }
    return ROOT;
  }

  private void note(int state, int replica, int to) {
    before.add(state);
    moved.add(replica);
    target.add(to);
  }
}
