package dev.stowage.sim.kit.reference;

import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.placement.WeightPolicy;
import java.util.OptionalInt;

/**
 * The segment, floor, cap and eligibility of a chunk by its weight policy.
 *
 * @param segment the segment that claims it
 * @param floor the least replicas
 * @param cap the most replicas that weights can earn it
 * @param eligibility the requirements on its workers
 */
record RefPolicy(Segment segment, int floor, int cap, Eligibility eligibility) {
  /**
   * The chunks of a dataset that a segment claims.
   *
   * @param from its start as it is configured; {@link WeightPolicy#NO_SEGMENT} for the chunks
   *     before the first
   */
  record Segment(DatasetId dataset, long from) implements Comparable<Segment> {
    @Override
    public int compareTo(Segment other) {
      int byDataset = dataset.compareTo(other.dataset);
      return byDataset == 0 ? Long.compare(from, other.from) : byDataset;
    }
  }

  static RefPolicy of(RefFleet fleet, RefChunk chunk) {
    long last = -1;
    for (RefChunk other : fleet.chunks.values()) {
      boolean counts = other.isLive() && other.key.dataset().equals(chunk.key.dataset());
      last = counts ? Math.max(last, other.range.last()) : last;
    }
    OptionalInt floor = OptionalInt.empty();
    OptionalInt max = OptionalInt.empty();
    Eligibility eligibility = chunk.proposal.eligibility();
    Eligibility ofSegment = Eligibility.ANY;
    long latest = -1;
    long from = WeightPolicy.NO_SEGMENT;
    for (WeightPolicy.Segment segment : fleet.config.weights().segments(chunk.key.dataset())) {
      long start = segment.from() < 0 ? Math.max(0, last + 1 + segment.from()) : segment.from();
      if (start <= chunk.range.first() && start >= latest) {
        latest = start;
        from = segment.from();
        floor = segment.floor();
        max = segment.max();
        ofSegment = segment.eligibility();
      }
    }
    return new RefPolicy(
        new Segment(chunk.key.dataset(), from),
        floor.orElse(fleet.config.minReplication()),
        max.orElse(fleet.config.maxReplication()),
        eligibility.and(ofSegment));
  }
}
