package dev.stowage.placement.fleet;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.KeyHash;
import dev.stowage.placement.Spread;
import dev.stowage.placement.input.FlatInput;
import java.util.Arrays;

/** What a plan needs to know about the workers, as flat arrays; fixed while a plan is made. */
public final class Fleet {
  /** More replicas than a worker ever holds; sums of these do not overflow. */
  private static final int MOST_COPIES = 1 << 29;

  /** One more than the highest position. */
  public final int count;

  /** The positions of the workers in canonical order; in an index, some positions are free. */
  public final int[] order;

  /** The place of each worker in the canonical order. */
  public final int[] rank;

  public final long[] capacity;

  /** How many replicas each worker may hold; where there is no limit more than there ever are. */
  public final int[] limit;

  /** Whether any worker may hold only so many. */
  public final boolean isLimited;

  public final boolean[] present;
  public final boolean[] counted;
  public final boolean[] placeable;

  public final boolean[] leaving;

  /** Those whose fill is reported. */
  public final boolean[] active;

  /** The 64-bit hash of each worker's id. */
  public final long[] hash;

  /** The domain of each worker at the outermost level that matters. */
  public final int[] zone;

  /** The number of zones that matter; 1 where distinct workers are spread enough. */
  public final int zones;

  /** The domain of each worker at each further level that matters, outermost first. */
  public final int[][] inner;

  /**
   * The number in the path, from 1, of the outermost level that matters and of each further one.
   */
  public final int[] levelNumbers;

  /** How many wanted replicas of one chunk the domains of each level may have. */
  public final DomainLimits limits;

  public final Pool[] pools;

  /** The numbers of the pools in an order that does not depend on how constraints are numbered. */
  public final int[] poolOrder;

  private final Worker[] workers;

  public Fleet(FlatInput input) {
    workers = input.workers;
    count = workers.length;
    order = input.workerOrder;
    rank = new int[count];
    capacity = new long[count];
    limit = new int[count];
    present = new boolean[count];
    counted = new boolean[count];
    placeable = new boolean[count];
    leaving = new boolean[count];
    active = new boolean[count];
    hash = new long[count];
    boolean limited = false;
    for (int place = 0; place < order.length; place++) {
      int i = order[place];
      limit[i] = Math.min(workers[i].maxReplicas(), MOST_COPIES);
      limited |= workers[i].isLimited();
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
    Domains domains = new Domains(workers, order, input.config.spread() == Spread.ZONE);
    zone = domains.outermost();
    zones = domains.zones;
    inner = domains.inner();
    levelNumbers = domains.numbers();
    limits = new DomainLimits(workers, order, input.config.maxPerDomain());
    pools = new Pool[input.eligibilities.size()];
    for (int i = 0; i < pools.length; i++) {
      pools[i] = new Pool(i, input.eligibilities.get(i), this);
    }
    poolOrder = ClassOrder.pools(input.eligibilities);
  }

  /** How many zones the replicas of a chunk should lie in. */
  public int zonesWanted(int floor, int eligibility) {
    return zones <= 1 ? 1 : Math.min(floor, pools[eligibility].zones);
  }

  /** How many domains of a further level the replicas of a chunk should lie in. */
  public int innerWanted(int floor, int eligibility, int level) {
    return Math.min(floor, pools[eligibility].inner[level]);
  }

  /** Whether the replicas of a chunk should lie in more than one domain of any level. */
  public boolean isSpreadWanted(int floor, int eligibility) {
    int last = inner.length - 1;
    return zonesWanted(floor, eligibility) > 1
        || (last >= 0 && innerWanted(floor, eligibility, last) > 1);
  }

  /** Which levels matter, and how many domains of each the replicas of a chunk should lie in. */
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

  public Worker worker(int position) {
    return workers[position];
  }
}
