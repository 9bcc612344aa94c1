package dev.stowage.sim.tool.report;

import dev.stowage.command.Result.BudgetInForce;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * @param chunks the number of chunks by what readers have of them
 * @param toGo copies that are on their way or wait for it, as {@code progress} counts them
 * @param deferred new chunks that the plan left out
 * @param shortfalls replicas that established chunks lack to their floor
 * @param stuck replicas that should leave their worker and cannot
 * @param leaving workers that are to leave and may not be stopped yet
 * @param laggingPortals portals that do not yet use the newest portal assignment
 * @param level the water level of each active worker, in millionths of its capacity
 * @param fill the bytes of each worker, draining ones included, in millionths of its capacity; a
 *     departed worker is absent
 * @param hottest the most reads of a worker before the cycle, in millionths of those it is rated
 *     for; 0 without readers
 * @param busy the links that carried half of what they can, or more, such as {@code uplink w1}
 * @param planHash the hash of the plan
 */
public record CycleRecord(
    long cycle,
    long tick,
    BudgetInForce budget,
    SortedMap<String, Long> plannedBytes,
    SortedMap<String, Long> arrivedBytes,
    long freedBytes,
    ReplicaCounts replicas,
    ChunkCounts chunks,
    long toGo,
    long deferred,
    long shortfalls,
    long stuck,
    long leaving,
    int laggingPortals,
    SortedMap<String, Integer> level,
    SortedMap<String, Integer> fill,
    int hottest,
    List<String> busy,
    String planHash) {
  /** Keeps copies of the maps. */
  public CycleRecord {
    plannedBytes = copyOf(plannedBytes);
    arrivedBytes = copyOf(arrivedBytes);
    level = copyOf(level);
    fill = copyOf(fill);
    busy = List.copyOf(busy);
  }

  /** Returns the bytes that workers downloaded since the cycle before. */
  public long movedBytes() {
    return arrivedBytes.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Reports whether no chunk is below its floor, without a place or out of sight, no replica waits
   * to be copied, released or drained, and nobody is to leave.
   */
  public boolean isWhole() {
    return unfinished().isEmpty();
  }

  /** Reports whether copies wait that the budget of the plan did not let go. */
  boolean isHeldBack() {
    return budget.bytes() < Long.MAX_VALUE && toGo + chunks.raising() > replicas.waiting();
  }

  /** Returns what is not as it should be, in words; empty if the fleet is whole. */
  public List<String> unfinished() {
    List<String> all = new ArrayList<>();
    add(all, chunks.unreadable(), "chunk", " unreadable");
    add(all, chunks.invisible(), "chunk", " not visible");
    add(all, chunks.underFloor(), "chunk", " below their floor");
    add(all, chunks.raising(), "chunk", " below a raised floor");
    add(all, deferred, "new chunk", " without a place");
    add(all, shortfalls, "replica", " of the floor missing");
    add(all, stuck, "replica", " stuck");
    add(all, toGo, "replica", " to copy");
    add(all, replicas.total() - replicas.confirmed() - replicas.waiting(), "replica", " to delete");
    add(all, leaving, "worker", " not safe to stop");
    return all;
  }

  private static void add(List<String> all, long count, String unit, String what) {
    if (count > 0) {
      all.add(NumberFormats.count(count, unit) + what);
    }
  }

  private static <V> SortedMap<String, V> copyOf(Map<String, V> map) {
    return java.util.Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
