package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.config.Reason;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Makes room for starved and for deferred chunks, for later plans. */
final class Shedding {
  private static final IntList NOTHING = new IntList();

  private final Board board;
  private final Picker picker;
  private final Relocation relocation;
  private final Victims victims;
  private final MovementLedger ledger;

  private final IntList waitingOn = new IntList();

  /** The chunk and worker of each copy on the way. */
  private final IntList copies = new IntList();

  /** Workers with room promised to each established chunk, one replica each. */
  private final Map<Integer, IntList> promisedOn = new HashMap<>();

  /** Free or draining bytes by worker at the last promises. */
  private long[] seen;

  Shedding(Board board, Picker picker, Relocation relocation, MovementLedger ledger) {
    this.board = board;
    this.ledger = ledger;
    this.picker = picker;
    this.relocation = relocation;
    relocation.refreshPending();
    victims = new Victims(board, relocation);
    seen = board.roomAfterDrains();
  }

  /** Relieves shortfalls, lowest replica count first, even with too few workers. */
  void relieveEstablished(List<Shortage> shortfalls, IntPredicate isCharged) {
    followRoom();
    List<Integer> waiting = shortfalls.stream().map(Shortage::chunk).toList();
    boolean isOver = false;
    while (!waiting.isEmpty() && !isOver) {
      int lowest = waiting.stream().mapToInt(this::standing).min().orElseThrow();
      List<Integer> left = new ArrayList<>();
      for (int chunk : waiting) {
        boolean isRefused = standing(chunk) == lowest && !relieveOne(chunk);
        isOver |= isRefused && mayFindLater(chunk);
        if (!isRefused && standing(chunk) < board.chunks.floor(chunk)) {
          left.add(chunk);
        }
      }
      waiting = left;
    }
    waiting.forEach(this::leaveAlone);
    keep(isCharged);
  }

  /** Makes room for each deferred chunk as a whole, and for the chunks of a new side together. */
  void relieveNew(List<Shortage> deferrals) {
    Map<Integer, List<Shortage>> groups = new LinkedHashMap<>();
    for (Shortage each : deferrals) {
      int swap = board.input.swaps.swapOf(each.chunk());
      groups
          .computeIfAbsent(swap >= 0 ? -1 - swap : each.chunk(), none -> new ArrayList<>())
          .add(each);
    }
    RefusalMemo memo = new RefusalMemo();
    groups.forEach((key, group) -> {
      boolean isSide = key < 0;
      if (group.stream().noneMatch(Shedding::isHopeless)
          && (isSide || !memo.refuses(board, key))
          && !relieveWhole(group)
          && !isSide) {
        memo.remember(board, key);
      }
    });
    keep(chunk -> false);
  }

  private static boolean isHopeless(Shortage shortage) {
    return shortage.reason().rule() != null
        || shortage.reason() == Reason.TOO_FEW_WORKERS
        || shortage.reason() == Reason.DOMAIN_LIMIT
        || shortage.reason() == Reason.LARGER_THAN_ANY_WORKER
        || shortage.reason() == Reason.SWAP_WAITS;
  }

  /** Promises room for all missing replicas of some chunks, or for none of them. */
  private boolean relieveWhole(List<Shortage> group) {
    followRoom();
    Relocation.Moment before = relocation.now();
    IntList open = new IntList();
    for (Shortage each : group) {
      boolean[] taken = takenBy(each.chunk());
      for (int worker : victims.byRank(each.chunk(), taken)) {
        open.add(worker);
      }
      for (int missing = each.missing(); missing > 0; missing--) {
        if (!victims.makeRoom(each.chunk(), taken)) {
          relocation.rollBack(before);
          return false;
        }
      }
    }
    for (int i = 0; i < open.size(); i++) {
      waitingOn.add(open.get(i));
    }
    noteCopies();
    return true;
  }

  private void noteCopies() {
    IntList added = board.keep();
    for (int i = 0; i < added.size(); i++) {
      copies.add(added.get(i));
    }
    seen = board.roomAfterDrains();
  }

  /** Reports whether the next plan may move replicas that this plan must keep. */
  boolean mayFindLater(int chunk) {
    return board.isThinned() && victims.byRank(chunk, takenBy(chunk)).length > 0;
  }

  private void leaveAlone(int chunk) {
    for (int worker : victims.byRank(chunk, takenBy(chunk))) {
      waitingOn.add(worker);
    }
  }

  int standing(int chunk) {
    return board.soundCount(chunk) + promisedOn.getOrDefault(chunk, NOTHING).size();
  }

  boolean relieveOne(int chunk) {
    followRoom();
    boolean[] taken = takenBy(chunk);
    int[] open = victims.byRank(chunk, taken);
    boolean isRelieved = victims.makeRoom(chunk, taken);
    for (int i = 0; i < open.length && isRelieved; i++) {
      waitingOn.add(open[i]);
    }
    boolean[] before = takenBy(chunk);
    for (int worker = 0; worker < taken.length && isRelieved; worker++) {
      if (taken[worker] && !before[worker]) {
        promisedOn.computeIfAbsent(chunk, none -> new IntList()).add(worker);
      }
    }
    noteCopies();
    return isRelieved;
  }

  private void followRoom() {
    relocation.followRoom(seen);
    seen = board.roomAfterDrains();
  }

  void guardPromises(boolean[] workers) {
    for (IntList each : promisedOn.values()) {
      for (int i = 0; i < each.size(); i++) {
        workers[each.get(i)] = true;
      }
    }
    for (int worker = 0; worker < workers.length; worker++) {
      workers[worker] |= relocation.onChain[worker];
    }
  }

  private void keep(IntPredicate isCharged) {
    for (int i = 0; i < copies.size(); i += 2) {
      if (!isCharged.test(copies.get(i))) {
        ledger.charge(copies.get(i + 1), board.chunks.size[copies.get(i)]);
      }
    }
    for (int i = 0; i < waitingOn.size(); i++) {
      picker.reserved[waitingOn.get(i)] = true;
    }
    copies.truncate(0);
    waitingOn.truncate(0);
    for (int worker = 0; worker < picker.reserved.length; worker++) {
      picker.reserved[worker] |= relocation.onChain[worker];
    }
  }

  private boolean[] takenBy(int chunk) {
    boolean[] taken = new boolean[board.fleet.count];
    for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
      taken[board.slots.worker(slot)] = true;
    }
    IntList promised = promisedOn.getOrDefault(chunk, NOTHING);
    for (int i = 0; i < promised.size(); i++) {
      taken[promised.get(i)] = true;
    }
    return taken;
  }
}
