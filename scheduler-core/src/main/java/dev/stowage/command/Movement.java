package dev.stowage.command;

import dev.stowage.columns.SaturatedSum;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The changes that a scheduling cycle made to replicas, as counts, and added bytes by cause.
 *
 * @param added pairs that became assigned and must be downloaded
 * @param readopted superseded or draining replicas that became assigned again
 * @param preempted replicas deleted to make room for a starved floor
 * @param lastResort the preempted replicas that a portal might still have asked for
 * @param settled replicas deleted because no portal may ask for them any more
 */
public record Movement(
    int added,
    int readopted,
    int superseded,
    int preempted,
    int lastResort,
    int settled,
    SortedMap<String, Long> bytesAddedByCause) {
  /** No changes. */
  public static final Movement NONE = new Movement(0, 0, 0, 0, 0, 0, Collections.emptySortedMap());

  /** Copies the map; throws {@code NullPointerException} if it is null. */
  public Movement {
    bytesAddedByCause =
        Collections.unmodifiableSortedMap(
            new TreeMap<>(Objects.requireNonNull(bytesAddedByCause, "bytesAddedByCause")));
  }

  /** Returns the bytes of all added replicas, saturated. */
  public long bytesAdded() {
    return bytesAddedByCause.values().stream().reduce(0L, SaturatedSum::of);
  }
}
