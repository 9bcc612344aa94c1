package dev.stowage.placement.board;

import dev.stowage.columns.IntColumn;
import dev.stowage.config.PlacementConfig;
import dev.stowage.config.PlacementConfig.FactorMode;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.fleet.WeightClass;
import dev.stowage.placement.input.ChunkColumns;
import dev.stowage.placement.input.Flags;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.HeldReplicas;

/** Judges blocks of ordinary chunks in plain loops, with the results of {@link Judge}. */
final class BlockJudge {
  /** The number of chunks in a block, whose data fits the nearest caches. */
  private static final int BLOCK = 1024;

  /** The chunk size in bytes from which chunks are judged alone, so that block sums fit a long. */
  private static final long LARGE = 1L << 40;

  /** The factor from which chunks are judged alone, so that block sums fit a long. */
  private static final int MANY = 1 << 12;

  private static final int NOT_ALIKE = -1;
  private static final int SPECIAL = ChunkBits.PINNED | ChunkBits.ENDING;
  private static final int UNSOUND = ReplicaBits.STATE_MASK | ReplicaBits.GIVEN_UP;

  private final Fleet fleet;
  private final ChunkColumns chunks;
  private final HeldReplicas held;
  private final Judge judge;
  private final IntColumn classOf;
  private final IntColumn target;
  private final IntColumn goal;

  private final int[] classes = new int[BLOCK];

  /** The common target by class, or {@link #NOT_ALIKE}. */
  private final int[] aim;

  private final int[] floor;

  /** The bytes of the block's chunks by class, each counted once. */
  private final long[] bytes;

  private final int[] quiet;

  private final boolean possible;
  private final boolean allPlaceable;

  BlockJudge(Board board, ReplicationTargets targets, Judge judge) {
    FlatInput input = board.input;
    fleet = board.fleet;
    chunks = input.chunks;
    held = input.held;
    this.judge = judge;
    classOf = targets.classOf;
    target = board.target;
    goal = board.goal;
    aim = new int[targets.classes.size()];
    floor = new int[aim.length];
    bytes = new long[aim.length];
    quiet = new int[aim.length];
    for (int number = 0; number < aim.length; number++) {
      aim[number] = aim(targets.classes.get(number), input.config.factorMode());
      floor[number] = targets.classes.get(number).floor;
    }
    possible = input.bans.length == 0 && held.isDense() && !fleet.limits.isAny() && !fleet.isPaced;
    boolean all = true;
    for (int worker : fleet.order) {
      all &= fleet.placeable[worker];
    }
    allPlaceable = all;
  }

  private int aim(WeightClass of, FactorMode mode) {
    boolean alike =
        of.eligibility == 0
            && (mode == FactorMode.WHOLE || of.millionths % PlacementConfig.ONE == 0)
            && !fleet.isSpreadWanted(of.floor, of.eligibility);
    int most = alike ? Math.min(of.factor(FactorMode.WHOLE, 0), fleet.pools[0].size()) : NOT_ALIKE;
    return most < MANY ? most : NOT_ALIKE;
  }

  /** Writes the states of all chunks; returns whether any is not 0. */
  boolean judge(byte[] states, Tally tally) {
    boolean any = false;
    for (int begin = 0; begin < states.length; begin += BLOCK) {
      int end = Math.min(states.length, begin + BLOCK);
      if (possible && areAlike(begin, end)) {
        any |= !claimAtOnce(begin, end, tally) && claim(begin, end, states, tally);
        charge(begin, end, tally);
      } else {
        for (int chunk = begin; chunk < end; chunk++) {
          states[chunk] = (byte) (judge.admit(chunk, tally) & Judge.MASK);
          any |= states[chunk] != 0;
        }
      }
    }
    for (int number = 0; number < quiet.length; number++) {
      if (quiet[number] > 0) {
        tally.quiet(number, aim[number], quiet[number]);
        quiet[number] = 0;
      }
    }
    return any;
  }

  private boolean areAlike(int from, int to) {
    if ((Flags.anyOf(chunks.bits, from, to) & SPECIAL) != 0
        || chunks.isAnyRecentlyLost(from, to)
        || !areSound(held.begin(from), held.begin(to))) {
      return false;
    }
    long sizes = chunks.size[from];
    if (!chunks.areOfOneSize(from, to)) {
      for (int chunk = from; chunk < to; chunk++) {
        sizes |= chunks.size[chunk];
      }
    }
    classOf.copyTo(from, to, classes);
    int least = 0;
    for (int i = 0; i < to - from; i++) {
      least |= aim[classes[i]];
    }
    return sizes < LARGE && least >= 0;
  }

  private boolean areSound(int from, int to) {
    boolean sound = (Flags.anyOf(held.bits(), from, to) & UNSOUND) == 0;
    int[] worker = held.worker();
    for (int i = from; !allPlaceable && sound && i < to; i++) {
      sound = fleet.placeable[worker[i]];
    }
    return sound;
  }

  /** Claims for a block of one class and size with full targets; else returns false. */
  private boolean claimAtOnce(int from, int to, Tally tally) {
    int number = classes[0];
    int most = aim[number];
    boolean possibly = most >= floor[number] && !chunks.isNew(from);
    if (!possibly
        || !classOf.isAll(from, to, number)
        || !chunks.areOfOneSize(from, to)
        || !Flags.areAlike(chunks.bits, from, to)
        || !held.hasEach(from, to, most)) {
      return false;
    }
    target.fill(from, to, most);
    if (goal != target) {
      goal.fill(from, to, most);
    }
    quiet[number] += to - from;
    tally.demand.bytes[0].addProduct(chunks.size[from], (long) most * (to - from));
    tally.demand.askAll(0, floor[number], most, chunks.size[from], to - from);
    tally.replicas += held.begin(to) - held.begin(from);
    return true;
  }

  private boolean claim(int from, int to, byte[] states, Tally tally) {
    int all = 0;
    int next;
    for (int begin = from; begin < to; begin = next) {
      int number = classes[begin - from];
      next = begin + 1;
      while (next < to && classes[next - from] == number) {
        next++;
      }
      all |= claimRun(number, begin, next, states);
    }
    for (int chunk = from; goal != target && chunk < to; chunk++) {
      goal.set(chunk, target.get(chunk));
    }
    for (int number = 0; number < bytes.length; number++) {
      if (bytes[number] > 0) {
        tally.demand.bytes[0].addProduct(bytes[number], aim[number]);
        tally.demand.askAll(0, floor[number], aim[number], bytes[number], 1);
        bytes[number] = 0;
      }
    }
    tally.replicas += held.begin(to) - held.begin(from);
    return all != 0;
  }

  private int claimRun(int number, int from, int to, byte[] states) {
    int most = aim[number];
    int quietCount = most >= floor[number] ? most : NOT_ALIKE;
    target.fill(from, to, most);
    bytes[number] += chunks.bytes(from, to);
    int all = 0;
    int idle = to - from;
    int begin = held.begin(from);
    for (int chunk = from; chunk < to; chunk++) {
      int end = held.begin(chunk + 1);
      int count = end - begin;
      begin = end;
      if (count != quietCount || chunks.isNew(chunk)) {
        states[chunk] = (byte) state(chunk, number, count);
        all |= states[chunk];
        idle -= (states[chunk] & Judge.ATTENTION) != 0 ? 1 : 0;
      }
    }
    quiet[number] += idle;
    return all;
  }

  private int state(int chunk, int number, int count) {
    if (chunks.isNew(chunk)) {
      return Judge.FRESH | Judge.ATTENTION;
    }
    int state = count < floor[number] ? Judge.STARVED : 0;
    return count == aim[number] ? state : state | Judge.ATTENTION;
  }

  private void charge(int from, int to, Tally tally) {
    int[] worker = held.worker();
    tally.countAll(worker, held.begin(from), held.begin(to), 1);
    if (chunks.areOfOneSize(from, to)) {
      tally.chargeAll(worker, held.begin(from), held.begin(to), chunks.size[from]);
      return;
    }
    int begin = held.begin(from);
    for (int chunk = from; chunk < to; chunk++) {
      int end = held.begin(chunk + 1);
      tally.chargeAll(worker, begin, end, chunks.size[chunk]);
      begin = end;
    }
  }
}
