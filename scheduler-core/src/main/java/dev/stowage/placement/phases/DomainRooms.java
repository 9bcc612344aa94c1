package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.columns.KeyHeap;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Zones;
import dev.stowage.placement.fleet.Pool;
import java.util.Arrays;

/**
 * The workers of a pool by domain of one level, or all as one domain, and by room, and the domains
 * by the room of their first worker, ties in canonical order; too high keys are corrected lazily. A
 * search costs as many steps as the chunk has domains, and those who refuse it.
 */
final class DomainRooms {
  /**
   * The workers of domains that may be refused for other reasons than room and rules before a
   * search ends. Of all workers one: whom leveling refuses has more room than the others.
   */
  private static final int MOST_REFUSED = 32;

  private final Board board;
  private final int level;

  /** The number of a worker in its domain, by position; -1 if it is not in the pool. */
  private final int[] number;

  /** Members by domain. */
  private final IntList[] members;

  private final KeyHeap[] workers;
  private final KeyHeap domains = new KeyHeap();
  private final IntList asideWorkers = new IntList();
  private final IntList asideDomains = new IntList();
  private int seen;

  DomainRooms(Board board, Pool pool, int level) {
    this.board = board;
    this.level = level;
    number = new int[board.fleet.count];
    Arrays.fill(number, -1);
    int count = 0;
    for (int worker : pool.placeable) {
      count = Math.max(count, domain(worker) + 1);
    }
    members = new IntList[count];
    workers = new KeyHeap[count];
    for (int domain = 0; domain < count; domain++) {
      members[domain] = new IntList(0);
      workers[domain] = new KeyHeap();
    }
    for (int worker : pool.placeable) {
      IntList domain = members[domain(worker)];
      number[worker] = domain.size();
      domain.add(worker);
      put(worker);
    }
    for (int domain = 0; domain < count; domain++) {
      putDomain(domain);
    }
    seen = board.raised.size();
    board.searches.spend(pool.size());
  }

  /** Returns the worker with the most room in a new domain that is found to suit, or -1. */
  int most(int chunk, Picker picker) {
    catchUp();
    int found = -1;
    int refused = level == Zones.NONE ? MOST_REFUSED - 1 : 0;
    while (found < 0 && refused < MOST_REFUSED && !domains.isEmpty()) {
      board.searches.spend(1);
      int domain = domains.first();
      int worker = first(domain);
      long key = key(worker);
      if (workers[domain].firstKey() != key) {
        put(worker);
        putDomain(domain);
      } else if (level != Zones.NONE && !board.inNewDomain(worker, level)) {
        asideDomains.add(domain);
        domains.remove(domain);
      } else if (picker.takes(chunk, worker) && picker.isAccepted(worker)) {
        found = worker;
      } else {
        refused += picker.takes(chunk, worker) ? 1 : 0;
        asideWorkers.add(worker);
        workers[domain].remove(number[worker]);
        putDomain(domain);
      }
    }
    restore();
    return found;
  }

  private void restore() {
    while (!asideWorkers.isEmpty()) {
      int worker = asideWorkers.removeLast();
      put(worker);
      putDomain(domain(worker));
    }
    while (!asideDomains.isEmpty()) {
      putDomain(asideDomains.removeLast());
    }
  }

  private void catchUp() {
    for (; seen < board.raised.size(); seen++) {
      int worker = board.raised.get(seen);
      if (number[worker] >= 0) {
        put(worker);
        putDomain(domain(worker));
      }
    }
  }

  private int domain(int worker) {
    return level == Zones.NONE ? 0 : Zones.domain(board, worker, level);
  }

  private int first(int domain) {
    return members[domain].get(workers[domain].first());
  }

  private void put(int worker) {
    workers[domain(worker)].put(number[worker], key(worker));
  }

  private void putDomain(int domain) {
    if (workers[domain].isEmpty()) {
      domains.remove(domain);
    } else {
      domains.put(domain, workers[domain].firstKey());
    }
  }

  /** Returns the complement of the head, which reverses the order without overflow. */
  private long key(int worker) {
    return ~board.head(worker);
  }
}
