package dev.stowage.placement.board;

import dev.stowage.columns.IntList;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.fleet.DomainCount;
import dev.stowage.placement.fleet.DomainLimits;
import java.util.Arrays;
import java.util.Comparator;

/** Applies {@code max_per_domain}; given-up replicas count only if pinned. */
public final class DomainRule {
  public static final int NOBODY = -1;

  private static final boolean[] NOWHERE = {};
  private final Board board;
  private final DomainLimits limits;
  private final boolean isAny;
  private final DomainCount count;

  DomainRule(Board board) {
    this.board = board;
    limits = board.fleet.limits;
    isAny = limits.isAny();
    count = new DomainCount(limits, board.fleet.count);
  }

  public boolean isAny() {
    return isAny;
  }

  public boolean admits(int chunk, int worker) {
    return !isAny || admits(chunk, worker, NOBODY, NOWHERE);
  }

  public boolean admitsInstead(int chunk, int worker, int from) {
    return !isAny || admits(chunk, worker, from, NOWHERE);
  }

  /** Reports whether domains admit a replica beside {@code taken} and without {@code from}'s. */
  public boolean admitsBeside(int chunk, int worker, int from, boolean[] taken) {
    return !isAny || admits(chunk, worker, from, taken);
  }

  private boolean admits(int chunk, int worker, int from, boolean[] taken) {
    for (int level = 0; level < limits.most.length; level++) {
      int[] domain = limits.domain[level];
      int in = 0;
      for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
        int holder = board.slots.worker(slot);
        in += holder != from && domain[holder] == domain[worker] && counts(chunk, slot) ? 1 : 0;
      }
      for (int other = 0; other < taken.length; other++) {
        boolean counts = taken[other] && domain[other] == domain[worker];
        in += counts && board.slots.find(chunk, other) < 0 ? 1 : 0;
      }
      if (in >= limits.most[level]) {
        return false;
      }
    }
    return true;
  }

  public boolean counts(int chunk, int slot) {
    int bits = board.slots.bits(slot);
    int holder = board.slots.worker(slot);
    return Slots.isWanted(bits)
        && board.fleet.present[holder]
        && (Slots.isSound(bits) || board.isPinnedPair(chunk, holder));
  }

  private boolean countsAndStays(int chunk, int slot) {
    return counts(chunk, slot) && !board.fit.isMisplaced(chunk, board.slots.worker(slot));
  }

  public boolean isCrowded(int chunk, int slot) {
    if (!isAny || slot < 0 || !countsAndStays(chunk, slot)) {
      return false;
    }
    countStaying(chunk);
    boolean isOver = count.isOver(board.slots.worker(slot));
    count.clear();
    return isOver;
  }

  private void countStaying(int chunk) {
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      if (countsAndStays(chunk, slot)) {
        count.add(board.slots.worker(slot));
      }
    }
  }

  boolean wasCrowded(int chunk) {
    return isAny && count.isCrowded(board.fit, board.input.held, chunk);
  }

  /** Returns how many more replicas are possible, ignoring room, at most {@code upTo}. */
  public int mostMore(int chunk, int upTo) {
    int found = 0;
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      if (counts(chunk, slot)) {
        count.add(board.slots.worker(slot));
      }
    }
    for (int worker : board.pool(chunk).placeable) {
      boolean isOpen =
          found < upTo && board.slots.find(chunk, worker) < 0 && board.fit.admits(chunk, worker);
      found += isOpen && count.take(worker) ? 1 : 0;
    }
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      int worker = board.slots.worker(slot);
      boolean isThere =
          found < upTo && board.fleet.present[worker] && !board.fit.isMisplaced(chunk, worker);
      boolean mayReturn = isThere && Slots.isLeftover(board.slots.bits(slot));
      found += mayReturn && count.take(worker) ? 1 : 0;
    }
    count.clear();
    return found;
  }

  /** Returns by slot a least set of replicas beyond domain limits; pinned ones stay first. */
  public boolean[] beyond(int chunk, boolean[] gone) {
    int begin = board.slots.begin(chunk);
    boolean[] beyond = new boolean[board.slots.end(chunk) - begin];
    Integer[] order = new Integer[beyond.length];
    Arrays.setAll(order, Integer::valueOf);
    Comparator<Integer> canonically =
        Comparator.comparingInt(at -> board.fleet.rank[board.slots.worker(begin + at)]);
    Arrays.sort(order, canonically.reversed());
    for (int pass = 0; pass < 2; pass++) {
      for (int at : order) {
        int worker = board.slots.worker(begin + at);
        boolean isTurn = board.isPinnedPair(chunk, worker) == (pass == 0);
        if (isTurn && !gone[worker] && countsAndStays(chunk, begin + at)) {
          beyond[at] = !count.take(worker);
        }
      }
    }
    count.clear();
    return beyond;
  }

  public void dropGivenUp(int chunk, int because) {
    if (!isAny || board.chunks.is(chunk, ChunkBits.PINNED)) {
      return;
    }
    IntList dropped = new IntList();
    for (int pass = 0; pass < 2; pass++) {
      for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
        int worker = board.slots.worker(slot);
        boolean isThere = Slots.isWanted(board.slots.bits(slot)) && board.fleet.present[worker];
        if (isThere && counts(chunk, slot) == (pass == 0)) {
          if (pass == 0) {
            count.add(worker);
          } else if (!count.take(worker)) {
            dropped.add(worker);
          }
        }
      }
    }
    count.clear();
    for (int i = 0; i < dropped.size(); i++) {
      board.supersede(chunk, board.slots.find(chunk, dropped.get(i)), because);
    }
  }
}
