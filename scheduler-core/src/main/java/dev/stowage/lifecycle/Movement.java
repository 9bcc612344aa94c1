package dev.stowage.lifecycle;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a scheduling cycle did to replicas.
 *
 * @param added pairs that became assigned and must be downloaded
 * @param readopted superseded or draining replicas that became assigned again
 * @param superseded assigned replicas that are no longer wanted
 * @param preempted replicas deleted to make room for a starved floor
 * @param lastResort of these, the ones that a portal might still have asked for
 * @param settled replicas deleted because nobody may ask for them any more
 * @param bytesAddedByCause bytes of the added replicas, by cause
 */
public record Movement(
    int added,
    int readopted,
    int superseded,
    int preempted,
    int lastResort,
    int settled,
    SortedMap<String, Long> bytesAddedByCause) {
  /** Nothing. */
  public static final Movement NONE = new Movement(0, 0, 0, 0, 0, 0, Collections.emptySortedMap());

  /** Copies the map. */
  public Movement {
    bytesAddedByCause =
        Collections.unmodifiableSortedMap(
            new TreeMap<>(Objects.requireNonNull(bytesAddedByCause, "bytesAddedByCause")));
  }

  /** All bytes added. */
  public long bytesAdded() {
    return bytesAddedByCause.values().stream().mapToLong(Long::longValue).sum();
  }
}
