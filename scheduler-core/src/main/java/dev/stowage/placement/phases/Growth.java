package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.fleet.Rank;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairScores;
import org.jspecify.annotations.Nullable;

/** Grows chunks towards their target and shrinks chunks above it. */
final class Growth {
  private static final int GROW = Slots.because(Cause.GROWTH, Reason.BELOW_TARGET);
  private static final int SHRINK = Slots.because(Cause.SHRINK, Reason.ABOVE_TARGET);

  private final Board board;
  private final Picker picker;
  private final MovementLedger ledger;
  private int @Nullable [] order;
  private boolean scored;

  Growth(Board board, Picker picker, MovementLedger ledger) {
    this.board = board;
    this.picker = picker;
    this.ledger = ledger;
  }

  void grow(IntList attention) {
    for (int chunk : largestFirst(attention)) {
      boolean few = board.slots.count(chunk) < board.goal.get(chunk);
      if (few && !ledger.isExhausted()) {
        board.slots.touch(chunk);
      }
      int sound = board.soundCount(chunk);
      if (sound < board.target.get(chunk) && sound >= board.chunks.floor(chunk)) {
        growOne(chunk, sound);
      }
    }
  }

  /** Notes what would grow were it not for the freeze. */
  void keepBack(IntList attention) {
    for (int i = 0; i < attention.size(); i++) {
      int chunk = attention.get(i);
      int sound = board.soundCount(chunk);
      if (sound >= board.chunks.floor(chunk) && sound < board.goal.get(chunk)) {
        ledger.keepGrowth(board.goal.get(chunk) - sound, board.chunks.size[chunk]);
      }
    }
  }

  private int[] largestFirst(IntList attention) {
    int[] known = order;
    if (known == null) {
      known =
          Order.by(
              attention.array(),
              attention.size(),
              chunk -> Order.largestFirst(board.chunks.size[chunk]));
      order = known;
    }
    return known;
  }

  private void growOne(int chunk, int sound) {
    int count = sound;
    int target = board.target.get(chunk);
    while (count < target && Readoption.readopt(board, chunk, GROW, picker.reserved)) {
      count++;
    }
    long size = board.chunks.size[chunk];
    board.focus(chunk);
    for (; count < board.goal.get(chunk); count++) {
      int worker = picker.pick(chunk);
      if (worker < 0) {
        return;
      }
      if (!ledger.take(-1, worker, size)) {
        ledger.keepGrowth(board.goal.get(chunk) - count, size);
        return;
      }
      board.add(chunk, worker, GROW);
    }
  }

  /** Supersedes replicas above target and floor, largest chunks first. */
  void shrink(IntList attention) {
    for (int chunk : largestFirst(attention)) {
      if (!board.chunks.is(chunk, ChunkBits.PINNED)) {
        int least = Math.max(board.target.get(chunk), board.chunks.floor(chunk));
        boolean may = board.slots.count(chunk) > least;
        int excess = may ? board.soundCount(chunk) - least : 0;
        while (excess-- > 0 && shrinkOne(chunk)) {
          // The next one is chosen again, because the remaining replicas have changed.
        }
      }
    }
  }

  private boolean shrinkOne(int chunk) {
    scored = board.input.scores.knows(chunk);
    if (scored) {
      board.focus(chunk);
    }
    int proven = Victims.proven(board, chunk);
    int best = -1;
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      boolean eligible =
          board.fleet.present[board.slots.worker(slot)]
              && Victims.mayGo(board, chunk, slot, proven);
      if (eligible && (best < 0 || hurtsLess(chunk, slot, best))) {
        best = slot;
      }
    }
    if (best >= 0) {
      board.supersede(chunk, best, SHRINK);
    }
    return best >= 0;
  }

  private boolean hurtsLess(int chunk, int slot, int than) {
    int cheap = Integer.compare(cheapness(chunk, slot), cheapness(chunk, than));
    if (cheap == 0 && scored) {
      cheap = compareScored(chunk, slot, than);
    }
    for (int level = 0; cheap == 0 && level < Zones.levels(board); level++) {
      cheap = Boolean.compare(shares(chunk, slot, level), shares(chunk, than, level));
    }
    if (cheap != 0) {
      return cheap > 0;
    }
    int one = board.slots.worker(slot);
    int other = board.slots.worker(than);
    int fill = Zones.compareHeads(board, one, other);
    if (fill != 0) {
      return fill < 0;
    }
    long hash = board.chunks.keyHash[chunk];
    return Rank.isWorse(hash, board.fleet.hash[one], board.fleet.hash[other]);
  }

  /** Ranks misplaced or crowded first, then unpossessed, then without proof. */
  private int cheapness(int chunk, int slot) {
    int worker = board.slots.worker(slot);
    boolean goes = board.fit.isMisplaced(chunk, worker) || board.domains.isCrowded(chunk, slot);
    int cheap = goes ? 4 : 0;
    cheap += Slots.isPossessed(board.slots.bits(slot)) ? 0 : 2;
    return cheap + (Victims.isProof(board, slot) ? 0 : 1);
  }

  /** Returns above 0 if {@code slot} goes first: domains count, then scores. */
  private int compareScored(int chunk, int slot, int than) {
    for (int level = 0; level < Zones.levels(board); level++) {
      boolean spare = isSpare(chunk, slot, level);
      if (spare != isSpare(chunk, than, level)) {
        return spare ? 1 : -1;
      }
    }
    PairScores scores = board.input.scores;
    return Integer.compare(
        scores.of(chunk, board.slots.worker(than)), scores.of(chunk, board.slots.worker(slot)));
  }

  private boolean isSpare(int chunk, int slot, int level) {
    return Zones.seen(board, level) > Zones.wanted(board, chunk, level)
        || board.fit.isMisplaced(chunk, board.slots.worker(slot))
        || Zones.isShared(board, chunk, slot, level);
  }

  private boolean shares(int chunk, int slot, int level) {
    if (board.fleet.zones <= 1) {
      return false;
    }
    int domain = Zones.domain(board, board.slots.worker(slot), level);
    int end = board.slots.end(chunk);
    for (int other = board.slots.begin(chunk); other < end; other++) {
      if (other != slot
          && Slots.isSound(board.slots.bits(other))
          && Zones.domain(board, board.slots.worker(other), level) == domain) {
        return true;
      }
    }
    return false;
  }
}
