package dev.stowage.placement.fleet;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.KeyHash;
import dev.stowage.placement.Spread;
import dev.stowage.placement.input.FlatInput;
import java.util.HashMap;
import java.util.Map;

/** What a plan needs to know about the workers, as flat arrays; fixed while a plan is made. */
public final class Fleet {
  /** One more than the highest position. */
  public final int count;

  /** The positions of the workers in canonical order; in an index, some positions are free. */
  public final int[] order;

  /** The place of each worker in the canonical order. */
  public final int[] rank;

  public final long[] capacity;
  public final boolean[] present;
  public final boolean[] counted;
  public final boolean[] placeable;

  public final boolean[] leaving;

  /** Those whose fill is reported. */
  public final boolean[] active;

  /** The 64-bit hash of each worker's id. */
  public final long[] hash;

  public final int[] zone;

  /** The number of zones that matter; 1 where distinct workers are spread enough. */
  public final int zones;

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
    present = new boolean[count];
    counted = new boolean[count];
    placeable = new boolean[count];
    leaving = new boolean[count];
    active = new boolean[count];
    zone = new int[count];
    hash = new long[count];
    Map<String, Integer> names = new HashMap<>();
    for (int place = 0; place < order.length; place++) {
      int i = order[place];
      rank[i] = place;
      WorkerStatus status = workers[i].status();
      capacity[i] = workers[i].capacityBytes();
      present[i] = status.isPresent();
      counted[i] = status.isCounted();
      placeable[i] = status.isPlaceable() && !input.avoided[i];
      hash[i] = KeyHash.of(workers[i].id());
      active[i] = status == WorkerStatus.ACTIVE;
      leaving[i] = status == WorkerStatus.LEAVING;
      Integer known = names.putIfAbsent(workers[i].zone(), names.size());
      zone[i] = known == null ? names.size() - 1 : known;
    }
    boolean zoned = input.config.spread() == Spread.ZONE && names.size() < order.length;
    zones = zoned ? names.size() : 1;
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

  public Worker worker(int position) {
    return workers[position];
  }
}
