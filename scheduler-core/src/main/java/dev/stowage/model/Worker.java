package dev.stowage.model;

import java.util.Comparator;
import java.util.Objects;

/**
 * A worker as its host describes it. What it has registered and reported is lifecycle state, not
 * part of this description.
 *
 * @param id the worker's id
 * @param capacityBytes bytes it may hold, at least 0
 * @param zone its failure domain; a worker described without one is a zone of its own
 * @param version the version of its software
 * @param labels what it offers
 * @param status what may be done with it
 */
public record Worker(
    WorkerId id,
    long capacityBytes,
    String zone,
    WorkerVersion version,
    Labels labels,
    WorkerStatus status) {
  /** Workers by id. */
  public static final Comparator<Worker> CANONICAL_ORDER = Comparator.comparing(Worker::id);

  /**
   * Refuses a negative capacity or a zone that is no name with {@link IllegalArgumentException}.
   */
  public Worker {
    Objects.requireNonNull(id, "id");
    Names.atLeast(capacityBytes, 0, "capacity in bytes");
    Names.checked(zone, "zone");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(status, "status");
  }

  /** An active worker without labels, of version 0.0.0, in a zone of its own. */
  public static Worker of(WorkerId id, long capacityBytes) {
    return new Worker(
        id, capacityBytes, id.value(), WorkerVersion.ZERO, Labels.NONE, WorkerStatus.ACTIVE);
  }

  /** This worker with another capacity. */
  public Worker withCapacityBytes(long bytes) {
    return new Worker(id, bytes, zone, version, labels, status);
  }

  /** The domain of the first level that it lies in: its zone, up to the first slash. */
  public String domain() {
    int slash = zone.indexOf('/');
    return slash < 0 ? zone : zone.substring(0, slash);
  }

  /** This worker in another zone. */
  public Worker withZone(String name) {
    return new Worker(id, capacityBytes, name, version, labels, status);
  }

  /** This worker with another version. */
  public Worker withVersion(WorkerVersion other) {
    return new Worker(id, capacityBytes, zone, other, labels, status);
  }

  /** This worker with other labels. */
  public Worker withLabels(Labels others) {
    return new Worker(id, capacityBytes, zone, version, others, status);
  }

  /** This worker with another status. */
  public Worker withStatus(WorkerStatus other) {
    return new Worker(id, capacityBytes, zone, version, labels, other);
  }
}
