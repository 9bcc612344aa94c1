package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.placement.Cause;
import dev.stowage.placement.Reason;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.fleet.Rank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Supersedes few bonus replicas for replicas that must leave their worker. */
final class GivingWay {
  private static final int SHED = Slots.because(Cause.SHED, Reason.MAKES_ROOM);

  private final Board board;
  private final Moves moves;

  /** The chunks on each worker, created on first use. */
  private @Nullable WorkerIndex index;

  /** Upper bounds of the bytes and the number of bonus replicas, by worker. */
  private long[] most = new long[0];

  GivingWay(Board board, Moves moves) {
    this.board = board;
    this.moves = moves;
  }

  /** Promises room for one more replica; adds promised workers to {@code taken}. */
  boolean makeRoom(int chunk, boolean[] taken, Relocation relocation) {
    relocation.offer(mostThatMayGo(relocation));
    boolean isMade =
        makeRoomAtOnce(chunk, taken, relocation)
            || relocation.makeRoomLater(
                chunk, taken, (worker, bytes) -> shed(worker, bytes, relocation));
    most = relocation.withdrawOffer();
    return isMade;
  }

  private boolean makeRoomAtOnce(int chunk, boolean[] taken, Relocation relocation) {
    long size = board.chunks.size[chunk];
    long hash = board.chunks.keyHash[chunk];
    List<Integer> open = new ArrayList<>();
    for (int worker : board.pool(chunk).placeable) {
      boolean mayCome = !taken[worker] && !relocation.closed[worker];
      if (mayCome
          && relocation.couldHaveRoom(worker, size)
          && board.fit.admits(chunk, worker)
          && board.domains.admitsBeside(chunk, worker, relocation.leaving, taken)) {
        open.add(worker);
      }
    }
    open.sort(
        Comparator.<Integer>comparingLong(relocation::room)
            .reversed()
            .thenComparing((one, other) -> byRank(hash, one, other)));
    return open.stream().anyMatch(worker -> shedFor(worker, size, taken, relocation));
  }

  private int byRank(long hash, int one, int other) {
    if (one == other) {
      return 0;
    }
    return Rank.isWorse(hash, board.fleet.hash[one], board.fleet.hash[other]) ? 1 : -1;
  }

  private boolean shedFor(int worker, long size, boolean[] taken, Relocation relocation) {
    boolean isMade = shed(worker, size, relocation);
    if (isMade) {
      relocation.promise(worker, size);
      taken[worker] = true;
    }
    return isMade;
  }

  /** Supersedes as few replicas as free {@code bytes}, or none if all are too few. */
  private boolean shed(int worker, long bytes, Relocation relocation) {
    int mark = board.mark();
    List<Integer> bySize = bonusOn(worker);
    IntList gone = new IntList();
    while (!relocation.awaitsRoom(worker, bytes)) {
      if (bySize.isEmpty()) {
        board.rollBack(mark);
        for (int i = 0; i < gone.size(); i++) {
          relocation.promise(worker, board.chunks.size[gone.get(i)]);
        }
        relocation.cannotShed(worker, bytes);
        return false;
      }
      long lacking = bytes - relocation.room(worker);
      int at = BySize.covering(board.chunks.size, bySize, lacking);
      int chunk = bySize.get(at);
      bySize.subList(at, at + 1).clear();
      board.supersede(chunk, board.slots.find(chunk, worker), SHED);
      relocation.regain(worker, board.chunks.size[chunk]);
      gone.add(chunk);
    }
    return true;
  }

  private List<Integer> bonusOn(int worker) {
    WorkerIndex all = index();
    List<Integer> found = new ArrayList<>();
    for (int i = all.start[worker]; i < all.start[worker + 1]; i++) {
      if (mayGo(all.chunk[i], worker)) {
        found.add(all.chunk[i]);
      }
    }
    found.sort(Comparator.comparingLong(chunk -> board.chunks.size[chunk]));
    return found;
  }

  private boolean mayGo(int chunk, int worker) {
    int slot = board.slots.find(chunk, worker);
    boolean isRoom = board.chunks.size[chunk] > 0 || board.fleet.isLimited;
    return slot >= 0 && isRoom && Bonus.mayGo(board, moves, chunk, slot);
  }

  private WorkerIndex index() {
    WorkerIndex known = index;
    if (known == null) {
      known = board.chunksOnAll();
      index = known;
    }
    return known;
  }

  private long[] mostThatMayGo(Relocation relocation) {
    if (most.length == 0) {
      WorkerIndex all = index();
      for (int worker = 0; worker < board.fleet.count; worker++) {
        for (int i = all.start[worker]; i < all.start[worker + 1]; i++) {
          if (mayGo(all.chunk[i], worker)) {
            relocation.maySend(worker, board.chunks.size[all.chunk[i]]);
          }
        }
      }
      most = relocation.withdrawOffer();
    }
    return most;
  }
}
