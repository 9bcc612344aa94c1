package dev.stowage.placement;

import dev.stowage.model.Worker;
import dev.stowage.model.WorkerStatus;
import java.util.HashMap;
import java.util.Map;

/** What a plan needs to know about the workers, as flat arrays; fixed while a plan is made. */
final class Fleet {
  final int count;
  final long[] capacity;
  final boolean[] present;
  final boolean[] counted;
  final boolean[] placeable;

  final boolean[] leaving;

  /** Those whose fill is reported. */
  final boolean[] active;

  /** The 64-bit hash of each worker's id. */
  final long[] hash;

  final int[] zone;

  /** The number of zones that matter; 1 where distinct workers are spread enough. */
  final int zones;

  final Pool[] pools;
  private final Worker[] workers;

  Fleet(PlacementInput input) {
    workers = input.workers;
    count = workers.length;
    capacity = new long[count];
    present = new boolean[count];
    counted = new boolean[count];
    placeable = new boolean[count];
    leaving = new boolean[count];
    active = new boolean[count];
    zone = new int[count];
    hash = new long[count];
    Map<String, Integer> names = new HashMap<>();
    for (int i = 0; i < count; i++) {
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
    boolean zoned = input.config.spread() == Spread.ZONE && names.size() < count;
    zones = zoned ? names.size() : 1;
    pools = new Pool[input.eligibilities.size()];
    for (int i = 0; i < pools.length; i++) {
      pools[i] = new Pool(i, input.eligibilities.get(i), this);
    }
  }

  Worker worker(int position) {
    return workers[position];
  }
}
