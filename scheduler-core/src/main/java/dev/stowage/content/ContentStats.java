package dev.stowage.content;

import dev.stowage.pressure.PressureBand;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Counts since a scheduler was made or cleared, and how it stands. An immutable picture.
 *
 * @param byClass counts of every class
 * @param flows flows with something waiting, by class, those that began last first
 * @param inFlight items in flight that are remembered
 * @param waitingForRetry failed items that wait for their next attempt
 * @param timeRegressions how often a time was given that lay before an earlier one
 * @param evidenceKept records in the log's memory, of all engines that share it; 0 without a log
 * @param evidenceTrimmed records trimmed from it; 0 without a log
 * @param band the band in force at the latest time given
 */
public record ContentStats(
    Map<PriorityClass, ClassStats> byClass,
    Map<PriorityClass, List<FlowStats>> flows,
    int inFlight,
    int waitingForRetry,
    long timeRegressions,
    long evidenceKept,
    long evidenceTrimmed,
    PressureBand band) {
  /** Copies the maps. */
  public ContentStats {
    byClass = Collections.unmodifiableMap(new EnumMap<>(byClass));
    flows = Collections.unmodifiableMap(new EnumMap<>(flows));
  }

  /**
   * Counts of one class.
   *
   * @param pendingItems items that wait
   * @param pendingBytes their bytes
   * @param selected items that went out
   * @param selectedBytes their bytes
   * @param throttled answers "not now" while this class was the highest that waited
   * @param expired items dropped at their deadline
   * @param cancelled items cancelled while they waited or were in flight
   * @param shed items shed to make room
   * @param refused items that were not accepted
   * @param waits how long those that went out had waited
   */
  public record ClassStats(
      int pendingItems,
      long pendingBytes,
      long selected,
      long selectedBytes,
      long throttled,
      long expired,
      long cancelled,
      long shed,
      long refused,
      WaitHistogram waits) {}

  /**
   * How one flow stands in one class.
   *
   * @param tenant the tenant's name
   * @param named whether it is a stream
   * @param stream the stream's id
   * @param sentBytes what it sent since it became backlogged
   * @param deficitBytes what it may still send in its turn; below zero after a turn out of order
   */
  public record FlowStats(
      String tenant, boolean named, long stream, long sentBytes, long deficitBytes) {}

  /** Items that wait, in all. */
  public int pendingItems() {
    return byClass.values().stream().mapToInt(ClassStats::pendingItems).sum();
  }

  /** Items that went out, in all. */
  public long selected() {
    return byClass.values().stream().mapToLong(ClassStats::selected).sum();
  }
}
