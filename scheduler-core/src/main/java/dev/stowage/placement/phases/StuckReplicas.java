package dev.stowage.placement.phases;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementPlan.Stuck;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.WorkerIndex;
import dev.stowage.placement.input.Order;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Replicas that should leave their worker and found no place; those that wait for a drain or the
 * budget are left to later plans.
 */
final class StuckReplicas {
  private static final int CROWDED = Slots.because(Cause.EVACUATE, Reason.DOMAIN_LIMIT);

  private record Left(int chunk, int worker, WaysOut.Outcome outcome) {}

  private final Board board;
  private final Moves moves;
  private final WaysOut ways;

  private final List<Left> misplaced = new ArrayList<>();

  private final List<Left> excess = new ArrayList<>();

  private final List<Left> crowded = new ArrayList<>();

  private final boolean[] over;

  /** Bytes of chunks marked for removal on such workers, by worker. */
  private final long[] going;

  private final int[] copiesGoing;

  StuckReplicas(Board board, Moves moves, Picker picker, MovementLedger ledger, Floors floors) {
    this.board = board;
    this.moves = moves;
    ways = new WaysOut(board, moves, picker, ledger, floors);
    over = new boolean[board.fleet.count];
    going = new long[over.length];
    copiesGoing = new int[over.length];
  }

  void relieve(IntList odd) {
    int[] order =
        Order.by(odd.array(), odd.size(), chunk -> Order.largestFirst(board.chunks.size[chunk]));
    for (int chunk : order) {
      for (int worker : misplacedOn(chunk)) {
        note(misplaced, chunk, worker, becauseItLeaves(chunk, worker));
      }
      relieveCrowded(chunk);
    }
    boolean any = false;
    for (int worker = 0; worker < over.length; worker++) {
      boolean stays = board.fleet.present[worker] && !board.fleet.leaving[worker];
      over[worker] = stays && isOver(worker);
      any |= over[worker];
    }
    if (any) {
      WorkerIndex index = board.chunksOn(over);
      for (int worker : board.fleet.order) {
        if (over[worker]) {
          relieve(worker, index);
        }
      }
    }
  }

  void reconsider() {
    if (board.input.frozen) {
      return;
    }
    for (List<Left> each : List.of(misplaced, crowded, excess)) {
      for (int i = 0; i < each.size(); i++) {
        Left left = each.get(i);
        if (left.outcome == WaysOut.Outcome.STUCK
            && isMovable(left)
            && ways.seekRoom(left.chunk, left.worker)) {
          boolean leaves =
              each == crowded ? isCrowded(left) : each == misplaced || isOver(left.worker);
          boolean moved = leaves && moves.move(left.chunk, left.worker, because(left), false);
          each.set(
              i,
              new Left(
                  left.chunk, left.worker, moved ? WaysOut.Outcome.MOVED : WaysOut.Outcome.WAITS));
        }
      }
    }
  }

  List<Stuck> list() {
    List<Left> all = new ArrayList<>();
    for (Left left : misplaced) {
      if (left.outcome == WaysOut.Outcome.STUCK && isWanted(left)) {
        all.add(left);
      }
    }
    all.addAll(beyond());
    for (int worker : board.fleet.order) {
      if (over[worker]) {
        fewest(worker).stream().filter(left -> !isListed(all, left)).forEach(all::add);
      }
    }
    Comparator<Left> byChunk =
        (one, other) ->
            one.chunk == other.chunk ? 0 : board.input.chunkOrder.compare(one.chunk, other.chunk);
    all.sort(byChunk.thenComparingInt(left -> board.fleet.rank[left.worker]));
    return all.stream().map(this::stuck).toList();
  }

  private static boolean isListed(List<Left> all, Left left) {
    return all.stream().anyMatch(it -> it.chunk == left.chunk && it.worker == left.worker);
  }

  private void relieveCrowded(int chunk) {
    int[] workers = board.domains.isAny() ? crowdedOn(chunk) : new int[0];
    for (int i = 0; i < workers.length; i++) {
      int slot = board.slots.find(chunk, workers[i]);
      if (slot >= 0 && board.domains.isCrowded(chunk, slot)) {
        note(crowded, chunk, workers[i], CROWDED);
      }
    }
  }

  private int[] crowdedOn(int chunk) {
    IntList workers = new IntList(0);
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      if (isCandidate(chunk, slot) && board.domains.isCrowded(chunk, slot)) {
        workers.add(board.slots.worker(slot));
      }
    }
    return workers.toArray();
  }

  private boolean isCrowded(Left left) {
    return board.domains.isCrowded(left.chunk, board.slots.find(left.chunk, left.worker));
  }

  private List<Left> beyond() {
    List<Left> chosen = new ArrayList<>();
    for (int i = 0; i < crowded.size(); i++) {
      int chunk = crowded.get(i).chunk;
      if (i == 0 || chunk != crowded.get(i - 1).chunk) {
        chosen.addAll(beyond(chunk));
      }
    }
    return chosen;
  }

  private List<Left> beyond(int chunk) {
    boolean[] waits = new boolean[board.fleet.count];
    for (Left left : crowded) {
      waits[left.worker] |= left.chunk == chunk && left.outcome == WaysOut.Outcome.WAITS;
    }
    int begin = board.slots.begin(chunk);
    boolean[] beyond = board.domains.beyond(chunk, waits);
    List<Left> chosen = new ArrayList<>();
    for (int at = 0; at < beyond.length; at++) {
      if (beyond[at]) {
        chosen.add(new Left(chunk, board.slots.worker(begin + at), WaysOut.Outcome.STUCK));
      }
    }
    return chosen;
  }

  private int[] misplacedOn(int chunk) {
    IntList workers = new IntList();
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      int worker = board.slots.worker(slot);
      if (board.fleet.present[worker]
          && board.fit.isMisplaced(chunk, worker)
          && isCandidate(chunk, slot)) {
        workers.add(worker);
      }
    }
    return workers.toArray();
  }

  private boolean isCandidate(int chunk, int slot) {
    int bits = board.slots.bits(slot);
    return Slots.isWanted(bits)
        && (bits & Slots.HELD) != 0
        && !board.chunks.is(chunk, ChunkBits.PINNED)
        && (Slots.isSound(bits) || board.isPinnedPair(chunk, board.slots.worker(slot)));
  }

  /** Relieves the smallest that suffices, or the largest; then by number, canonically. */
  private void relieve(int worker, WorkerIndex index) {
    List<Integer> untried = new ArrayList<>();
    for (int i = index.start[worker]; i < index.start[worker + 1]; i++) {
      int chunk = index.chunk[i];
      int slot = board.slots.find(chunk, worker);
      boolean isWanted = slot >= 0 && Slots.isWanted(board.slots.bits(slot));
      if (isWanted && board.chunks.is(chunk, ChunkBits.PINNED)) {
        going[worker] += board.chunks.size[chunk];
        copiesGoing[worker]++;
      } else if (isWanted
          && (board.chunks.size[chunk] > 0 || board.fleet.isLimited)
          && !board.fit.isMisplaced(chunk, worker)
          && isCandidate(chunk, slot)) {
        untried.add(chunk);
      }
    }
    untried.sort(Comparator.comparingLong(chunk -> board.chunks.size[chunk]));
    long waits = excessOf(worker) - rest(worker);
    int copiesWait = board.copiesOver(worker) - copiesRest(worker);
    while (true) {
      long bytes = excessOf(worker) - waits;
      int place = next(untried, bytes, board.copiesOver(worker) - copiesWait);
      if (place < 0) {
        return;
      }
      int chunk = untried.get(place);
      untried.subList(place, place + 1).clear();
      int because = Slots.because(Cause.EVACUATE, Reason.OVER_CAPACITY);
      WaysOut.Outcome outcome = note(excess, chunk, worker, because);
      waits += outcome == WaysOut.Outcome.WAITS ? board.chunks.size[chunk] : 0;
      copiesWait += outcome == WaysOut.Outcome.WAITS ? 1 : 0;
    }
  }

  /** Returns the index of the next replica in a list by size, or -1. */
  private int next(List<Integer> bySize, long bytes, int copies) {
    int last = bySize.size() - 1;
    if (bytes > 0 && last >= 0 && board.chunks.size[bySize.get(last)] > 0) {
      return BySize.covering(board.chunks.size, bySize, bytes);
    }
    int first = copies > 0 ? last : -1;
    for (int place = last - 1; copies > 0 && place >= 0; place--) {
      boolean isBefore = board.input.chunkOrder.compare(bySize.get(place), bySize.get(first)) < 0;
      first = isBefore ? place : first;
    }
    return first;
  }

  private boolean isOver(int worker) {
    return excessOf(worker) > 0 || board.copiesOver(worker) > 0;
  }

  /** Returns the replicas to give up beyond those that leave anyway. */
  private int copiesRest(int worker) {
    int rest = board.copiesOver(worker) - copiesGoing[worker];
    for (List<Left> each : List.of(misplaced, excess)) {
      for (Left left : each) {
        boolean goes = each == misplaced || left.outcome == WaysOut.Outcome.WAITS;
        rest -= left.worker == worker && goes && isWanted(left) ? 1 : 0;
      }
    }
    return rest;
  }

  private long rest(int worker) {
    long rest = excessOf(worker) - going[worker];
    for (Left left : misplaced) {
      rest -= left.worker == worker && isWanted(left) ? board.chunks.size[left.chunk] : 0;
    }
    for (Left left : excess) {
      boolean waits =
          left.worker == worker && left.outcome == WaysOut.Outcome.WAITS && isWanted(left);
      rest -= waits ? board.chunks.size[left.chunk] : 0;
    }
    return rest;
  }

  private List<Left> fewest(int worker) {
    List<Integer> bySize = new ArrayList<>();
    for (Left left : excess) {
      if (left.worker == worker && left.outcome == WaysOut.Outcome.STUCK && isWanted(left)) {
        bySize.add(left.chunk);
      }
    }
    bySize.sort(Order.boxed(board.input.chunkOrder));
    bySize.sort(Comparator.comparingLong(chunk -> board.chunks.size[chunk]));
    List<Left> chosen = new ArrayList<>();
    long rest = rest(worker);
    int copies = copiesRest(worker);
    for (int place = next(bySize, rest, copies); place >= 0; place = next(bySize, rest, copies)) {
      int chunk = bySize.get(place);
      bySize.subList(place, place + 1).clear();
      rest -= board.chunks.size[chunk];
      copies--;
      chosen.add(new Left(chunk, worker, WaysOut.Outcome.STUCK));
    }
    return chosen;
  }

  private long excessOf(int worker) {
    return -board.free[worker] - board.leftover[worker];
  }

  private WaysOut.Outcome note(List<Left> to, int chunk, int worker, int because) {
    WaysOut.Outcome outcome = ways.tryAll(chunk, worker, because);
    board.keep();
    if (outcome != WaysOut.Outcome.MOVED) {
      to.add(new Left(chunk, worker, outcome));
    }
    return outcome;
  }

  private boolean isWanted(Left left) {
    return board.isWanted(left.chunk, left.worker);
  }

  private boolean isMovable(Left left) {
    return isWanted(left) && board.isMovable(left.chunk, board.slots.find(left.chunk, left.worker));
  }

  private int because(Left left) {
    if (board.fit.isMisplaced(left.chunk, left.worker)) {
      return becauseItLeaves(left.chunk, left.worker);
    }
    return isCrowded(left) ? CROWDED : Slots.because(Cause.EVACUATE, Reason.OVER_CAPACITY);
  }

  private int becauseItLeaves(int chunk, int worker) {
    return Slots.because(
        Cause.EVACUATE, Objects.requireNonNull(board.fit.leaves(chunk, worker), "reason"));
  }

  private Stuck stuck(Left left) {
    int without = 0;
    int eligible = 0;
    long most = 0;
    for (int worker : board.pool(left.chunk).placeable) {
      without += ways.isWithout(left.chunk, worker) ? 1 : 0;
      if (ways.isOpen(left.chunk, worker, left.worker)) {
        eligible++;
        most = Math.max(most, board.usable(worker));
      }
    }
    Reason reason = Reason.NO_ROOM;
    if (board.input.frozen) {
      reason = Reason.FROZEN;
    } else if (board.isPinnedPair(left.chunk, left.worker)) {
      reason = Reason.PIN;
    } else if (without == 0) {
      reason =
          board.fit.lacksWorkers(left.chunk, 1, worker -> board.slots.find(left.chunk, worker) < 0);
    } else if (eligible == 0) {
      reason = Reason.DOMAIN_LIMIT;
    }
    return new Stuck(left.chunk, left.worker, reason, eligible, most);
  }
}
