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

  /** Active and placeable: those whose fill is levelled. */
  final boolean[] leaving;

  final int[] zone;
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
    zone = new int[count];
    Map<String, Integer> names = new HashMap<>();
    for (int i = 0; i < count; i++) {
      WorkerStatus status = workers[i].status();
      capacity[i] = workers[i].capacityBytes();
      present[i] = status.isPresent();
      counted[i] = status.isCounted();
      placeable[i] = status.isPlaceable() && !input.avoided[i];
      leaving[i] = status == WorkerStatus.LEAVING;
      Integer known = names.putIfAbsent(workers[i].zone(), names.size());
      zone[i] = known == null ? names.size() - 1 : known;
    }
    zones = input.config.spread() == Spread.ZONE ? names.size() : 1;
    pools = new Pool[input.eligibilities.size()];
    for (int i = 0; i < pools.length; i++) {
      pools[i] = new Pool(i, input.eligibilities.get(i), this);
    }
  }

  Worker worker(int position) {
    return workers[position];
  }
}
