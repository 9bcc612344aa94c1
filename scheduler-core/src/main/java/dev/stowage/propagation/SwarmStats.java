package dev.stowage.propagation;

import java.util.Objects;

/**
 * What a swarm has seen.
 *
 * @param viewers members beside the broadcaster, lurkers among them
 * @param activeViewers those that are no lurkers
 * @param totalViewers how often somebody joined
 * @param peakViewers the most members at a time
 * @param refusedUpdates updates that the swarm did not take
 * @param topologyChanges how often a star became a tree or a tree a star
 * @param propagation what the scheduler did
 */
public record SwarmStats(
    int viewers,
    int activeViewers,
    long totalViewers,
    int peakViewers,
    long refusedUpdates,
    long topologyChanges,
    PropagationStats propagation) {
  /** Refuses nulls. */
  public SwarmStats {
    Objects.requireNonNull(propagation, "propagation");
  }
}
