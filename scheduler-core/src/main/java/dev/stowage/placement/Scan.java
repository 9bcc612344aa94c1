package dev.stowage.placement;

/**
 * The first look at the input: charges every held replica, finds each chunk's target, and notes the
 * chunks that may need something. A chunk that is exactly as it should be is not looked at again.
 */
final class Scan {
  /** Established chunks below their floor. */
  final IntList starved = new IntList();

  /** New chunks. */
  final IntList fresh = new IntList();

  /** All chunks for which growth, shrinking or a move may have something to do. */
  final IntList attention = new IntList();

  /** Bytes missing of all chunks' goals, by what is held. */
  final WideSum missingBytes = new WideSum();

  /** Bytes wanted of each eligibility's chunks on the workers that are levelled. */
  final WideSum[] demand;

  /** Wanted replicas on present workers before the plan. */
  long replicas;

  /** Bytes by which workers lay below the level before the plan. */
  long unlevelBytes;

  private final Board board;
  private final ReplicationTargets targets;
  private int sound;
  private int kept;
  private boolean odd;

  Scan(Board board, ReplicationTargets targets) {
    this.board = board;
    this.targets = targets;
    demand = new WideSum[board.fleet.pools.length];
    for (int pool = 0; pool < demand.length; pool++) {
      demand[pool] = new WideSum();
    }
  }

  void run() {
    boolean[] suspicious = suspiciousWorkers();
    boolean fastPath = board.input.bans.length == 0;
    byte[] bits = board.input.held.bits();
    int[] worker = board.input.held.worker();
    int[] start = board.input.held.start();
    for (int chunk = 0; chunk < board.chunks.count; chunk++) {
      long size = board.chunks.size[chunk];
      int from = start[chunk];
      int to = start[chunk + 1];
      boolean plain = fastPath && board.chunks.eligibility[chunk] == 0;
      for (int i = from; plain && i < to; i++) {
        plain =
            (bits[i] & (ReplicaBits.STATE_MASK | ReplicaBits.GIVEN_UP)) == 0
                && !suspicious[worker[i]];
      }
      sound = to - from;
      kept = sound;
      odd = false;
      if (plain) {
        long ending = board.endingBytes(chunk);
        for (int i = from; i < to; i++) {
          charge(worker[i], size);
          board.ending[worker[i]] += ending;
        }
      } else {
        weigh(chunk, from, to);
      }
      judge(chunk);
    }
  }

  /** Workers whose replicas need a closer look than counting. */
  private boolean[] suspiciousWorkers() {
    boolean[] suspicious = new boolean[board.fleet.count];
    for (int worker = 0; worker < suspicious.length; worker++) {
      suspicious[worker] = !board.fleet.placeable[worker];
    }
    return suspicious;
  }

  private void charge(int worker, long size) {
    long left = board.free[worker] - size;
    board.free[worker] = left > board.free[worker] ? Long.MIN_VALUE : left;
  }

  private void weigh(int chunk, int from, int to) {
    sound = 0;
    kept = 0;
    long size = board.chunks.size[chunk];
    for (int slot = from; slot < to; slot++) {
      int worker = board.slots.worker(slot);
      int bits = board.slots.bits(slot);
      if (!board.fleet.present[worker]) {
        odd = true;
        continue;
      }
      charge(worker, size);
      board.ending[worker] += Slots.isWanted(bits) ? board.endingBytes(chunk) : 0;
      boolean misplaced = board.isMisplaced(chunk, worker);
      if (!misplaced && (bits & ReplicaBits.GIVEN_UP) == 0) {
        kept++;
      }
      if (!Slots.isWanted(bits)) {
        board.leftover[worker] += size;
      } else if (Slots.isSound(bits)) {
        sound++;
        odd |= misplaced;
      } else {
        odd = true;
      }
      boolean weighs = Slots.isWanted(bits) && !board.chunks.isEnding(chunk);
      if (weighs && !board.fleet.placeable[worker] && !misplaced) {
        demand[board.chunks.eligibility[chunk]].subtractProduct(size, 1);
      }
    }
  }

  private void judge(int chunk) {
    ChunkColumns chunks = board.chunks;
    long size = chunks.size[chunk];
    replicas += sound;
    if (chunks.is(chunk, ChunkBits.PINNED)) {
      board.target[chunk] = sound;
      board.goal[chunk] = sound;
      return;
    }
    int floor = chunks.floor[chunk];
    int factor = targets.factor(chunk);
    int most = board.pool(chunk).size();
    if (factor > most || board.input.bans.length > 0) {
      factor = Math.min(factor, mostPossible(chunk));
    }
    board.target[chunk] = factor;
    int goal = Math.max(Math.min(floor, factor), factor - chunks.recentlyLost(chunk));
    if (chunks.isEnding(chunk)) {
      goal = Math.min(goal, floor);
    } else {
      demand[chunks.eligibility[chunk]].addProduct(size, goal);
    }
    board.goal[chunk] = goal;
    if (kept < goal) {
      missingBytes.addProduct(size, goal - kept);
    }
    if (chunks.isNew(chunk)) {
      fresh.add(chunk);
    } else if (sound < floor) {
      starved.add(chunk);
    }
    if (odd || sound != factor || chunks.isNew(chunk) || lacksZones(chunk)) {
      attention.add(chunk);
    }
  }

  /** Workers that may be given the chunk, and others that hold it and may keep it. */
  private int mostPossible(int chunk) {
    int most = board.pool(chunk).size();
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      int worker = board.slots.worker(slot);
      if (board.fleet.present[worker]
          && !board.fleet.placeable[worker]
          && Slots.isWanted(board.slots.bits(slot))
          && !board.isMisplaced(chunk, worker)) {
        most++;
      }
    }
    for (int i = firstBan(chunk); i < board.input.bans.length; i++) {
      if (PairSet.chunkOf(board.input.bans[i]) != chunk) {
        break;
      }
      int worker = PairSet.workerOf(board.input.bans[i]);
      if (board.fleet.placeable[worker] && board.pool(chunk).admits[worker]) {
        most--;
      }
    }
    return most;
  }

  private int firstBan(int chunk) {
    if (board.input.bans.length == 0) {
      return 0;
    }
    int at = java.util.Arrays.binarySearch(board.input.bans, PairSet.pair(chunk, 0));
    return at < 0 ? -at - 1 : at;
  }

  private boolean lacksZones(int chunk) {
    int wanted = board.zonesWanted(chunk);
    return wanted > 1 && !board.liesInZones(chunk, wanted);
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
      slots += Math.max(held, board.target[chunk]);
    }
    return slots;
  }

  /**
   * Sets the water level anew where chunks did not reach their goal or keep more than that.
   *
   * @return whether it did
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
    if (off) {
      WaterLevel.set(board, demand);
    }
    return off;
  }

  /** Notes for each class the least that an established chunk of it has now. */
  void noteReached() {
    boolean[] seen = new boolean[board.chunks.count];
    for (int i = 0; i < attention.size; i++) {
      seen[attention.get(i)] = true;
    }
    for (int chunk = 0; chunk < board.chunks.count; chunk++) {
      WeightClass of = targets.classes.get(targets.classOf[chunk]);
      int count = seen[chunk] ? board.soundCount(chunk) : board.target[chunk];
      boolean counts = !board.chunks.isNew(chunk) || count > 0;
      if (counts && !board.chunks.is(chunk, ChunkBits.PINNED)) {
        of.reached = Math.min(of.reached, count);
      }
    }
  }
}
