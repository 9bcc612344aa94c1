package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.columns.KeyHeap;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.MovementLedger;
import dev.stowage.placement.board.NewCopies;
import dev.stowage.placement.board.Slots;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.fleet.Pool;
import dev.stowage.placement.input.Order;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Redirects copies of new chunks from workers beyond their {@link
 * dev.stowage.placement.rules.NewShare} to the emptiest ones within it, which costs no byte. Takes
 * each copy beyond the bound once, tries at most {@link #MOST_TRIES} workers that refuse it and one
 * of each domain, and leaves it where it is if none takes it.
 */
final class NewShares {
  private static final int MOST_TRIES = 64;

  private final Board board;
  private final boolean[] reserved;
  private final MovementLedger ledger;
  private final @Nullable Workers[] byPool;

  NewShares(Board board, boolean[] reserved, MovementLedger ledger) {
    this.board = board;
    this.reserved = reserved;
    this.ledger = ledger;
    byPool = new Workers[board.fleet.pools.length];
  }

  /** Redirects what new chunks have beyond the bound, and has the board keep the counts. */
  void redirect(IntList fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    NewCopies copies = new NewCopies(board, fresh);
    board.newCopies = copies;
    for (NewCopies.Group group : copies.bounded()) {
      redirect(copies, group);
    }
  }

  private void redirect(NewCopies copies, NewCopies.Group group) {
    int[] byHash =
        Order.byHash(
            group.chunks.array(),
            group.chunks.size(),
            board.chunks.keyHash,
            board.input.chunkOrder);
    for (int chunk : byHash) {
      for (int slot = board.slots.begin(chunk); slot < board.slots.end(chunk); slot++) {
        if (mayLeave(chunk, slot) && copies.copiesLeft(group, board.slots.worker(slot)) < 0) {
          Workers workers = workers(board.pool(chunk));
          int to = workers.find(chunk, board.slots.worker(slot), copies, group);
          if (to >= 0) {
            board.redirect(chunk, slot, to);
            slot = board.slots.begin(chunk) - 1; // the slots of the chunk were sorted again
          }
        }
      }
    }
    for (Workers each : byPool) {
      if (each != null) {
        each.forgetGroup();
      }
    }
  }

  private boolean mayLeave(int chunk, int slot) {
    int worker = board.slots.worker(slot);
    int bits = board.slots.bits(slot);
    return Slots.isAdded(bits)
        && board.isFreeToGo(chunk, worker, bits)
        && !board.isPinnedPair(chunk, worker);
  }

  private Workers workers(Pool pool) {
    Workers known = byPool[pool.eligibility];
    if (known == null) {
      known = new Workers(pool);
      byPool[pool.eligibility] = known;
    }
    return known;
  }

  /** The workers of a pool by outermost domain, the emptiest first. */
  private final class Workers {
    private final boolean isZoned;
    private final IntList[] members;
    private final KeyHeap[] heaps;

    /** The number of a worker in its domain; -1 beyond the pool. */
    private final int[] number;

    /** Workers out of the heaps: what this chunk, and what this dataset, finds no place on. */
    private final IntList aside = new IntList(0);

    private final IntList full = new IntList(0);

    /** Domains closed to the chunk. */
    private final BitSet closed = new BitSet();

    /** The least size that found nothing, by the domain it came from. */
    private final long[] failed;

    private int seen;

    Workers(Pool pool) {
      isZoned = board.fleet.zones > 1 && board.fleet.zones < board.fleet.order.length;
      int domains = isZoned ? board.fleet.zones : 1;
      members = new IntList[domains];
      heaps = new KeyHeap[domains];
      failed = new long[domains];
      Arrays.fill(failed, Long.MAX_VALUE);
      for (int domain = 0; domain < domains; domain++) {
        members[domain] = new IntList(0);
        heaps[domain] = new KeyHeap();
      }
      number = new int[board.fleet.count];
      Arrays.fill(number, -1);
      for (int worker : pool.placeable) {
        number[worker] = members[domain(worker)].size();
        members[domain(worker)].add(worker);
        put(worker);
      }
      seen = board.raised.size();
      board.searches.spend(pool.size());
    }

    /** Returns the emptiest worker that takes a copy from another one, or -1. */
    int find(int chunk, int from, NewCopies copies, NewCopies.Group group) {
      if (board.chunks.size[chunk] >= failed[domain(from)]) {
        return -1;
      }
      catchUp();
      board.focus(chunk);
      int found = -1;
      while (found < 0 && aside.size() < MOST_TRIES) {
        board.searches.spend(1);
        int domain = emptiestDomain();
        if (domain < 0) {
          break;
        }
        int worker = members[domain].get(heaps[domain].first());
        if (heaps[domain].firstKey() != key(worker)) {
          put(worker);
        } else if (copies.copiesLeft(group, worker) <= 0) {
          takeOut(worker, full);
        } else if (!keepsSpread(chunk, from, worker)) {
          if (domain == domain(from)) {
            takeOut(worker, aside);
          } else {
            closed.set(domain);
          }
        } else if (takes(chunk, from, worker)) {
          found = worker;
        } else {
          takeOut(worker, aside);
        }
      }
      closed.clear();
      putBack(aside);
      if (found < 0) {
        failed[domain(from)] = board.chunks.size[chunk];
      }
      return found;
    }

    void forgetGroup() {
      putBack(full);
      Arrays.fill(failed, Long.MAX_VALUE);
    }

    private boolean keepsSpread(int chunk, int from, int to) {
      return !board.isSpreadWanted(chunk) || Zones.compareMove(board, chunk, from, to) >= 0;
    }

    private boolean takes(int chunk, int from, int to) {
      long size = board.chunks.size[chunk];
      return board.takes(to, size)
          && !board.holds(to)
          && !reserved[to]
          && board.fit.admits(chunk, to)
          && board.domains.admitsInstead(chunk, to, from)
          && ledger.redirect(from, to, size);
    }

    private int emptiestDomain() {
      int best = -1;
      for (int domain = closed.nextClearBit(0);
          domain < heaps.length;
          domain = closed.nextClearBit(domain + 1)) {
        boolean isFirst =
            !heaps[domain].isEmpty()
                && (best < 0 || heaps[domain].firstKey() < heaps[best].firstKey());
        best = isFirst ? domain : best;
      }
      return best;
    }

    private void catchUp() {
      for (; seen < board.raised.size(); seen++) {
        int worker = board.raised.get(seen);
        if (number[worker] >= 0 && heaps[domain(worker)].contains(number[worker])) {
          put(worker);
        }
      }
    }

    private void takeOut(int worker, IntList list) {
      heaps[domain(worker)].remove(number[worker]);
      list.add(worker);
    }

    private void putBack(IntList list) {
      while (!list.isEmpty()) {
        put(list.removeLast());
      }
    }

    private int domain(int worker) {
      return isZoned ? board.fleet.zone[worker] : 0;
    }

    private void put(int worker) {
      heaps[domain(worker)].put(number[worker], key(worker));
    }

    /** Returns the negated bytes below the level as a share of capacity, in the order of longs. */
    private long key(int worker) {
      double above = -(double) board.head(worker) / Math.max(1, board.fleet.capacity[worker]);
      long bits = Double.doubleToLongBits(above);
      return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }
  }
}
