package dev.stowage.sim.tool.report;

import dev.stowage.answer.Leaving;
import java.util.List;

/**
 * The statements of a run's last plan about the fleet, beside its figures. Immutable.
 *
 * @param groups the active workers by the water level that they share, the highest level first
 * @param domains the levels of the zone path whose domains are limited, outermost first
 * @param leaving the workers that are leaving, in order of id
 * @param stuck the replicas that should leave their worker and cannot, in canonical order
 */
public record LastPlan(
    List<Group> groups, List<DomainLimit> domains, List<Leaver> leaving, List<StuckReplica> stuck) {
  /** Copies the lists. */
  public LastPlan {
    groups = List.copyOf(groups);
    domains = List.copyOf(domains);
    leaving = List.copyOf(leaving);
    stuck = List.copyOf(stuck);
  }

  /** Returns the bytes of all stuck replicas; {@link Long#MAX_VALUE} if the sum overflows. */
  public long stuckBytes() {
    return bytesOf(stuck);
  }

  /** Returns the bytes of these replicas; {@link Long#MAX_VALUE} if the sum overflows. */
  public static long bytesOf(List<StuckReplica> replicas) {
    return replicas.stream()
        .map(each -> new Leaving.Part(1, each.sizeBytes()))
        .reduce(Leaving.Part.NONE, Leaving.Part::and)
        .bytes();
  }

  /** Returns the stuck replicas of one worker. */
  public List<StuckReplica> stuckOn(String worker) {
    return stuck.stream().filter(each -> each.worker().equals(worker)).toList();
  }

  /**
   * Active workers that share a water level.
   *
   * @param level the fill that each has in the most even distribution that can be reached, as a
   *     share of its capacity
   * @param workers how many they are
   * @param maxOverMeanFill fill of the fullest of them over their mean fill
   * @param minOverMeanFill fill of the emptiest of them over their mean fill
   */
  public record Group(double level, int workers, double maxOverMeanFill, double minOverMeanFill) {}

  /**
   * A level of the zone path whose domains may have only so many replicas of a chunk.
   *
   * @param level its number, 1 the outermost
   * @param domains how many domains it has that have a worker
   * @param most how many replicas of a chunk a domain may have
   * @param reached how many a domain has at the most
   */
  public record DomainLimit(int level, int domains, int most, int reached) {}

  /**
   * A worker that is leaving.
   *
   * @param worker its id
   * @param replicas what it still holds, in any state
   * @param bytes how much that is
   */
  public record Leaver(String worker, long replicas, long bytes) {}

  /**
   * A replica that should leave its worker and cannot, although no budget holds it back.
   *
   * @param chunk {@code dataset/chunk_id}
   * @param worker the id of the worker that it should leave
   * @param sizeBytes the size of the chunk
   * @param reason why it cannot, in lower case
   * @param eligibleWorkers active workers that may be given it and have no replica of it
   * @param mostRoomBytes the greatest free bytes on one of these, 0 if there is none
   */
  public record StuckReplica(
      String chunk,
      String worker,
      long sizeBytes,
      String reason,
      int eligibleWorkers,
      long mostRoomBytes) {}
}
