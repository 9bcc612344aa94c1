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
 * @param plannedBytes bytes that the plan adds, by the facade's cause; causes without bytes are
 *     absent
 * @param arrivedBytes bytes that workers downloaded since the cycle before, by cause; {@code
 *     repair} stands for all that replaces lost bytes
 * @param freedBytes bytes that workers deleted since the cycle before
 * @param replicas the number of replicas in each state
 * @param visible chunks that portals may see
 * @param underFloor visible chunks with fewer readable copies than their floor
 * @param unreadable visible chunks without a readable copy
 * @param deferred new chunks that the plan left out
 * @param shortfalls replicas that established chunks lack to their floor
 * @param stuck replicas that should leave their worker and cannot
 * @param leaving workers that are to leave and may not be stopped yet
 * @param laggingPortals portals that do not yet use the newest portal assignment
 * @param level the bytes of all active workers in millionths of their capacity
 * @param fill the bytes of each worker, draining ones included, in millionths of its capacity; a
 *     departed worker is absent
 * @param hottest the most reads of a worker before the cycle, in millionths of those it is rated
 *     for; 0 without readers
 * @param planHash SHA-256 of the plan, in hexadecimal digits
 */
public record CycleRecord(
    long cycle,
    long tick,
    BudgetInForce budget,
    SortedMap<String, Long> plannedBytes,
    SortedMap<String, Long> arrivedBytes,
    long freedBytes,
    ReplicaCounts replicas,
    long visible,
    long underFloor,
    long unreadable,
    long deferred,
    long shortfalls,
    long stuck,
    long leaving,
    int laggingPortals,
    int level,
    SortedMap<String, Integer> fill,
    int hottest,
    String planHash) {
  /** Keeps copies of the maps. */
  public CycleRecord {
    Objects.requireNonNull(budget, "budget");
    plannedBytes = copyOf(plannedBytes);
    arrivedBytes = copyOf(arrivedBytes);
    Objects.requireNonNull(replicas, "replicas");
    fill = copyOf(fill);
    Objects.requireNonNull(planHash, "planHash");
  }

  /** Returns the bytes that workers downloaded since the cycle before. */
  public long movedBytes() {
    return arrivedBytes.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Reports whether no chunk is below its floor or without a place, and no replica waits to be
   * copied, released or drained.
   */
  public boolean isWhole() {
    return underFloor + unreadable + deferred + shortfalls + stuck == 0
        && replicas.total() == replicas.confirmed();
  }

  private static <V> SortedMap<String, V> copyOf(Map<String, V> map) {
    return java.util.Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
