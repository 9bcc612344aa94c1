package dev.stowage.model;

import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Objects;

/**
 * Which workers may hold a chunk: those of at least a version that carry all required labels.
 *
 * @param minVersion the least version; {@link WorkerVersion#ZERO} restricts nothing
 * @param requiredLabels the labels a worker must carry
 */
public record Eligibility(WorkerVersion minVersion, Labels requiredLabels) {
  private static final Shape.Builder<Eligibility> FIELDS = Shape.named("eligibility");
  private static final ValueField<Eligibility, WorkerVersion> MIN_VERSION =
      FIELDS
          .value("min_version", Eligibility::minVersion, WorkerVersion.FORM)
          .orElse(WorkerVersion.ZERO);
  private static final ValueField<Eligibility, Labels> REQUIRED_LABELS =
      FIELDS
          .value("required_labels", Eligibility::requiredLabels, Labels.FORM)
          .atMost(Labels.MOST, "labels", labels -> labels.sorted().size())
          .orElse(Labels.NONE);

  /** The fields of a constraint. */
  public static final Shape<Eligibility> SHAPE =
      FIELDS.make(v -> shared(new Eligibility(MIN_VERSION.of(v), REQUIRED_LABELS.of(v))));

  /** Every worker may. */
  public static final Eligibility ANY = new Eligibility(WorkerVersion.ZERO, Labels.NONE);

  /** Refuses nulls. */
  public Eligibility {
    Objects.requireNonNull(minVersion, "minVersion");
    Objects.requireNonNull(requiredLabels, "requiredLabels");
  }

  /** Most chunks have no constraint: their rows share one object. */
  private static Eligibility shared(Eligibility read) {
    return read.equals(ANY) ? ANY : read;
  }

  /** Whether {@code worker} may hold what this constrains; its status is not looked at. */
  public boolean admits(Worker worker) {
    return worker.version().compareTo(minVersion) >= 0
        && worker.labels().containsAll(requiredLabels);
  }

  /** What both this and {@code other} ask for. */
  public Eligibility and(Eligibility other) {
    WorkerVersion version =
        minVersion.compareTo(other.minVersion) >= 0 ? minVersion : other.minVersion;
    java.util.List<String> labels = new java.util.ArrayList<>(requiredLabels.sorted());
    labels.addAll(other.requiredLabels.sorted());
    return new Eligibility(version, Labels.copyOf(labels));
  }
}
