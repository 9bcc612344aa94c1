package dev.stowage.placement.fleet;

import dev.stowage.columns.IntList;
import dev.stowage.config.PlacementConfig.Spread;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementInput.KeyHash;
import dev.stowage.placement.input.FlatInput;
import java.util.Arrays;

/** The workers of a plan as flat arrays by worker position, fixed while a plan is made. */
public final class Fleet {
  private static final int MOST_COPIES = 1 << 29;

  /** One more than the highest position. */
  public final int count;

  /** The positions of the workers in canonical order; an index also has free positions. */
  public final int[] order;

  /** The place of each worker in the canonical order. */
  public final int[] rank;

  public final long[] capacity;

  /** The most replicas of each worker; {@link #MOST_COPIES} if unlimited. */
  public final int[] limit;

  public final boolean isLimited;

  /** The described bytes per second that each worker's link receives. */
  public final long[] rate;

  /** True if the link of some worker is described. */
  public final boolean isPaced;

  public final boolean[] present;
  public final boolean[] counted;
  public final boolean[] placeable;

  public final boolean[] leaving;

  public final boolean[] active;

  /** The 64-bit hash of each worker's id. */
  public final long[] hash;

  /** The domain of each worker at the outermost level that matters. */
  public final int[] zone;

  public final int zones;

  /** The domain of each worker, by further level that matters, outermost first. */
  public final int[][] inner;

  /** The numbers in the path, from 1, of the levels that matter, outermost first. */
  public final int[] levelNumbers;

  public final DomainLimits limits;

  public final Pool[] pools;

  public final int[] poolOrder;

  /** Pairs of a worker and of the one that takes its copies over, now or once it is back. */
  public final int[] bonds;

  private final Worker[] workers;
  private final Masks masks;

  public Fleet(FlatInput input) {
    workers = input.workers;
    count = workers.length;
    order = input.workerOrder;
    rank = new int[count];
    capacity = new long[count];
    limit = new int[count];
    rate = new long[count];
    present = new boolean[count];
    counted = new boolean[count];
    placeable = new boolean[count];
    leaving = new boolean[count];
    active = new boolean[count];
    hash = new long[count];
    boolean limited = false;
    boolean paced = false;
    for (int place = 0; place < order.length; place++) {
      int i = order[place];
      limit[i] = Math.min(workers[i].maxReplicas(), MOST_COPIES);
      limited |= workers[i].isLimited();
      rate[i] = workers[i].description().downlinkBytesPerSecond();
      paced |= rate[i] != Worker.UNBOUNDED;
      rank[i] = place;
      WorkerStatus status = workers[i].status();
      capacity[i] = workers[i].capacityBytes();
      present[i] = status.isPresent();
      counted[i] = status.isCounted();
      placeable[i] = status.isPlaceable() && !input.avoided[i];
      hash[i] = KeyHash.of(workers[i].id());
      active[i] = status == WorkerStatus.ACTIVE;
      leaving[i] = status == WorkerStatus.LEAVING;
    }
    isLimited = limited;
    isPaced = paced;
    bonds = bonds(input);
    for (int i = 1; i < bonds.length; i += 2) {
      placeable[bonds[i]] = false; // it takes nothing but what the bond and floors ask for
    }
    Domains domains = new Domains(workers, order, input.config.spread() == Spread.ZONE);
    zone = domains.outermost();
    zones = domains.zones;
    inner = domains.inner();
    levelNumbers = domains.numbers();
    limits = new DomainLimits(workers, order, input.config.maxPerDomain());
    poolOrder = ClassOrder.pools(input.pools);
    masks = Masks.of(input, this);
    pools = new Pool[input.pools.size()];
    for (int i = 0; i < pools.length; i++) {
      pools[i] = new Pool(i, input.pools.get(i).eligibility(), masks.of(i), this);
    }
  }

  private int[] bonds(FlatInput input) {
    IntList pairs = new IntList(0);
    for (int old : order) {
      WorkerId by = workers[old].replacedBy().orElse(null);
      for (int i = 0; by != null && i < order.length; i++) {
        WorkerStatus status = workers[order[i]].status();
        boolean isGiven =
            status.isPlaceable() || status == WorkerStatus.SUSPECT || status == WorkerStatus.AWAY;
        if (isGiven && !input.avoided[order[i]] && workers[order[i]].id().equals(by)) {
          pairs.add(old);
          pairs.add(order[i]);
        }
      }
    }
    return pairs.toArray();
  }

  /** Returns the worker that takes over the copies of a worker, or -1. */
  public int successor(int worker) {
    for (int i = 0; i < bonds.length; i += 2) {
      if (bonds[i] == worker) {
        return bonds[i + 1];
      }
    }
    return -1;
  }

  public int zonesWanted(int floor, int eligibility) {
    return zones <= 1 ? 1 : Math.min(floor, pools[eligibility].zones);
  }

  public int innerWanted(int floor, int eligibility, int level) {
    return Math.min(floor, pools[eligibility].inner[level]);
  }

  public boolean isSpreadWanted(int floor, int eligibility) {
    int last = inner.length - 1;
    return zonesWanted(floor, eligibility) > 1
        || (last >= 0 && innerWanted(floor, eligibility, last) > 1);
  }

  /** Returns the numbers of the levels that matter, then the wanted domains of each. */
  public int[] spreadWanted(int floor, int eligibility) {
    if (inner.length == 0) {
      return new int[] {zonesWanted(floor, eligibility), levelNumbers[0]};
    }
    int[] wanted = Arrays.copyOf(levelNumbers, 2 * levelNumbers.length);
    wanted[levelNumbers.length] = zonesWanted(floor, eligibility);
    for (int level = 0; level < inner.length; level++) {
      wanted[levelNumbers.length + 1 + level] = innerWanted(floor, eligibility, level);
    }
    return wanted;
  }

  /** Reports whether rules refuse the same workers to each pool as when this fleet was made. */
  public boolean isMarkedAlike(FlatInput now) {
    return !now.sums.isAny() || masks.isAlike(Masks.of(now, this));
  }

  public Worker worker(int position) {
    return workers[position];
  }
}
