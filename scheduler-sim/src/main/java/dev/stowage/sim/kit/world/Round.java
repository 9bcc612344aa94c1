package dev.stowage.sim.kit.world;

import dev.stowage.command.Result;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The events of one round of a world.
 *
 * @param tick the tick at which it ended
 * @param schedules the answers of its scheduling cycles, at least one
 * @param publications the answers of its visibility cycles, at least one
 * @param bytes the bytes that came and went
 * @param laggingPortals the portals that do not use the newest portal assignment
 * @param times the durations of its parts, which the seed does not determine
 */
public record Round(
    long tick,
    List<Result.Scheduled> schedules,
    List<Result.Published> publications,
    RoundBytes bytes,
    int laggingPortals,
    RoundTimes times) {
  /** Throws {@link IllegalArgumentException} if there is no cycle of one kind. */
  public Round {
    schedules = List.copyOf(schedules);
    publications = List.copyOf(publications);
    if (schedules.isEmpty() || publications.isEmpty()) {
      throw new IllegalArgumentException("a round has a cycle of each kind");
    }
  }

  /** Returns the bytes that came to workers. */
  public long movedBytes() {
    return bytes.moved();
  }

  /** Returns the answer of the last scheduling cycle. */
  public Result.Scheduled scheduled() {
    return schedules.get(schedules.size() - 1);
  }

  /** Returns the replicas that the scheduling cycles added. */
  public long added() {
    return schedules.stream().mapToLong(each -> each.movement().added()).sum();
  }

  /** Returns the bytes of the added replicas by cause, saturated. */
  public SortedMap<String, Long> bytesAddedByCause() {
    SortedMap<String, Long> sums = new TreeMap<>();
    schedules.forEach(each ->
        each.movement()
            .bytesAddedByCause()
            .forEach((cause, bytes) -> sums.merge(cause, bytes, Round::sum)));
    return sums;
  }

  /** Returns the number of swaps that fired. */
  public long fired() {
    return publications.stream().mapToLong(each -> each.fired().size()).sum();
  }

  /** Reports whether no cycle changed the fleet and no bytes moved. */
  public boolean isQuiet() {
    return bytes.moved() == 0
        && schedules.stream().noneMatch(Result.Scheduled::changed)
        && publications.stream().noneMatch(Result.Published::changed);
  }

  private static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }
}
