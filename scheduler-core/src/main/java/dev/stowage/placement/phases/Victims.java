package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.fleet.Rank;
import dev.stowage.placement.input.Order;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Makes room by drains, by superseding few bonus replicas, and by chains of moves. */
final class Victims {
  private static final int SHED = Slots.because(Cause.SHED, Reason.MAKES_ROOM);

  private final Board board;
  private final Relocation relocation;
  private final WorkerIndex index;

  /** The rest of the last list of bonus replicas on each worker, smallest first. */
  private final List<List<Integer>> left;

  /** Upper bounds of the bytes and the number of bonus replicas, by worker. */
  private long[] most;

  Victims(Board board, Relocation relocation) {
    this.board = board;
    this.relocation = relocation;
    index = board.chunksOnAll();
    left = new ArrayList<>(Collections.nCopies(board.fleet.count, List.of()));
    for (int worker = 0; worker < board.fleet.count; worker++) {
      for (int i = index.start[worker]; i < index.start[worker + 1]; i++) {
        if (mayMakeRoom(index.chunk[i], worker)) {
          relocation.allowToSend(worker, board.chunks.size[index.chunk[i]]);
        }
      }
    }
    most = relocation.withdrawOffer();
  }

  /** Reports whether the chunk keeps its floor, of proven replicas too, without a held replica. */
  static boolean mayGo(Board board, int chunk, int slot) {
    return board.soundCount(chunk) > board.chunks.floor(chunk)
        && mayGo(board, chunk, slot, proven(board, chunk));
  }

  /** Reports whether a chunk above its floor can do without a held replica of all proven ones. */
  static boolean mayGo(Board board, int chunk, int slot, int proven) {
    int bits = board.slots.bits(slot);
    int left = proven - (isProof(board, slot) ? 1 : 0);
    return (bits & Slots.HELD) != 0
        && (!Slots.isPossessed(bits) || left >= board.chunks.floor(chunk))
        && board.isMovable(chunk, slot);
  }

  /** Returns the number of sound and possessed replicas on workers that count. */
  static int proven(Board board, int chunk) {
    int proven = 0;
    int end = board.slots.end(chunk);
    for (int slot = board.slots.begin(chunk); slot < end; slot++) {
      proven += Slots.isSound(board.slots.bits(slot)) && isProof(board, slot) ? 1 : 0;
    }
    return proven;
  }

  static boolean isProof(Board board, int slot) {
    return Slots.isPossessed(board.slots.bits(slot))
        && board.fleet.counted[board.slots.worker(slot)];
  }

  /** Promises room for one more replica; adds promised workers to {@code taken}. */
  boolean makeRoom(int chunk, boolean[] taken) {
    relocation.offer(most);
    int[] byRank = byRank(chunk, taken);
    boolean isMade =
        byRank.length > 0
            && (makeRoomAtOnce(byRank, chunk, taken)
                || relocation.makeRoomLater(chunk, taken, this::shed));
    most = relocation.withdrawOffer();
    return isMade;
  }

  private boolean makeRoomAtOnce(int[] byRank, int chunk, boolean[] taken) {
    long size = board.chunks.size[chunk];
    int[] byRoom =
        Order.by(
            byRank,
            byRank.length,
            worker -> Order.largestFirst(Math.max(0, relocation.room(worker))));
    int found = -1;
    for (int i = 0; i < byRank.length && found < 0; i++) {
      boolean isOpen = !relocation.closed[byRank[i]];
      found = isOpen && relocation.awaitsRoom(byRank[i], size) ? byRank[i] : -1;
    }
    for (int i = 0; i < byRoom.length && found < 0; i++) {
      int worker = byRoom[i];
      boolean may = !relocation.closed[worker] && relocation.couldHaveRoom(worker, size);
      found = may && shed(worker, size) ? worker : -1;
    }
    if (found >= 0) {
      relocation.promise(found, size);
      taken[found] = true;
    }
    return found >= 0;
  }

  /** Returns the workers that may be given a chunk, room aside, in the order of its hash. */
  int[] byRank(int chunk, boolean[] taken) {
    int[] found = new int[board.fleet.count];
    int count = 0;
    for (int worker : board.pool(chunk).placeable) {
      if (!taken[worker]
          && board.fleet.capacity[worker] >= board.chunks.size[chunk]
          && board.fit.admits(chunk, worker)
          && board.domains.admitsBeside(chunk, worker, relocation.leaving, taken)) {
        found[count++] = worker;
      }
    }
    long hash = board.chunks.keyHash[chunk];
    return Order.by(found, count, worker -> (int) (Rank.of(hash, board.fleet.hash[worker]) >>> 33));
  }

  /** Supersedes as few replicas as free {@code bytes}, or none if all are too few. */
  private boolean shed(int worker, long bytes) {
    boolean isMade = shed(worker, bytes, left.get(worker));
    if (!isMade) {
      left.set(worker, bonusOn(worker));
      isMade = shed(worker, bytes, left.get(worker));
    }
    if (!isMade) {
      relocation.cannotShed(worker, bytes);
    }
    return isMade;
  }

  private boolean shed(int worker, long bytes, List<Integer> bySize) {
    int mark = board.mark();
    IntList gone = new IntList(0);
    while (!relocation.awaitsRoom(worker, bytes) && !bySize.isEmpty()) {
      long lacking = bytes - relocation.room(worker);
      int at = BySize.covering(board.chunks.size, bySize, lacking);
      int chunk = bySize.get(at);
      bySize.subList(at, at + 1).clear();
      if (mayMakeRoom(chunk, worker)) {
        board.supersede(chunk, board.slots.find(chunk, worker), SHED);
        relocation.regain(worker, board.chunks.size[chunk]);
        gone.add(chunk);
      }
    }
    boolean isMade = relocation.awaitsRoom(worker, bytes);
    if (!isMade) {
      board.rollBack(mark);
    }
    for (int i = 0; i < gone.size() && !isMade; i++) {
      relocation.promise(worker, board.chunks.size[gone.get(i)]);
    }
    return isMade;
  }

  private List<Integer> bonusOn(int worker) {
    List<Integer> found = new ArrayList<>();
    for (int i = index.start[worker]; i < index.start[worker + 1]; i++) {
      if (mayMakeRoom(index.chunk[i], worker)) {
        found.add(index.chunk[i]);
      }
    }
    found.sort(Comparator.comparingLong(chunk -> board.chunks.size[chunk]));
    return found;
  }

  private boolean mayMakeRoom(int chunk, int worker) {
    int slot = board.slots.find(chunk, worker);
    boolean isRoom = board.chunks.size[chunk] > 0 || board.fleet.isLimited;
    return slot >= 0 && isRoom && mayGo(board, chunk, slot);
  }
}
