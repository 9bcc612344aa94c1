package dev.stowage.placement.board;

import dev.stowage.columns.IntList;
import dev.stowage.placement.ChunkBits;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.ReplicaBits;
import dev.stowage.placement.fleet.Fill;
import dev.stowage.placement.fleet.WideSum;
import java.util.BitSet;

/**
 * The bytes that any plan has to copy that ends with as many replicas of each chunk as this one,
 * and with the workers as evenly filled: the greater of two sums (placement design, section 4).
 * Looks at the chunks that the plan touched or had to look at, and at sums for each worker, never
 * at all chunks.
 *
 * <p>A held replica may stay, in whatever state, if its worker is present, not leaving and eligible
 * for it; of a worker over its capacity, and of a chunk of which more lie in one domain than may,
 * all but what the plan takes off it.
 */
public final class CopyMinimum {
  private final Board board;
  private final Tally tally;
  private final WideSum missing = new WideSum();
  private final Demand demand;

  /** Bytes that the plan takes off each worker that was over its capacity. */
  private final long[] taken;

  /** Bytes wanted of replicas that have to leave their worker, as the plan leaves them. */
  private final long[] misplacedWanted;

  private final boolean[] over;

  CopyMinimum(Board board, Tally tally, IntList attention) {
    this.board = board;
    this.tally = tally;
    int workers = board.fleet.count;
    demand = tally.demand.copy();
    taken = new long[workers];
    misplacedWanted = java.util.Arrays.copyOf(tally.misplacedWanted, workers);
    over = new boolean[workers];
    for (int worker : board.fleet.order) {
      long wanted = tally.footprint(worker) - tally.leftover[worker];
      boolean isOver = wanted > board.fleet.capacity[worker] || board.wasOver(tally, worker);
      over[worker] = board.fleet.present[worker] && isOver;
    }
    BitSet seen = new BitSet();
    for (IntList each : new IntList[] {board.slots.touched, attention}) {
      for (int i = 0; i < each.size(); i++) {
        if (!seen.get(each.get(i))) {
          seen.set(each.get(i));
          look(each.get(i));
        }
      }
    }
  }

  /** What is wanted in the end on the workers that are levelled. */
  public Demand demand() {
    return demand;
  }

  /** Bytes of replicas that the plan ends with beyond those that may stay, chunk by chunk. */
  public WideSum missing() {
    return missing;
  }

  /**
   * Bytes by which the workers lie below what the plan ends with, as far as the level asks for it.
   *
   * @param level the water level of each worker in bytes, by {@link #demand}
   */
  public WideSum unlevel(long[] level) {
    WideSum low = new WideSum();
    int slack = board.input.config.balanceSlackMillionths();
    int allowed = PlacementConfig.ONE - Math.min(PlacementConfig.ONE, slack);
    for (int worker : board.fleet.order) {
      if (board.fleet.present[worker] && !board.fleet.leaving[worker]) {
        long least = Fill.scaled(level[worker], allowed, PlacementConfig.ONE);
        long stays = tally.footprint(worker) - tally.misplaced[worker] - taken[worker];
        low.add(Math.max(0, Math.min(finalBytes(worker), least) - stays));
      }
    }
    return low;
  }

  /** Wanted bytes in the end of replicas that need not leave the worker. */
  private long finalBytes(int worker) {
    long wanted = board.fleet.capacity[worker] - board.free[worker] - board.leftover[worker];
    return wanted - misplacedWanted[worker];
  }

  /** Takes the place of what the tally says of a chunk. */
  private void look(int chunk) {
    boolean isLevelled = !board.chunks.isEnding(chunk);
    long size = board.chunks.size[chunk];
    int good = 0;
    int stayable = 0;
    int levelled = isLevelled ? -board.goal.get(chunk) : 0;
    boolean wasCrowded = board.domains.wasCrowded(chunk);
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      int worker = board.slots.worker(slot);
      int bits = board.slots.bits(slot);
      boolean held = (bits & Slots.HELD) != 0;
      boolean wasWanted = held && (bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
      boolean isWanted = Slots.isWanted(bits);
      if (!board.fleet.present[worker]) {
        continue;
      }
      if (board.isMisplaced(chunk, worker)) {
        misplacedWanted[worker] += (isWanted ? size : 0) - (wasWanted ? size : 0);
        continue;
      }
      good += isWanted ? 1 : 0;
      boolean isTaken = (over[worker] || wasCrowded) && held && !isWanted && Slots.isAction(bits);
      stayable += held && !isTaken ? 1 : 0;
      taken[worker] += isTaken ? size : 0;
      if (isLevelled) {
        boolean counts = board.fleet.placeable[worker];
        levelled += counts ? (isWanted ? 1 : 0) : wasWanted ? 1 : 0;
      }
    }
    missing.addProduct(size, Math.max(0, good - stayable));
    int pool = board.chunks.eligibility(chunk);
    demand.bytes[pool].addSigned(size, levelled);
    if (isLevelled && !board.chunks.is(chunk, ChunkBits.PINNED)) {
      demand.askOtherwise(pool, board.chunks.floor(chunk), size, board.goal.get(chunk), good);
    }
  }
}
