package dev.stowage.sim.tool.report;

import dev.stowage.lifecycle.BudgetInForce;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The effects of one cycle, and the fleet after it.
 *
 * @param cycle counted from 1
 * @param tick the logical time of the cycle
 * @param budget the movement budget of the plan, and the bytes that it held back
 * @param plannedBytes bytes that the plan adds, by cause; causes without bytes are absent
 * @param movedBytes bytes that workers downloaded since the cycle before
 * @param freedBytes bytes that workers deleted since the cycle before
 * @param replicas the number of replicas in each state
 * @param visible chunks that portals may see
 * @param underFloor visible chunks with fewer readable copies than their floor
 * @param unreadable visible chunks without a readable copy
 * @param deferred new chunks that the plan left out
 * @param shortfalls replicas that established chunks lack to their floor
 * @param stuck replicas that should leave their worker and cannot
 * @param laggingPortals portals that do not yet use the newest portal assignment
 * @param fill the assigned bytes of each worker, in thousandths of its capacity; a worker that is
 *     away is absent
 * @param planHash SHA-256 of the plan, in hexadecimal digits
 */
public record CycleRecord(
    long cycle,
    long tick,
    BudgetInForce budget,
    SortedMap<String, Long> plannedBytes,
    long movedBytes,
    long freedBytes,
    ReplicaCounts replicas,
    long visible,
    long underFloor,
    long unreadable,
    long deferred,
    long shortfalls,
    long stuck,
    int laggingPortals,
    SortedMap<String, Integer> fill,
    String planHash) {
  /** Keeps copies of the maps. */
  public CycleRecord {
    Objects.requireNonNull(budget, "budget");
    plannedBytes = copyOf(plannedBytes);
    Objects.requireNonNull(replicas, "replicas");
    fill = copyOf(fill);
    Objects.requireNonNull(planHash, "planHash");
  }

  private static <V> SortedMap<String, V> copyOf(Map<String, V> map) {
    return java.util.Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
