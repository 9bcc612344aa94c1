package dev.stowage.lifecycle;

import dev.stowage.config.WeightPolicy;
import dev.stowage.model.DatasetId;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;

/**
 * The floor from which the chunks of a segment are raised (lifecycle design, section 3).
 *
 * @param from the start of the segment as the weight policy gives it ({@link WeightPolicy#from})
 * @param floor the least floor of its chunks since all of them had theirs
 */
public record FormerFloor(DatasetId dataset, long from, @Declare(least = 1) int floor) {
  /** The fields of the former floor of a segment. */
  static final Shape<FormerFloor> SHAPE = Shape.derived("former_floor", FormerFloor.class);
}
