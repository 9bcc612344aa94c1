package dev.stowage.placement.phases;

import dev.stowage.placement.Cause;
import dev.stowage.placement.Reason;
import dev.stowage.placement.Search;
import dev.stowage.placement.Shortage;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.DomainRule;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.fleet.Rank;
import dev.stowage.placement.input.Order;
import dev.stowage.placement.input.PairSet;
import dev.stowage.placement.input.SwapOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes room for deferred chunks as a whole, by drains, bonus replicas and chains. It foresees the
 * first step of this plan, then of the next, and so on until only waiting remains; it begins
 * nothing that later plans would not finish, so plans come to rest.
 */
final class RoomForNew {
  private static final int SHED = Slots.because(Cause.SHED, Reason.MAKES_ROOM);
  private static final int RELOCATE = Slots.because(Cause.RELOCATE, Reason.MAKES_ROOM);

  /** The most steps foreseen for one chunk or side. */
  private static final int MOST_FORESEEN = 64;

  private static final int UNTRIED = 0;
  private static final int MADE = 1;
  private static final int REFUSED = 2;

  private final Board board;
  private final Picker picker;
  private final Relocation relocation;
  private final MovementLedger ledger;
  private final Outlook outlook;
  private final OutlookChains chains;

  private final Set<Long> spoken;

  /** True if chunks go to the workers with the most room first. */
  private boolean roomiestFirst;

  private RefusalMemo memo = new RefusalMemo();

  RoomForNew(Board board, Picker picker, Relocation relocation, MovementLedger ledger) {
    this.board = board;
    this.picker = picker;
    this.relocation = relocation;
    this.ledger = ledger;
    spoken = relocation.pairsOnChains();
    outlook = new Outlook(board, relocation.roomLeft(), spoken);
    chains = new OutlookChains(outlook);
  }

  static boolean isHopeless(Shortage shortage) {
    return shortage.reason().rule() != null
        || shortage.reason() == Reason.TOO_FEW_WORKERS
        || shortage.reason() == Reason.DOMAIN_LIMIT
        || shortage.reason() == Reason.LARGER_THAN_ANY_WORKER;
  }

  /** Handles the deferrals in turn; room for one is not offered to the next. */
  void make(List<Shortage> deferrals) {
    SwapOrder swaps = board.input.swaps;
    Map<Integer, Shortage> lacking = new HashMap<>();
    if (swaps.count() > 0) {
      deferrals.forEach(each -> lacking.put(each.chunk(), each));
    }
    int[] state = new int[swaps.count()];
    for (Shortage each : deferrals) {
      int swap = swaps.swapOf(each.chunk());
      if (swap >= 0) {
        makeForSide(swap, lacking, state);
      } else if (!memo.refuses(board, each.chunk()) && !makeForAny(List.of(List.of(each)))) {
        memo.remember(board, each.chunk());
      }
    }
  }

  private void makeForSide(int swap, Map<Integer, Shortage> lacking, int[] state) {
    board.input.swaps.descend(
        swap,
        entered -> {
          boolean isEntered = state[entered] == UNTRIED;
          state[entered] = isEntered ? REFUSED : state[entered];
          return isEntered;
        },
        earlier -> state[earlier] != MADE,
        left -> {
          boolean isReady =
              Arrays.stream(board.input.swaps.waits()[left])
                  .allMatch(earlier -> state[earlier] == MADE);
          state[left] = isReady && makeForSide(left, lacking) ? MADE : REFUSED;
        });
  }

  private boolean makeForSide(int swap, Map<Integer, Shortage> lacking) {
    int[] side = board.input.swaps.sides()[swap];
    int[] largestFirst = SwapOrder.largestFirst(side, board.chunks);
    List<List<Shortage>> orders = new ArrayList<>();
    orders.add(shortages(side, lacking));
    if (!Arrays.equals(side, largestFirst)) {
      orders.add(shortages(largestFirst, lacking));
    }
    return makeForAny(orders);
  }

  private static List<Shortage> shortages(int[] side, Map<Integer, Shortage> lacking) {
    List<Shortage> found = new ArrayList<>();
    for (int chunk : side) {
      Shortage shortage = lacking.get(chunk);
      if (shortage != null) {
        found.add(shortage);
      }
    }
    return found;
  }

  private boolean makeForAny(List<List<Shortage>> orders) {
    int start = outlook.mark();
    for (int way = 0; way < 2 * orders.size(); way++) {
      List<Shortage> order = orders.get(way % orders.size());
      roomiestFirst = way >= orders.size();
      if (foresee(order)) {
        carryOut(start, order);
        return true;
      }
      outlook.takeBackTo(start);
    }
    return false;
  }

  private boolean foresee(List<Shortage> shortages) {
    chains.begin();
    for (int step = 0; step < MOST_FORESEEN; step++) {
      int mark = outlook.mark();
      outlook.begin();
      if (!tryAll(shortages)) {
        return false;
      }
      int first = outlook.firstChange(mark);
      if (first == outlook.mark()) {
        return true;
      }
      outlook.takeBackTo(mark, first);
    }
    board.searches.giveUp(Search.ROOM_FOR_NEW);
    return false;
  }

  private boolean tryAll(List<Shortage> shortages) {
    for (Shortage each : shortages) {
      if (isHopeless(each) || !tryWhole(each.chunk(), each.missing())) {
        return false;
      }
    }
    return true;
  }

  /** Makes room for all missing replicas; if false, the caller must roll back. */
  private boolean tryWhole(int chunk, int missing) {
    int[] order = byRank(chunk);
    if (roomiestFirst) {
      order = Order.by(order, order.length, worker -> Order.largestFirst(outlook.room(worker)));
    }
    int mark = outlook.mark();
    if (tryInTurn(order, chunk, missing)) {
      return true;
    }
    Set<Long> arrivals = outlook.arrivalsSince(mark);
    if (arrivals.isEmpty()) {
      return false;
    }
    // A short chain may have used a move that a longer one for another replica needs.
    outlook.takeBackTo(mark);
    chains.avoid(arrivals);
    boolean isMade = tryInTurn(order, chunk, missing);
    chains.avoid(Set.of());
    return isMade;
  }

  private boolean tryInTurn(int[] order, int chunk, int missing) {
    int mark = outlook.mark();
    int left = attempt(order, chunk, missing, false);
    if (left > 0) {
      outlook.takeBackTo(mark);
      int[] scarceFirst =
          Order.by(order, order.length, worker -> clamped(outlook.bonusBytes(worker)));
      left = attempt(scarceFirst, chunk, missing, false);
    }
    // Room that the chunk could wait for may be needed by a chain for another replica.
    if (left > 0 && left < missing) {
      outlook.takeBackTo(mark);
      left = attempt(order, chunk, missing, true);
    }
    return left == 0;
  }

  /** Returns the number of replicas without room; with {@code chainFirst} a chain goes first. */
  private int attempt(int[] order, int chunk, int missing, boolean chainFirst) {
    long size = board.chunks.size[chunk];
    int left = missing;
    if (chainFirst && chains.makeRoom(chunk)) {
      left--;
    }
    for (int i = 0; i < order.length && left > 0; i++) {
      if (outlook.hasRoom(order[i], size) && mayTake(chunk, order[i])) {
        outlook.place(chunk, order[i]);
        left--;
      }
    }
    for (int i = 0; i < order.length && left > 0; i++) {
      if (outlook.couldHaveRoom(order[i], size)
          && mayTake(chunk, order[i])
          && outlook.shed(order[i], size)) {
        outlook.place(chunk, order[i]);
        left--;
      }
    }
    while (left > 0 && chains.makeRoom(chunk)) {
      left--;
    }
    return left;
  }

  private boolean mayTake(int chunk, int worker) {
    return outlook.mayTake(chunk, worker, DomainRule.NOBODY);
  }

  private int[] byRank(int chunk) {
    long size = board.chunks.size[chunk];
    int[] found = new int[board.fleet.count];
    int count = 0;
    for (int worker : board.pool(chunk).placeable) {
      if (board.fleet.capacity[worker] >= size && mayTake(chunk, worker)) {
        found[count++] = worker;
      }
    }
    long hash = board.chunks.keyHash[chunk];
    return Order.by(found, count, worker -> (int) (Rank.of(hash, board.fleet.hash[worker]) >>> 33));
  }

  private static int clamped(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  /** Begins the foreseen steps; with mixed sizes in order, because the next plan must find them. */
  private void carryOut(int start, List<Shortage> shortages) {
    boolean isMixed = false;
    for (Shortage each : shortages) {
      isMixed |= outlook.isMixed(board.chunks.size[each.chunk()]);
      for (int worker : byRank(each.chunk())) {
        picker.reserved[worker] = true;
      }
    }
    boolean goesOn = true;
    for (int at = start; at < outlook.mark(); at = outlook.next(at)) {
      if (outlook.kind(at) != Outlook.PLACE) {
        goesOn = (goesOn || !isMixed) && begin(at);
        memo = new RefusalMemo();
      }
      boolean isClosed = isMixed && outlook.kind(at) == Outlook.MOVE;
      guard(outlook.chunk(at), outlook.from(at), isClosed);
      guard(outlook.chunk(at), outlook.to(at), isClosed);
    }
    relocation.takeOver(outlook.room(), spoken);
  }

  private void guard(int chunk, int worker, boolean isClosed) {
    if (worker >= 0) {
      spoken.add(PairSet.pair(chunk, worker));
      picker.reserved[worker] = true;
      outlook.closed[worker] |= isClosed;
    }
  }

  private boolean begin(int at) {
    int chunk = outlook.chunk(at);
    int slot = board.slots.find(chunk, outlook.from(at));
    if (slot < 0) {
      return false;
    }
    if (outlook.kind(at) == Outlook.DROP) {
      boolean may = Victims.mayGo(board, chunk, slot);
      if (may) {
        board.supersede(chunk, slot, SHED);
      }
      return may;
    }
    boolean isAdded = board.isFreeToGo(chunk, outlook.from(at), board.slots.bits(slot));
    return isAdded ? redirect(at) : mayBeSent(chunk, slot) && send(at);
  }

  private boolean mayBeSent(int chunk, int slot) {
    int bits = board.slots.bits(slot);
    return Slots.isSound(bits)
        && Slots.isPossessed(bits)
        && board.mayGiveUp(chunk, board.slots.worker(slot));
  }

  private boolean redirect(int at) {
    int chunk = outlook.chunk(at);
    int to = outlook.to(at);
    boolean may = board.slots.find(chunk, to) < 0 && board.takes(to, board.chunks.size[chunk]);
    if (may) {
      relocation.redirect(chunk, outlook.from(at), to);
    }
    return may;
  }

  private boolean send(int at) {
    int chunk = outlook.chunk(at);
    int to = outlook.to(at);
    long size = board.chunks.size[chunk];
    int there = board.slots.find(chunk, to);
    boolean may =
        there < 0
            ? board.takes(to, size)
            : Slots.isStillThere(board.slots.bits(there)) && board.fitsAgain(to, size);
    if (!may) {
      return false;
    }
    board.focus(chunk);
    board.supersede(chunk, board.slots.find(chunk, outlook.from(at)), RELOCATE);
    if (there < 0) {
      board.add(chunk, to, RELOCATE);
      ledger.charge(to, size);
    } else {
      board.readopt(chunk, board.slots.find(chunk, to), RELOCATE);
    }
    return true;
  }
}
