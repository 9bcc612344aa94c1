package dev.stowage.placement.board;

import dev.stowage.columns.IntList;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.fleet.WeightClass;
import java.util.Arrays;

/** The chunks with possible work, and the sums behind targets and levels. */
public final class Scan {
  public final IntList starved;

  public final IntList fresh;

  /** All chunks with possible work for growth, shrinking or moves. */
  public final IntList attention;

  public final IntList odd;

  public final Demand demand;

  private final Board board;
  private final ReplicationTargets targets;
  private final Tally tally;

  public Scan(Board board, ReplicationTargets targets, Tally tally) {
    this(board, targets, tally, new byte[0]);
  }

  private Scan(Board board, ReplicationTargets targets, Tally tally, byte[] states) {
    this.board = board;
    this.targets = targets;
    this.tally = tally;
    demand = tally.demand.copy();
    for (int worker : board.fleet.order) {
      board.free[worker] = tally.free(worker, board.fleet.capacity[worker]);
      board.leftover[worker] = tally.leftover[worker];
      board.ending[worker] = tally.ending[worker];
      board.coming[worker] = tally.coming[worker];
    }
    board.reach = targets.reach();
    if (board.fleet.isLimited) {
      board.countCopies(tally);
    }
    int[] count = countsByBit(states);
    starved = new IntList(count[0]);
    attention = new IntList(count[2]);
    fresh = count[1] > 0 && count[1] == count[2] ? attention : new IntList(count[1]);
    odd = new IntList(count[3]);
    for (int chunk = 0; chunk < states.length; chunk++) {
      if (states[chunk] != 0) {
        list(chunk, states[chunk]);
      }
    }
  }

  private static int[] countsByBit(byte[] states) {
    int[] counts = new int[4];
    for (byte state : states) {
      for (int bit = 0; state != 0 && bit < counts.length; bit++) {
        counts[bit] += (state >>> bit) & 1;
      }
    }
    return counts;
  }

  /** Judges all chunks. */
  public static Scan of(Board board, ReplicationTargets targets) {
    Fleet fleet = board.fleet;
    Tally tally = new Tally(fleet.count, fleet.pools.length, targets.classes.size());
    tally.countCopies(fleet.isLimited);
    Judge judge = new Judge(board.input, fleet, targets, new Aims(board.target, board.goal));
    byte[] states = new byte[board.chunks.count];
    boolean any = new BlockJudge(board, targets, judge).judge(states, tally);
    return new Scan(board, targets, tally, any ? states : new byte[0]);
  }

  public void list(int chunk, int state) {
    if ((state & Judge.FRESH) != 0 && fresh != attention) {
      fresh.add(chunk);
    } else if ((state & Judge.STARVED) != 0) {
      starved.add(chunk);
    }
    if ((state & Judge.ATTENTION) != 0) {
      attention.add(chunk);
    }
    if ((state & Judge.ODD) != 0) {
      odd.add(chunk);
    }
  }

  /** Lets a board with described links give urgent copies to workers that have them in time. */
  public void hurry() {
    boolean isAnyComing = Arrays.stream(board.coming).anyMatch(bytes -> bytes > 0);
    if (board.fleet.isPaced && (isAnyComing || !starved.isEmpty() || !odd.isEmpty())) {
      board.arrivals = new ArrivalTimes(board, starved, odd, tally.misplacedWanted);
    }
  }

  public long replicas() {
    return tally.replicas;
  }

  public boolean isBackpressure() {
    return targets.isBackpressure();
  }

  public boolean isCountable() {
    for (int worker : board.fleet.order) {
      if (!tally.isCountable(worker)) {
        return false;
      }
    }
    return true;
  }

  public CopyMinimum minimum() {
    return new CopyMinimum(board, tally, attention, odd);
  }

  public long expectedSlots() {
    long slots = 0;
    for (int i = 0; i < attention.size(); i++) {
      int chunk = attention.get(i);
      int held = board.slots.end(chunk) - board.slots.begin(chunk);
      slots += Math.max(held + 1, board.target.get(chunk)) + 2;
    }
    return slots;
  }

  /** Replaces goals by actual counts in the demand; returns whether any differ. */
  public boolean relevel() {
    boolean off = false;
    for (int i = 0; i < attention.size(); i++) {
      int chunk = attention.get(i);
      int count = board.soundCount(chunk);
      int goal = board.goal.get(chunk);
      if (count != goal && !board.chunks.isEnding(chunk)) {
        int pool = board.chunks.pool(chunk);
        long size = board.chunks.size[chunk];
        demand.bytes[pool].addSigned(size, count - goal);
        demand.askOtherwise(pool, board.chunks.floor(chunk), size, goal, count);
        off = true;
      }
    }
    return off;
  }

  public void noteReached() {
    for (int number = 0; number < targets.classes.size(); number++) {
      WeightClass each = targets.classes.get(number);
      each.reached = Math.min(each.reached, tally.leastQuiet(number));
    }
    for (int i = 0; i < attention.size(); i++) {
      int chunk = attention.get(i);
      int count = board.soundCount(chunk);
      WeightClass of = targets.classes.get(targets.classOf.get(chunk));
      if (!board.chunks.isNew(chunk) || count > 0) {
        of.reached = Math.min(of.reached, count);
      }
    }
  }
}
