package dev.stowage.placement.answer;

import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.Reason;
import dev.stowage.placement.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.shape.Unit;
import org.jspecify.annotations.Nullable;

/** The workers that could take a chunk after a plan, and their obstacles. */
public final class Takers {
  private final Board board;

  public Takers(Board board) {
    this.board = board;
  }

  /** The missing bytes of a worker, and whether its number of replicas is at the limit. */
  record Lack(long bytes, boolean isAtLimit) {
    /** Orders a limit alone first, then bytes alone, then both. */
    boolean isLessThan(Lack other) {
      return kind() == other.kind() ? bytes < other.bytes : kind() < other.kind();
    }

    private int kind() {
      return bytes == 0 ? 0 : isAtLimit ? 2 : 1;
    }

    String text() {
      String higher = "a max_replicas that is one higher";
      if (bytes == 0) {
        return higher;
      }
      return Unit.bytesAtLeast(bytes) + " more" + (isAtLimit ? " and " + higher : "");
    }
  }

  private boolean isWithout(int chunk, int worker) {
    return board.fit.admits(chunk, worker) && board.slots.find(chunk, worker) < 0;
  }

  /** Returns the least lack of any worker, or null if none may take the replica. */
  @Nullable Lack lack(Stuck stuck) {
    Lack least = null;
    int chunk = stuck.chunk();
    for (int worker : board.pool(chunk).placeable) {
      if (isWithout(chunk, worker) && board.domains.admitsInstead(chunk, worker, stuck.worker())) {
        long bytes = Math.max(0, board.chunks.size[chunk] - board.free[worker]);
        Lack lack = new Lack(bytes, board.spare(worker) <= 0);
        least = least == null || lack.isLessThan(least) ? lack : least;
      }
    }
    return least;
  }

  public String why(Shortage shortage) {
    if (shortage.reason() != Reason.TOO_FEW_WORKERS) {
      return shortage.reason().inWords().whyShort();
    }
    return "its floor is "
        + board.chunks.floor(shortage.chunk())
        + ", and "
        + (shortage.eligibleWorkers() == 0
            ? "no active worker"
            : Words.count(shortage.eligibleWorkers(), "active worker"))
        + " may hold it";
  }

  public int count(int chunk) {
    int count = 0;
    for (int worker : board.pool(chunk).placeable) {
      count += isWithout(chunk, worker) && board.domains.admits(chunk, worker) ? 1 : 0;
    }
    return count;
  }
}
