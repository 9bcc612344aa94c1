package dev.stowage.placement;

import dev.stowage.model.Worker;
import dev.stowage.placement.PlacementPlan.Stuck;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Whether a replica that a plan calls stuck could leave its worker by any sequence of moves: exact,
 * by visiting every arrangement that moves lead to, one replica after the other, each within
 * capacities, counts and limits of domains. It begins with what the plan wants, once all of that is
 * there and nothing else is. For few chunks on few workers: an arrangement is a set of bits. Shares
 * no code with the planner.
 */
final class ExactMoves {
  private final World world;
  private final int workers;
  private final long start;

  /** Whether what a chunk has above its floor may be given up. */
  private boolean givesUp;

  private ExactMoves(World world, PlacementPlan plan) {
    this.world = world;
    workers = world.workers.size();
    long wanted = 0;
    for (int chunk = 0; chunk < world.chunks.size(); chunk++) {
      for (int worker = 0; worker < workers; worker++) {
        wanted |= plan.wants(chunk, worker) ? bit(chunk, worker) : 0;
      }
    }
    start = wanted;
  }

  static boolean isPossible(World world, PlacementPlan plan, Stuck leaver) {
    ExactMoves moves = new ExactMoves(world, plan);
    return moves.reaches(moves.bit(leaver.chunk(), leaver.worker()));
  }

  /** The same where copies that only weight has earned may be given up as well. */
  static boolean isPossibleWithoutBonus(World world, PlacementPlan plan, Stuck leaver) {
    ExactMoves moves = new ExactMoves(world, plan);
    moves.givesUp = true;
    return moves.reaches(moves.bit(leaver.chunk(), leaver.worker()));
  }

  /** Whether a chunk could have one more replica than a plan wants, after any sequence of moves. */
  static boolean mayGrow(World world, PlacementPlan plan, int chunk) {
    return new ExactMoves(world, plan).growsAt(chunk);
  }

  private long bit(int chunk, int worker) {
    return 1L << (chunk * workers + worker);
  }

  private boolean reaches(long leaver) {
    Set<Long> seen = new HashSet<>(Set.of(start));
    Queue<Long> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (long next : movesFrom(open.remove())) {
        if ((next & leaver) == 0) {
          return true;
        }
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return false;
  }

  private boolean growsAt(int chunk) {
    Set<Long> seen = new HashSet<>(Set.of(start));
    Queue<Long> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      long now = open.remove();
      for (int to = 0; to < workers; to++) {
        if (isOpen(now, chunk, -1, to)) {
          return true;
        }
      }
      for (long next : movesFrom(now)) {
        if (seen.add(next)) {
          open.add(next);
        }
      }
    }
    return false;
  }

  private List<Long> movesFrom(long now) {
    List<Long> found = new ArrayList<>();
    for (long left = now; left != 0; left &= left - 1) {
      int at = Long.numberOfTrailingZeros(left);
      int chunk = at / workers;
      int from = at % workers;
      if (world.pins.stream().noneMatch(pin -> pin[0] == chunk && pin[1] == from)) {
        if (givesUp && isBonus(now, chunk)) {
          found.add(now ^ bit(chunk, from));
        }
        for (int to = 0; to < workers; to++) {
          if (isOpen(now, chunk, from, to)) {
            found.add(now ^ bit(chunk, from) ^ bit(chunk, to));
          }
        }
      }
    }
    return found;
  }

  private boolean isBonus(long now, int chunk) {
    World.Piece piece = world.chunks.get(chunk);
    long mine = ((1L << workers) - 1) << (chunk * workers);
    return Long.bitCount(now & mine) > piece.floor;
  }

  private boolean isOpen(long now, int chunk, int from, int to) {
    if ((now & bit(chunk, to)) != 0 || !ExactLeave.isHome(world, chunk, to)) {
      return false;
    }
    Set<Integer> holders = new HashSet<>(Set.of(to));
    long used = world.chunks.get(chunk).size;
    int copies = 1;
    for (int worker = 0; worker < workers; worker++) {
      if (worker != from && (now & bit(chunk, worker)) != 0) {
        holders.add(worker);
      }
    }
    for (int other = 0; other < world.chunks.size(); other++) {
      boolean isThere = (now & bit(other, to)) != 0;
      used += isThere ? world.chunks.get(other).size : 0;
      copies += isThere ? 1 : 0;
    }
    Worker taker = world.workers.get(to);
    return used <= taker.capacityBytes()
        && copies <= taker.maxReplicas()
        && DomainWorld.isAllowed(world, to, holders);
  }
}
