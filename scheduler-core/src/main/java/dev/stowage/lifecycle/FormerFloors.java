package dev.stowage.lifecycle;

import dev.stowage.model.Chunk;
import dev.stowage.model.DatasetId;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Objects;

/**
 * The floors that a dataset had before they were raised (lifecycle design, section 3).
 *
 * @param standard the floor where the policy names none
 * @param policy the policy of the dataset
 */
public record FormerFloors(DatasetId dataset, int standard, WeightPolicy policy) {
  /** The fields of the floors of a dataset. */
  static final Shape<FormerFloors> SHAPE =
      Shape.of(
          "former_floors",
          row -> {
            var dataset = row.value("dataset", FormerFloors::dataset, DatasetId.FORM);
            var standard = row.number("standard", FormerFloors::standard).narrow().atLeast(1);
            var policy = row.value("policy", FormerFloors::policy, WeightPolicy.FORM);
            return v -> new FormerFloors(dataset.of(v), standard.intOf(v), policy.of(v));
          });

  /** Throws {@code NullPointerException} if a component is null. */
  public FormerFloors {
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(policy, "policy");
  }

  /** Returns the least of several floors of a chunk; {@code floor} without any. */
  public static int least(List<FormerFloors> all, Chunk chunk, long lastBlock, int floor) {
    int least = floor;
    for (FormerFloors each : all) {
      least = Math.min(least, each.policy.claim(chunk, lastBlock).floor().orElse(each.standard));
    }
    return least;
  }
}
