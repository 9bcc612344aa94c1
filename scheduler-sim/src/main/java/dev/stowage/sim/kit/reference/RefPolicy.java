package dev.stowage.sim.kit.reference;

import dev.stowage.config.WeightPolicy;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import java.util.Comparator;
import java.util.List;
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
    long from = WeightPolicy.NO_SEGMENT;
    long end = last + 1;
    List<WeightPolicy.Segment> holding =
        fleet.config.weights().segments(chunk.key.dataset()).stream()
            .filter(it -> start(it, end) <= chunk.range.first())
            .sorted(Comparator.comparingLong(it -> start(it, end)))
            .toList();
    for (WeightPolicy.Segment segment : holding) {
      from = segment.from();
      floor = segment.floor().isPresent() ? segment.floor() : floor;
      max = segment.max().isPresent() ? segment.max() : max;
      Eligibility own = segment.eligibility();
      boolean isOfAny = own.minVersion().equals(WorkerVersion.ZERO);
      boolean isUnlabelled = own.requiredLabels().equals(Labels.NONE);
      ofSegment =
          new Eligibility(
              isOfAny ? ofSegment.minVersion() : own.minVersion(),
              isUnlabelled ? ofSegment.requiredLabels() : own.requiredLabels());
    }
    return new RefPolicy(
        new Segment(chunk.key.dataset(), from),
        floor.orElse(fleet.config.minReplication()),
        max.orElse(fleet.config.maxReplication()),
        eligibility.and(ofSegment));
  }

  private static long start(WeightPolicy.Segment segment, long end) {
    return segment.from() < 0 ? Math.max(0, end + segment.from()) : segment.from();
  }
}
