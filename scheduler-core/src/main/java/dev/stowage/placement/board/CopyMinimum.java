package dev.stowage.placement.board;

import dev.stowage.columns.IntList;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.columns.WideSum;
import dev.stowage.config.PlacementConfig;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.fleet.Fill;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The least bytes any plan must copy to equal counts and fill: the greatest of three sums
 * (placement design, section 4). A held replica may stay if its worker is present, not leaving and
 * eligible, unless the plan takes it off an overfull worker or crowded domain.
 */
public final class CopyMinimum {
  private final Board board;
  private final Tally tally;
  private final WideSum missing = new WideSum();
  private final Demand demand;

  private final long[] taken;

  private final long[] misplacedWanted;

  private final boolean[] over;

  /** True if no worker or domain is special, so that any held replica may stay. */
  private final boolean isPlain;

  private final boolean isAllSound;

  /** Measures a board; {@code odd} are chunks with a given-up or misplaced wanted replica. */
  CopyMinimum(Board board, Tally tally, IntList attention, IntList odd) {
    this.board = board;
    this.tally = tally;
    int workers = board.fleet.count;
    demand = tally.demand.copy();
    taken = new long[workers];
    misplacedWanted = Arrays.copyOf(tally.misplacedWanted, workers);
    over = new boolean[workers];
    boolean plain = board.input.bans.length == 0 && !board.domains.isAny();
    for (int worker : board.fleet.order) {
      long wanted = tally.footprint(worker) - tally.leftover[worker];
      boolean isOver = wanted > board.fleet.capacity[worker] || board.wasOver(tally, worker);
      over[worker] = board.fleet.present[worker] && isOver;
      plain &= board.fleet.placeable[worker] && !over[worker];
    }
    isPlain = plain;
    isAllSound = odd.isEmpty();
    IntList touched = board.slots.touched;
    for (int i = 0; i < touched.size(); i++) {
      look(touched.get(i));
    }
    for (int i = 0; i < attention.size(); i++) {
      if (!board.slots.isTouched(attention.get(i))) {
        look(attention.get(i));
      }
    }
  }

  /** Reports whether all additions were missing, judged by workers alone; false if undecided. */
  public static boolean isAllMissing(Board board) {
    boolean isAll = board.preemptions == 0;
    for (int worker : board.fleet.order) {
      boolean stays = board.fleet.present[worker] && !board.fleet.leaving[worker];
      isAll &= !stays || board.leftover[worker] == 0;
    }
    return isAll;
  }

  public Demand demand() {
    return demand;
  }

  public WideSum missing() {
    return missing;
  }

  /** Returns the bytes that the {@code level} (bytes by worker) asks for beyond what may stay. */
  public WideSum unlevel(long[] level) {
    return unlevel(level, null);
  }

  /**
   * Returns the bytes of new chunks and what the {@code level} asks of other chunks, because new
   * ones may fill a worker up to their share only; 0 if no share was looked at.
   */
  public long unlevelBesideNew(long[] level) {
    NewCopies copies = board.newCopies;
    if (copies == null) {
      return 0;
    }
    long fresh = copies.bytes();
    long others = Math.max(0, missing.saturated() - fresh);
    return SaturatedSum.of(fresh, Math.max(others, unlevel(level, copies).saturated()));
  }

  private WideSum unlevel(long[] level, @Nullable NewCopies copies) {
    WideSum low = new WideSum();
    int slack = board.input.config.balanceSlackMillionths();
    int allowed = PlacementConfig.ONE - Math.min(PlacementConfig.ONE, slack);
    for (int worker : board.fleet.order) {
      if (board.fleet.present[worker] && !board.fleet.leaving[worker]) {
        long least = Fill.scaled(level[worker], allowed, PlacementConfig.ONE);
        long stays = tally.footprint(worker) - tally.misplaced[worker] - taken[worker];
        long asked = Math.max(0, Math.min(finalBytes(worker), least) - stays);
        low.add(copies == null ? asked : Math.max(0, asked - copies.mostBytes(worker)));
      }
    }
    return low;
  }

  private long finalBytes(int worker) {
    long wanted = board.fleet.capacity[worker] - board.free[worker] - board.leftover[worker];
    return wanted - misplacedWanted[worker];
  }

  private void look(int chunk) {
    if (board.slots.heldCount(chunk) > 0) {
      if (isPlain && board.pool(chunk).placeable.length == board.fleet.order.length) {
        lookAtAll(chunk);
      } else {
        lookAtEach(chunk);
      }
    } else {
      // An addition lies where it may stay, and was not there before.
      int added = board.slots.count(chunk);
      missing.addProduct(board.chunks.size[chunk], added);
      ask(chunk, added, added);
    }
  }

  private void lookAtAll(int chunk) {
    int good = isAllSound ? board.soundCount(chunk) : wanted(chunk);
    int stayable = board.slots.heldCount(chunk);
    missing.addProduct(board.chunks.size[chunk], Math.max(0, good - stayable));
    ask(chunk, good, good);
  }

  private int wanted(int chunk) {
    int wanted = 0;
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      wanted += Slots.isWanted(board.slots.bits(slot)) ? 1 : 0;
    }
    return wanted;
  }

  private void lookAtEach(int chunk) {
    long size = board.chunks.size[chunk];
    int good = 0;
    int stayable = 0;
    int levelled = 0;
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
      if (board.fit.isMisplaced(chunk, worker)) {
        misplacedWanted[worker] += (isWanted ? size : 0) - (wasWanted ? size : 0);
        continue;
      }
      good += isWanted ? 1 : 0;
      boolean isTaken = (over[worker] || wasCrowded) && held && !isWanted && Slots.isAction(bits);
      stayable += held && !isTaken ? 1 : 0;
      taken[worker] += isTaken ? size : 0;
      levelled += (board.fleet.placeable[worker] ? isWanted : wasWanted) ? 1 : 0;
    }
    missing.addProduct(size, Math.max(0, good - stayable));
    ask(chunk, good, levelled);
  }

  private void ask(int chunk, int good, int levelled) {
    int goal = board.goal.get(chunk);
    if ((good == goal && levelled == goal) || board.chunks.isEnding(chunk)) {
      return;
    }
    long size = board.chunks.size[chunk];
    int pool = board.chunks.pool(chunk);
    demand.bytes[pool].addSigned(size, levelled - goal);
    if (!board.chunks.is(chunk, ChunkBits.PINNED)) {
      demand.askOtherwise(pool, board.chunks.floor(chunk), size, goal, good);
    }
  }
}
