package dev.stowage.model;

import java.util.Comparator;
import java.util.Objects;

/**
 * A worker as its host describes it. What it has registered and reported is lifecycle state, not
 * part of this description.
 *
 * @param id the worker's id
 * @param capacityBytes bytes it may hold, at least 0
 * @param zone its failure domain: a path of one or more levels, outermost first, separated by
 *     slashes ({@code eu-1/hall-b/rack-07}). A zone equal to the id says that it has none: it is a
 *     domain of its own at every level
 * @param version the version of its software
 * @param labels what it offers
 * @param status what may be done with it
 * @param maxReplicas how many replicas it may hold, in whatever state, at least 1: a second
 *     capacity, as hard as the bytes; {@link #UNLIMITED} for no such bound
 */
public record Worker(
    WorkerId id,
    long capacityBytes,
    String zone,
    WorkerVersion version,
    Labels labels,
    WorkerStatus status,
    int maxReplicas) {
  /** The {@link #maxReplicas} of a worker on which only bytes are counted. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Workers by id. */
  public static final Comparator<Worker> CANONICAL_ORDER = Comparator.comparing(Worker::id);

  /**
   * Refuses a negative capacity, a zone that is no name, or room for less than one replica with
   * {@link IllegalArgumentException}.
   */
  public Worker {
    Objects.requireNonNull(id, "id");
    Names.atLeast(capacityBytes, 0, "capacity in bytes");
    Names.checked(zone, "zone");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(status, "status");
    Names.atLeast(maxReplicas, 1, "max replicas");
  }

  /** An active worker without labels, of version 0.0.0, in a zone of its own. */
  public static Worker of(WorkerId id, long capacityBytes) {
    return new Worker(
        Objects.requireNonNull(id, "id"),
        capacityBytes,
        id.value(),
        WorkerVersion.ZERO,
        Labels.NONE,
        WorkerStatus.ACTIVE,
        UNLIMITED);
  }

  /** This worker with another capacity. */
  public Worker withCapacityBytes(long bytes) {
    return new Worker(id, bytes, zone, version, labels, status, maxReplicas);
  }

  /** The domain of the first level that it lies in: its zone, up to the first slash. */
  public String domain() {
    return domain(1);
  }

  /**
   * The domain of a level that it lies in: its zone up to that level. Where its path ends before,
   * or has an empty part, a name that no other worker has: it is a domain of its own.
   *
   * @param level 1 for the outermost, and so on; refused below with {@link
   *     IllegalArgumentException}
   */
  public String domain(int level) {
    Names.atLeast(level, 1, "level");
    int levels = levels();
    if (level == 1 && levels == 0 && zone.equals(id.value())) {
      return zone;
    }
    return level <= levels ? zone.substring(0, endOf(level)) : zone + "//" + id;
  }

  /** How many levels its zone has, up to the first empty part; 0 if it has no zone. */
  public int levels() {
    if (zone.equals(id.value())) {
      return 0;
    }
    int levels = 0;
    for (int from = 0; from <= zone.length(); levels++) {
      int slash = zone.indexOf('/', from);
      int end = slash < 0 ? zone.length() : slash;
      if (end == from) {
        break;
      }
      from = end + 1;
    }
    return levels;
  }

  /** Whether a zone is a path without an empty part; what every door refuses otherwise. */
  public static boolean isPath(String zone) {
    Objects.requireNonNull(zone, "zone");
    return !zone.startsWith("/") && !zone.endsWith("/") && !zone.contains("//");
  }

  private int endOf(int level) {
    int end = -1;
    for (int each = 0; each < level; each++) {
      int slash = zone.indexOf('/', end + 1);
      end = slash < 0 ? zone.length() : slash;
    }
    return end;
  }

  /** This worker in another zone. */
  public Worker withZone(String name) {
    return new Worker(id, capacityBytes, name, version, labels, status, maxReplicas);
  }

  /** This worker with another version. */
  public Worker withVersion(WorkerVersion other) {
    return new Worker(id, capacityBytes, zone, other, labels, status, maxReplicas);
  }

  /** This worker with other labels. */
  public Worker withLabels(Labels others) {
    return new Worker(id, capacityBytes, zone, version, others, status, maxReplicas);
  }

  /** This worker with another status. */
  public Worker withStatus(WorkerStatus other) {
    return new Worker(id, capacityBytes, zone, version, labels, other, maxReplicas);
  }

  /** This worker with room for so many replicas, or {@link #UNLIMITED}. */
  public Worker withMaxReplicas(int replicas) {
    return new Worker(id, capacityBytes, zone, version, labels, status, replicas);
  }

  /** Whether it may hold only so many replicas. */
  public boolean isLimited() {
    return maxReplicas != UNLIMITED;
  }
}
