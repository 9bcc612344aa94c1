package dev.stowage.placement;

import java.util.concurrent.Executor;

/**
 * What the first look at all chunks finds: the chunks that some step may have something to do for,
 * and the sums that targets and levels are made from. A chunk that is exactly as it should be is
 * not looked at again.
 */
final class Scan {
  /** Fewer chunks than this are not worth a shard of their own. */
  private static final int SHARD = 4096;

  /** Shards for each thread: when one is held up, the others go on. */
  private static final int SHARDS_EACH = 4;

  /** Established chunks below their floor. */
  final IntList starved = new IntList();

  /** New chunks. */
  final IntList fresh = new IntList();

  /** All chunks for which growth, shrinking or a move may have something to do. */
  final IntList attention = new IntList();

  /** Those of them with a wanted replica that is given up, or has to leave its worker. */
  final IntList odd = new IntList();

  /** Bytes wanted of each eligibility's chunks on the workers that are levelled. */
  final WideSum[] demand;

  /** Bytes by which workers lay below the level before the plan. */
  long unlevelBytes;

  private final Board board;
  private final ReplicationTargets targets;
  private final Tally tally;

  /** Puts what a tally over all chunks says on the board. */
  Scan(Board board, ReplicationTargets targets, Tally tally) {
    this.board = board;
    this.targets = targets;
    this.tally = tally;
    demand = WideSum.copyOf(tally.demand);
    for (int worker : board.fleet.order) {
      board.free[worker] = tally.free(worker, board.fleet.capacity[worker]);
      board.leftover[worker] = tally.leftover[worker];
      board.ending[worker] = tally.ending[worker];
    }
  }

  /** Looks at every chunk, large numbers of them in shards. */
  static Scan of(Board board, ReplicationTargets targets, Executor helpers) {
    int threads = board.input.config.threads();
    byte[] states = new byte[board.chunks.count];
    int shards = threads == 1 ? 1 : Math.min(threads * SHARDS_EACH, 1 + states.length / SHARD);
    Tally[] tallies = new Tally[shards];
    Shards.run(
        shards,
        threads,
        helpers,
        shard -> tallies[shard] = part(board, targets, states, shard, shards));
    Tally tally = tallies[0];
    for (int shard = 1; shard < shards; shard++) {
      tally.add(tallies[shard]);
    }
    Scan scan = new Scan(board, targets, tally);
    for (int chunk = 0; chunk < states.length; chunk++) {
      if (states[chunk] != 0) {
        scan.list(chunk, states[chunk]);
      }
    }
    return scan;
  }

  /** Looks at one of so many shards. */
  private static Tally part(
      Board board, ReplicationTargets targets, byte[] states, int shard, int shards) {
    Fleet fleet = board.fleet;
    Tally tally = new Tally(fleet.count, fleet.pools.length, targets.classes.size());
    Judge judge = new Judge(board.input, fleet, targets, board.target, board.goal);
    BlockJudge blocks = new BlockJudge(board, targets, judge);
    int from = (int) ((long) states.length * shard / shards);
    int to = (int) ((long) states.length * (shard + 1) / shards);
    blocks.judge(from, to, states, tally);
    return tally;
  }

  /** Takes a chunk into the lists; to be called in canonical order. */
  void list(int chunk, int state) {
    if ((state & Judge.FRESH) != 0) {
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

  /** Bytes missing of all chunks' goals, by what is held. */
  WideSum missingBytes() {
    return tally.missingBytes;
  }

  /** Wanted replicas on present workers before the plan. */
  long replicas() {
    return tally.replicas;
  }

  /** Measures what leveling would have to move, before anything else does. */
  void measure() {
    unlevelBytes = Figures.unlevelBytes(board);
  }

  /** Room in the arena for every chunk that may be touched. */
  long expectedSlots() {
    long slots = 0;
    for (int i = 0; i < attention.size; i++) {
      int chunk = attention.get(i);
      int held = board.slots.end(chunk) - board.slots.begin(chunk);
      slots += Math.max(held + 1, board.target[chunk]) + 2;
    }
    return slots;
  }

  /**
   * Counts anew what is wanted of chunks that did not reach their goal or keep more than that.
   *
   * @return whether there are such chunks, so that the water level has to be set anew
   */
  boolean relevel() {
    boolean off = false;
    for (int i = 0; i < attention.size; i++) {
      int chunk = attention.get(i);
      int count = board.soundCount(chunk);
      int goal = board.goal[chunk];
      WideSum sum = demand[board.chunks.eligibility[chunk]];
      if (count > goal) {
        sum.addProduct(board.chunks.size[chunk], count - goal);
      } else if (count < goal) {
        sum.subtractProduct(board.chunks.size[chunk], goal - count);
      }
      off |= count != goal;
    }
    return off;
  }

  /** Notes for each class the least that an established chunk of it has now. */
  void noteReached() {
    for (int number = 0; number < targets.classes.size(); number++) {
      WeightClass each = targets.classes.get(number);
      each.reached = Math.min(each.reached, tally.leastQuiet(number));
    }
    for (int i = 0; i < attention.size; i++) {
      int chunk = attention.get(i);
      int count = board.soundCount(chunk);
      WeightClass of = targets.classes.get(targets.classOf[chunk]);
      if (!board.chunks.isNew(chunk) || count > 0) {
        of.reached = Math.min(of.reached, count);
      }
    }
  }
}
